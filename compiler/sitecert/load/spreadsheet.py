"""Read a spreadsheet that was saved as CSV: its encoding, its delimiter, its rows (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from unicodedata import normalize

from sitecert.load.characters import describe, is_strange
from sitecert.load.given import LARGEST_GIVEN
from sitecert.model.document import Place
from sitecert.model.spreadsheet import Row, Sheet
from sitecert.problems import Problem
from sitecert.problems.codes.files import STRANGE_CHARACTER
from sitecert.problems.codes.spreadsheet import CELL, UNREADABLE_SHEET
from sitecert.problems.wording import quoted

MOST_ROWS = 5000
MOST_COLUMNS = 200
DELIMITERS = (",", ";", "\t")
SEPARATOR_LINE = "sep="
"""What Excel writes, and reads, as a first line that names the delimiter."""

BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
WORKBOOKS = ((b"PK\x03\x04", "a workbook (.xlsx or .ods)"), (b"\xd0\xcf\x11\xe0", "a workbook (.xls)"))
WITHOUT_MARK = ("utf-8", "cp1252")
NO_BREAK_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2007"), " ")


class SheetError(Exception):
    """A file that is no CSV; the text is a clause, `row` the row where that shows."""

    def __init__(self, clause: str, row: int = 1) -> None:
        """Keep where it shows."""
        super().__init__(clause)
        self.row = row


def read_sheet(path: str, content: bytes) -> tuple[Sheet | None, tuple[Problem, ...]]:
    """Return the table that a CSV file holds, and every problem of its cells; None where it is none.

    Cells come in normal form C, without white space around, and with ordinary spaces in the place of
    those that do not break, which spreadsheets put in without being asked.
    """
    try:
        text, encoding = _decode(content)
        delimiter, text = _delimiter(text)
        records = list(_records(text, delimiter))
    except SheetError as error:
        return None, (UNREADABLE_SHEET.at(Place(path, error.row, 1), str(error)),)
    if len(records) < 2:  # noqa: PLR2004 - the headings, and a row
        return None, (UNREADABLE_SHEET.at(Place(path, 1, 1), "there is no row under the headings"),)
    head, *rows = records
    if len(head.cells) > MOST_COLUMNS:
        message = f"the file has more than {MOST_COLUMNS} columns"
        return None, (UNREADABLE_SHEET.at(Place(path, head.number, 1), message),)
    width = len(head.cells)
    sheet = Sheet(path, head.cells, head.number, tuple(rows), encoding, delimiter)
    strange = [problem for row in records for problem in _strange(sheet, row)]
    return sheet, (*strange, *(problem for row in rows for problem in _without_heading(sheet, row, width)))


def _decode(content: bytes) -> tuple[str, str]:
    if len(content) > LARGEST_GIVEN:
        raise SheetError("the file has more than 1 MiB, which is the most allowed")
    for mark, what in WORKBOOKS:
        if content.startswith(mark):
            raise SheetError(f"the file is {what}, not CSV")
    marked = next((encoding for mark, encoding in BYTE_ORDER_MARKS if content.startswith(mark)), None)
    for encoding in (marked,) if marked else WITHOUT_MARK:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text, encoding
    raise SheetError("the file is text in none of UTF-8, UTF-16 with a byte order mark, and Windows-1252")


def _delimiter(text: str) -> tuple[str, str]:
    """Return the delimiter and the text without a line that only names it."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith(SEPARATOR_LINE) and len(first.strip()) <= len(SEPARATOR_LINE) + 1:
        named = first.rstrip("\r")[len(SEPARATOR_LINE) :]
        if named in DELIMITERS:
            return named, rest
        raise SheetError(f"{quoted(first.strip())} names no delimiter that is read: they are , ; and tab")
    counts = {each: max((len(row.cells) for row in _head(text, each)), default=0) for each in DELIMITERS}
    return max(DELIMITERS, key=lambda each: counts[each]), text


def _head(text: str, delimiter: str) -> Iterator[Row]:
    """Yield the first record that says something, as a delimiter divides it."""
    try:
        yield next(_records(text, delimiter))
    except (SheetError, StopIteration):
        return


def _records(text: str, delimiter: str) -> Iterator[Row]:
    """Yield every record that is not blank, with its number; raises SheetError where quotes are wrong."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = tuple(map(_tidy, next(reader)))
        except StopIteration:
            return
        except csv.Error as error:
            raise SheetError(f"the row is no CSV: {error}", number) from error
        if number > MOST_ROWS:
            raise SheetError(f"the file has more than {MOST_ROWS} rows", number)
        if any(cells):
            yield Row(number, cells)


def _tidy(cell: str) -> str:
    return normalize("NFC", cell.translate(NO_BREAK_SPACES)).strip()


def _strange(sheet: Sheet, row: Row) -> Iterator[Problem]:
    """Yield a problem for each cell with a character that a reader cannot see for what it is."""
    for column, cell in enumerate(row.cells):
        found = next((each for each in cell if is_strange(each) and each not in "\t\r"), None)
        if found is not None:
            message = f"row {row.number}: {describe(found)} is not allowed"
            yield STRANGE_CHARACTER.at(sheet.place(row.number, column), message)


def _without_heading(sheet: Sheet, row: Row, width: int) -> Iterator[Problem]:
    """Yield a problem for each value to the right of the last heading."""
    for column, cell in enumerate(row.cells[width:], width):
        if cell:
            message = f"row {row.number}: {quoted(cell)} stands under no heading"
            yield CELL.at(sheet.place(row.number, column), message)
