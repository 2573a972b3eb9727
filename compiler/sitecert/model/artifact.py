"""Files to be written, and how they differ from what is there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of `out/`: its path relative to the repository's root, with `/`, and its bytes."""

    path: str
    content: bytes


class Verb(StrEnum):
    """What compile does to a file, as `plan` shows it."""

    MAKE = "+"
    CHANGE = "~"
    REMOVE = "-"
    REPLACE = "-/+"


@dataclass(frozen=True, slots=True)
class Change:
    """One file that compile makes, changes, removes or replaces, and why (a short clause)."""

    verb: Verb
    path: str
    why: str
