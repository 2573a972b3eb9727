"""A control group: all that a program starts, and the kernel's way to kill it at once."""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path
from typing import Self


@cache
def mounted() -> Path | None:
    """Return where control groups (version 2) are mounted, if they are."""
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, place, kind, options, *_ = line.split()
        if kind == "cgroup2" and "rw" in options.split(","):
            return Path(place)
    return None


class Group:
    """A control group of its own for one run; what is left in it at the end is killed."""

    def __init__(self) -> None:
        """Make it. Raise OSError where this user may not."""
        place = mounted()
        if place is None:
            raise OSError("control groups (version 2) are not mounted")
        self.path = place / f"supervised-{secrets.token_hex(8)}"
        self.path.mkdir()

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing."""
        self.kill()
        while "populated 1" in (self.path / "cgroup.events").read_text():
            continue
        self.path.rmdir()

    def kill(self) -> None:
        """Kill every process in it."""
        (self.path / "cgroup.kill").write_text("1")
