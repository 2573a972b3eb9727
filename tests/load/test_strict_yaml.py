"""Strict YAML: what is refused, where, and what is kept as it was written."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from sitecert.load import nodes
from sitecert.load.findings import MOST_SHOWN
from sitecert.load.strict_yaml import LARGEST_YAML, parse
from sitecert.model.document import Document, Mapping, Place, Scalar, Sequence
from sitecert.problems import Problem

PATH = "sites/park-nicollet.yaml"


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def _each_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run every test with libyaml's parser and with PyYAML's own."""
    monkeypatch.setattr(nodes, "PARSER", getattr(yaml, request.param))


def found(text: str | bytes) -> list[tuple[str, int, int, int]]:
    """Return code, line, column and width of each problem of a text."""
    content = text if isinstance(text, bytes) else text.encode()
    problems = parse(PATH, content)[1]
    return [(each.code, each.place.line, each.place.column, each.place.width) for each in problems]


def document(text: str) -> Document:
    """Return a text that has no problem as a document."""
    parsed, problems = parse(PATH, text.encode())
    assert problems == ()
    assert parsed is not None
    return parsed


def plain(node: Any) -> Any:
    """Return a node as dicts, lists and texts."""
    if isinstance(node, Mapping):
        return {entry.key.text: plain(entry.value) for entry in node.entries}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.text


@pytest.mark.parametrize(
    "text",
    [
        "8.10",
        "NO",
        "no",
        "2026-01-01",
        "012",
        "1:30",
        "0x1F",
        "1e3",
        "3.10",
        "on",
        "~",
        "",
        "null",
        ".inf",
        "=",
    ],
)
def test_scalars_keep_the_text_that_was_written(text: str) -> None:
    """Nothing becomes a number, a date, a boolean or nothing."""
    value = document(f"a: {text}\nb: '{text}'\n").root
    assert value.get("a") == Scalar(
        text, plain=True, place=Place(PATH, 1, 4 if text else 3, max(1, len(text)))
    )
    quoted = value.get("b")
    assert isinstance(quoted, Scalar)
    assert (quoted.text, quoted.plain, quoted.place.width) == (text, False, len(text) + 2)


def test_places_count_characters_not_bytes() -> None:
    """Columns and widths are in characters, from 1."""
    root = document('é: [ü, "😀x", {k: v}]  # comment\n').root
    (entry,) = root.entries
    assert isinstance(entry.value, Sequence)
    assert entry.key.place == Place(PATH, 1, 1, 1)
    assert entry.value.place == Place(PATH, 1, 4, 17)
    assert [item.place for item in entry.value.items] == [
        Place(PATH, 1, 5, 1),
        Place(PATH, 1, 8, 4),
        Place(PATH, 1, 14, 6),
    ]


def test_a_value_over_several_lines_is_placed_on_its_first() -> None:
    """Block scalars, folded text and block lists have the width of what stands in their first line."""
    root = document("a: |  \n  one\n  two\nb: one\n  two\nc:\n  - x\n  - yy\n").root
    assert plain(root) == {"a": "one\ntwo\n", "b": "one two", "c": ["x", "yy"]}
    assert [entry.value.place for entry in root.entries] == [
        Place(PATH, 1, 4, 1),
        Place(PATH, 4, 4, 3),
        Place(PATH, 7, 3, 3),
    ]


