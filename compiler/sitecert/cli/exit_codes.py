"""Exit codes, the same for every command (docs/design.md section 5)."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's exit code says."""

    FINE = 0
    PROBLEM = 1
    DUE = 2
    USAGE = 3
