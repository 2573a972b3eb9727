"""Files that a person names on the command line."""

from __future__ import annotations

import sys
from pathlib import Path

STANDARD_INPUT = "-"
LARGEST_GIVEN = 1 << 20
"""Bytes: what a CA returns is some kilobytes."""


def read_given(path: Path) -> bytes:
    """Return a file's bytes (`-`: standard input's), at most one more than LARGEST_GIVEN; raises OSError."""
    if str(path) == STANDARD_INPUT:
        return sys.stdin.buffer.read(LARGEST_GIVEN + 1)
    with path.open("rb") as file:
        return file.read(LARGEST_GIVEN + 1)
