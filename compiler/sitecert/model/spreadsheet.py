"""A team's table of sites, as it was read: texts, not yet understood."""

from __future__ import annotations

from dataclasses import dataclass

from sitecert.model.document import Place


@dataclass(frozen=True, slots=True)
class Row:
    """One row under the headings; `number` is the one that a spreadsheet shows, the headings' being 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its path, its headings and its rows, and how it was understood."""

    path: str
    headings: tuple[str, ...]
    heading_row: int
    rows: tuple[Row, ...]
    encoding: str
    delimiter: str

    def place(self, row: int, column: int = 0) -> Place:
        """Return the place of a cell: its row for the line, its column counted from 0 here, from 1 there."""
        return Place(self.path, row, column + 1)
