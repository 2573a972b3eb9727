"""Raising `key.generation` in a site's text: in every form that a person may have given it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitecert.fleet.renewal import raise_generation
from sitecert.load.strict_yaml import parse
from sitecert.model.document import Mapping, Scalar

HEAD = "# who\ncustomer: Lakes\n"


def raised(source: str, number: int = 3) -> str:
    """Return a text with its generation raised."""
    document, problems = parse("x.yaml", source.encode())
    assert document is not None, problems
    return raise_generation(source, document.root, number)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("key: {generation: 2}\n", "key: {generation: 3}\n"),
        ("key: {generation: 2} # two\n", "key: {generation: 3} # two\n"),
        (
            "key:\n  generation: 2  # two\n  security: high\n",
            "key:\n  generation: 3  # two\n  security: high\n",
        ),
        ("'key': {'generation' : 2 ,security: high}\n", "'key': {'generation' : 3 ,security: high}\n"),
        ("key: {\n  security: high, # h\n  generation:\n    99\n}\n", None),
        ("key: {}\n", "key: {generation: 3}\n"),
        ("key: { }\n", "key: {generation: 3 }\n"),
        ("key: {security: high}\n", "key: {generation: 3, security: high}\n"),
        ("key: { security: high,}\n", "key: {generation: 3, security: high,}\n"),
        ("key: {\n  security: high # h\n}\n", "key: {generation: 3,\n  security: high # h\n}\n"),
        ("key:\n  security: high # h\n", "key:\n  security: high # h\n  generation: 3\n"),
        (
            "key:\n    security: high\nversion: 8.1\n",
            "key:\n    security: high\n    generation: 3\nversion: 8.1\n",
        ),
        (
            "key:\n  custody: server\n  # why\n\n# end\n",
            "key:\n  custody: server\n  generation: 3\n  # why\n\n# end\n",
        ),
        ("key:\n  security: high", "key:\n  security: high\n  generation: 3"),
        ("version: 8.1\n", "version: 8.1\nkey: {generation: 3}\n"),
        ("version: 8.1", "version: 8.1\nkey: {generation: 3}"),
        ("version: 8.1\n\n\n", "version: 8.1\nkey: {generation: 3}\n\n\n"),
        (
            "waive:\n  - code: SC204\n# the end\n",
            "waive:\n  - code: SC204\n# the end\nkey: {generation: 3}\n",
        ),
    ],
)
def test_only_the_generation_changes(before: str, after: str | None) -> None:
    """Comments, order, quotes and spaces stay where they are."""
    expected = after if after is not None else before.replace("99", "3")
    assert raised(HEAD + before) == HEAD + expected


def test_a_mapping_in_braces_at_the_top() -> None:
    """Everything in one line is YAML as well."""
    assert raised("{customer: Lakes}\n") == "{key: {generation: 3}, customer: Lakes}\n"


def test_an_indented_file_keeps_its_indent() -> None:
    """What is added stands under the others."""
    assert raised("  customer: Lakes\n") == "  customer: Lakes\n  key: {generation: 3}\n"


@pytest.mark.parametrize("text", ["key:\n  security: high\nversion: 8.1\n", "version: 8.1\n", "key: {}\n"])
def test_line_ends_of_windows_stay(text: str) -> None:
    """A new line ends as the others do."""
    after = raised(text.replace("\n", "\r\n"))
    assert after == raised(text).replace("\n", "\r\n")


@given(
    st.text(alphabet="é😀a ", max_size=6),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(1, 10**5),
    st.sampled_from(["{generation: 7}", "{security: high}", "\n  generation: 7", "\n  custody: server"]),
)
def test_what_is_raised_reads_back(comment: str, ending: str, number: int, key: str) -> None:
    """Whatever stands around it, in characters of any width."""
    lines = (f"# {comment}", f"customer: 'x{comment}x'", f"key: {key} # {comment}", "version: 8.1", "")
    source = "\n".join(lines).replace("\n", ending)
    document, _ = parse("x.yaml", raised(source, number).encode())
    assert document is not None
    mapping = document.root.get("key")
    assert isinstance(mapping, Mapping)
    assert isinstance(generation := mapping.get("generation"), Scalar)
    assert generation.text == str(number)
    assert [each.key.text for each in document.root.entries] == ["customer", "key", "version"]
