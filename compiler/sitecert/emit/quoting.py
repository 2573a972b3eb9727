"""The one way by which a value enters a shell script."""

from __future__ import annotations

import re
import shlex

_PRINTABLE_ASCII = re.compile(r"[\x20-\x7e]*")


def shell(value: str) -> str:
    """Return `value` as one word of POSIX shell.

    Raises ValueError for anything but printable ASCII: scripts are read by shells in any locale, and a
    line end would break out of a comment.
    """
    if not _PRINTABLE_ASCII.fullmatch(value):
        raise ValueError(f"not printable ASCII, and so not for a shell script: {value!r}")
    return shlex.quote(value)
