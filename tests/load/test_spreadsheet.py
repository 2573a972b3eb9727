"""Spreadsheets as Excel, LibreOffice and hands save them."""

from __future__ import annotations

import csv
import io
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitecert.load.spreadsheet import MOST_COLUMNS, MOST_ROWS, read_sheet
from sitecert.model.spreadsheet import Sheet
from sitecert.problems.codes.files import STRANGE_CHARACTER
from sitecert.problems.codes.spreadsheet import CELL

TEXT = "Common Name,City\nwéb.example.org,Zürich\n"


def sheet(content: bytes) -> Sheet:
    """Return a sheet that has no problem."""
    found, problems = read_sheet("t.csv", content)
    assert found is not None
    assert problems == ()
    return found


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("cp1252", b""),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_what_spreadsheets_save_is_read(encoding: str, mark: bytes, delimiter: str, ending: str) -> None:
    """Excel writes UTF-16 with tabs, semicolons in Europe, and Windows-1252 unless told otherwise."""
    text = TEXT.replace(",", delimiter).replace("\n", ending)
    found = sheet(mark + text.encode(encoding))
    assert found.headings == ("Common Name", "City")
    assert [(row.number, row.cells) for row in found.rows] == [(2, ("wéb.example.org", "Zürich"))]
    assert found.delimiter == delimiter


def test_a_line_that_names_the_delimiter_is_no_row() -> None:
    """Excel writes it, and does not count it."""
    found = sheet(b"sep=;\r\na,b;c\r\n1;2\r\n")
    assert (found.headings, found.rows[0].number) == (("a,b", "c"), 2)


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    """Blank rows count, and a cell of several lines is in one row."""
    found = sheet(b'cn,san\n\na.example.org,"b.example.org\nc.example.org"\n,\nd.example.org,\n')
    assert [row.number for row in found.rows] == [3, 5]
    assert found.rows[0].cells[1] == "b.example.org\nc.example.org"


def test_cells_are_tidied() -> None:
    """White space around, spaces that do not break, letters in two pieces."""
    assert sheet("cn\n \u00a0Zu\u0308rich\u00a0Nord \n".encode()).rows[0].cells == ("Z\u00fcrich Nord",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no row"),
        (b"cn\n\n", "no row"),
        (b"PK\x03\x04rest", "a workbook (.xlsx or .ods), not CSV"),
        (b"\xd0\xcf\x11\xe0rest", "a workbook (.xls), not CSV"),
        (b"cn\n\x81\x8d\n", "is text in none of"),
        ("cn\nx\n".encode("utf-16-le"), "is text in none of"),
        (b'cn\n"a\n', "is no CSV"),
        (b'cn\n"a"b\n', "is no CSV"),
        (b"sep=|\ncn|x\n", "names no delimiter that is read"),
        (b"cn\n" + b"x" * (1 << 20), "more than 1 MiB"),
        (b"cn\n" + b"x" * 200_000, "is no CSV"),
        (b"cn\n" + b"x\n" * (MOST_ROWS + 1), "more than 5000 rows"),
        (b"cn" + b",x" * MOST_COLUMNS + b"\nx\n", "200 columns"),
    ],
)
def test_what_is_no_csv_is_refused(content: bytes, words: str) -> None:
    """With the reason; nothing is guessed."""
    found, (problem,) = read_sheet("t.csv", content)
    assert found is None
    assert problem.code == "SC820"
    assert words in problem.message


def test_damage_is_told_at_its_row() -> None:
    """Quotes that do not close where they should."""
    _, (problem,) = read_sheet("t.csv", b'cn,x\na,b\n"c"d,e\n')
    assert problem.place.line == 3


def test_cells_that_cannot_be_meant() -> None:
    """Characters that do not show, and values under no heading, each at its row and column."""
    found, problems = read_sheet("t.csv", "cn,city\na.example.org\u202e,x,stray\n".encode())
    assert found is not None
    assert [(each.code, each.place.line, each.place.column) for each in problems] == [
        (STRANGE_CHARACTER.code, 2, 1),
        (CELL.code, 2, 3),
    ]


@given(st.binary(max_size=300))
def test_any_bytes_give_a_sheet_or_problems(content: bytes) -> None:
    """Never an exception."""
    found, problems = read_sheet("t.csv", content)
    assert found is not None or problems


CELLS = st.text(alphabet=st.characters(categories=("L", "N", "P", "S"), exclude_characters="\0"), max_size=8)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=2, max_size=5),
    st.sampled_from([",", ";", "\t"]),
)
def test_cells_come_back(rows: list[list[str]], delimiter: str) -> None:
    """Whatever a spreadsheet quotes, once it is understood with the delimiter it names."""
    rows = [[f"a{cell}b" for cell in row] for row in rows]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    found, _ = read_sheet("t.csv", f"sep={delimiter}\r\n{text.getvalue()}".encode())
    assert found is not None
    assert [list(found.headings), *(list(row.cells) for row in found.rows)] == [
        [normalize("NFC", cell) for cell in row] for row in rows
    ]
