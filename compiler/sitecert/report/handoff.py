"""What was handed over, and what comes next on the server."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

SHEET = ".md"
SCRIPT = ".sh"


def pack_lines(
    output: str, folder: str | None, names: Iterable[str], target: str, *, has_key: bool
) -> tuple[str, ...]:
    """Return what was made and what to type on the target, in lines.

    `folder` is what a tar unpacks to; None where the pack is a folder itself.
    """
    names = tuple(names)
    unpack = () if folder is None else (f"  tar xf {shlex.quote(output.rpartition('/')[2])} && cd {folder}",)
    asks = "     # asks for the passphrase; changes nothing" if has_key else "     # changes nothing"
    scripts = [name for name in names if name.endswith(SCRIPT)]
    runs = [line for name in scripts for line in (f"  sh {name} check{asks}", f"  sh {name} apply")]
    sheets = [f"  then follow {name}" for name in names if name.endswith(SHEET) and not scripts]
    return (
        f"made {output}: {', '.join(names)}",
        "Take it there by a protected channel, not by e-mail. "
        + ("Its passphrase goes by another way than the pack." if has_key else "It holds no private key."),
        f"On {'the load balancer' if target == 'load-balancer' else target}, as root, in its folder:",
        *unpack,
        "  sha256sum -c SHA256SUMS",
        *runs,
        *sheets,
    )
