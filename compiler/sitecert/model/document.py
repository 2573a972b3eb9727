"""What a YAML file says, with the place of every value: the output of `load`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A span on one line of a file.

    `path` is relative to the repository's root, with `/`. `line` and `column` count from 1, in
    characters; `width` is the length of the span in characters, at least 1.
    """

    path: str
    line: int
    column: int
    width: int = 1


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as it was written: `8.10` stays `8.10`, `NO` stays `NO`.

    `plain` is true where the value stood without quotes; only a plain `true` or `false` is a boolean,
    only a plain empty value is nothing.
    """

    text: str
    plain: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    """One `key: value` of a mapping."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping; its keys are unique (the loader refuses a key written twice)."""

    entries: tuple[Entry, ...]
    place: Place

    def get(self, key: str) -> Node | None:
        """Return the value of `key`, or None where the mapping does not have it."""
        return next((entry.value for entry in self.entries if entry.key.text == key), None)


Node: TypeAlias = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML file: its path, its text (for showing a line of it) and the mapping at its top."""

    path: str
    text: str
    root: Mapping
