"""Which generation had a public key, in the history of HEAD."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from sitecert.model.layout import MANIFEST, OUTPUT
from sitecert.model.verdict import KeyHolder

GENERATION = re.compile(rf"{OUTPUT}/(?P<site>.+)/generation-(?P<number>[0-9]+)/{MANIFEST}")
LONGEST_SEARCH = 20
"""Seconds that git may take to look through its history."""


def find_committed_key(root: Path, spki_sha256: str) -> KeyHolder | None:
    """Return the generation whose record names a public key in the history of HEAD, and the commit.

    Of several commits it is the oldest: the one with which the key came. None where git does not know
    the key, where there is no git or no commit, or where the search takes too long.
    """
    try:
        # GitPython looks for git's program when it is imported, which takes longer than most runs.
        from git import Git, GitError  # noqa: PLC0415 - see above
    except ImportError:
        return None
    options = ["--format=%x00%H", "--name-only", "--no-renames", "--diff-filter=AM", "--relative"]
    records = f":(glob){OUTPUT}/**/generation-*/{MANIFEST}"
    # GitPython cannot break off a command on Windows.
    bound = {} if sys.platform == "win32" else {"kill_after_timeout": LONGEST_SEARCH}
    try:
        found = str(Git(root).log(f"-S{spki_sha256}", *options, "--", records, **bound))
    except (GitError, OSError):
        return None
    for each in reversed(found.split("\0")):
        commit, *paths = each.split()
        for path in paths:
            match = GENERATION.fullmatch(path)
            if match:
                return KeyHolder(match["site"], int(match["number"]), commit)
    return None