def test_windows_line_ends_are_read_as_line_ends() -> None:
    """A file with CRLF says the same as with LF."""
    windows, unix = document("a: 1\r\nb:\r\n  - c\r\n"), document("a: 1\nb:\n  - c\n")
    assert windows == unix


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        # encoding
        (b"a: 1\nb: \xe9", [("SC001", 2, 4, 1)]),
        (b"a: \xed\xa0\x80", [("SC001", 1, 4, 1)]),
        (b"\xef\xbb\xbfa: b\nc: \xe9", [("SC001", 2, 4, 1)]),
        (b"\xef\xbb\xbfa: 1\n", [("SC001", 1, 1, 1)]),
        ("a: 1\n".encode("utf-16"), [("SC001", 1, 1, 1)]),
        # characters
        ("a: x\x00y\nb: \x07\x07\n", [("SC004", 1, 5, 1), ("SC004", 2, 4, 2)]),
        ("a: x\u202ey # \u200b\n", [("SC004", 1, 5, 1), ("SC004", 1, 10, 1)]),
        ("a:\u00a0b\n", [("SC004", 1, 3, 1)]),
        ("a: b\u2028c\n", [("SC004", 1, 5, 1)]),
        ("a: b\u0085c\n", [("SC004", 1, 5, 1)]),
        ("a: b\ufdd0\U0001ffff\ufeff\n", [("SC004", 1, 5, 1), ("SC004", 1, 6, 1), ("SC004", 1, 7, 1)]),
        ("a: b\u3164\ufe0f\U000e0041\n", [("SC004", 1, 5, 1), ("SC004", 1, 6, 1), ("SC004", 1, 7, 1)]),
        ("a: b\rc: d\n", [("SC004", 1, 5, 1)]),
        ('a: "\\u202e"\n', [("SC004", 1, 4, 8)]),
        ('a: "\\t\\0"\n', [("SC004", 1, 4, 6), ("SC004", 1, 4, 6)]),
        ("a:\tb\n\tc: d\n", [("SC005", 1, 3, 1), ("SC005", 2, 1, 1)]),
        ("a: cafe\u0301\n", [("SC006", 1, 7, 1)]),
        ('a: "e\\u0301"\n', [("SC006", 1, 4, 9)]),
        # size and depth
        (b"a" * (LARGEST_YAML + 1), [("SC002", 1, 1, 1)]),
        ("[" * 200_000, [("SC003", 1, 17, 1)]),
        ('["]",' * 50_000, [("SC003", 1, 81, 1)]),
        ("- " * 100_000, [("SC003", 1, 33, 1)]),
        ("a: " + "{a: " * 50_000, [("SC003", 1, 64, 1)]),
        ("".join(" " * level + "a:\n" for level in range(300)), [("SC003", 17, 17, 1)]),
        # syntax
        ("a: 'b\nc: d\n", [("SC007", 1, 4, 1)]),
        ("a: [b, c\nd: e\n", [("SC007", 1, 4, 1)]),
        ("a: {b: c]\n", [("SC007", 1, 4, 1)]),
        ("a: b: c\n", [("SC007", 1, 5, 1)]),
        ("a: 1\nb\n", [("SC007", 2, 1, 1)]),
        ("a: @b\n", [("SC007", 1, 4, 1)]),
        ("a: b\n c: d\n", [("SC007", 2, 3, 1)]),
        ("a:\n  - b\n - c\n", [("SC007", 3, 2, 1)]),
        ('a: "\\U99999999"\n', [("SC007", 1, 7, 1)]),
        # structure
        ("a: 1\nb: 2\na: 3\nb: 4\n'a': 5\n", [("SC008", 3, 1, 1), ("SC008", 4, 1, 1), ("SC008", 5, 1, 3)]),
        ("a: {b: 1, b: 2}\n", [("SC008", 1, 11, 1)]),
        ("a: &x b\nc: *x\nd: [*x]\n", [("SC010", 1, 4, 4), ("SC009", 2, 4, 2), ("SC009", 3, 5, 2)]),
        ("a: &x [*x]\n", [("SC010", 1, 4, 4), ("SC009", 1, 8, 2)]),
        ("<<: {a: b}\n", [("SC011", 1, 1, 2)]),
        ("a: !!str b\nc: !x [d]\ne: ! f\n", [("SC012", 1, 4, 7), ("SC012", 2, 4, 4), ("SC012", 3, 4, 3)]),
        ("%YAML 1.1\n---\na: 1\n", [("SC013", 1, 1, 9)]),
        ("a: 1\n---\nb: 2\n", [("SC014", 2, 1, 3)]),
        ("? [a]\n: b\n{c: d}: e\n?\n: f\n", [("SC015", 1, 3, 3), ("SC015", 3, 1, 6), ("SC015", 4, 2, 1)]),
        ("", [("SC016", 1, 1, 1)]),
        ("# nothing\n\n", [("SC016", 1, 1, 1)]),
        ("---\n", [("SC016", 1, 4, 1)]),
        ("- a\n", [("SC016", 1, 1, 3)]),
        ("park nicollet\n", [("SC016", 1, 1, 13)]),
    ],
)
def test_problems_have_a_code_and_a_place(
    text: str | bytes, problems: list[tuple[str, int, int, int]]
) -> None:
    """Each kind of trap is a problem of its own code, where it stands."""
    assert found(text)[: len(problems)] == problems


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("a: \u202e1\na: 2\nb: *x\n", ["SC004", "SC008", "SC009"]),
        ("a: !t &x 1\n\ta: 2\n", ["SC010", "SC012", "SC005"]),
    ],
)
def test_problems_are_found_all_at_once(text: str, codes: list[str]) -> None:
    """A strange character hides no other problem."""
    assert sorted(code for code, *_ in found(text)) == sorted(codes)


@pytest.mark.parametrize(
    "text", ["a: 1\na: 2\n", "a: &x 1\n", "a: !x 1\n", "a: 1\u200b\n", "a: 1\n---\n- b\n"]
)
def test_a_document_with_mendable_problems_can_be_looked_at_further(text: str) -> None:
    """The first of two keys, and values without their anchors and tags, are there for the schema to see."""
    parsed, problems = parse(PATH, text.encode())
    assert problems
    assert parsed is not None
    value = parsed.root.get("a")
    assert isinstance(value, Scalar)
    assert value.text.strip() == "1"


@pytest.mark.parametrize("text", ["a: *x\n", "<<: {a: b}\n", "[a]: b\n", "a: [\n"])
def test_a_document_that_is_not_whole_is_none(text: str) -> None:
    """Where a value is not known there is nothing to look at further."""
    assert parse(PATH, text.encode())[0] is None


def test_a_flood_of_problems_is_cut_off_and_says_so() -> None:
    """The first hundred problems are shown, and how many more there are."""
    problems = parse(PATH, b"a: 1\n" * 1000)[1]
    assert len(problems) == MOST_SHOWN + 1
    assert (problems[-1].code, problems[-1].message) == ("SC017", "899 more problems in this file")


def test_problems_carry_their_site() -> None:
    """A site's problem stops only that site; the repository's stops all."""
    assert [each.site for each in parse(PATH, b"a: [", site="park-nicollet")[1]] == ["park-nicollet"]
    assert [each.site for each in parse("sitecert.yaml", b"\xff")[1]] == [None]


def sole(text: str) -> Problem:
    """Return the one problem of a text."""
    (problem,) = parse(PATH, text.encode())[1]
    return problem


def test_messages_say_what_is_wrong_in_plain_words() -> None:
    """No message speaks of tokens, scalars or streams."""
    assert sole("customer: 'x\n").message == "the quote that opens here is not closed"
    assert sole("a: %x\n").message == "no value begins with %"
    assert sole("customer: 1\ncustomer: 2\n").message == '"customer" is written twice, first in line 1'
    assert sole("a: !!str b\n").message == '"!!str" is a tag, which is not allowed'
    assert sole("a: x\u202ey\n").message == "U+202E RIGHT-TO-LEFT OVERRIDE is not allowed"
    assert sole("a: e\u0301\n").hint == "type U+00E9 LATIN SMALL LETTER E WITH ACUTE"
