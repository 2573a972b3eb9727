"""Strict YAML under random input: never an exception, never silence."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sitecert.load import nodes
from sitecert.load.data import read_schema
from sitecert.load.strict_yaml import parse
from sitecert.model.document import Entry, Mapping, Node, Scalar
from sitecert.problems import errors
from sitecert.validate.schema import Validator

SITE = """\
# yaml-language-server: $schema=../schema/site.schema.json
customer: Park Nicollet Health Services
version: 8.10
common_name: smartweb.parknicollet.com
alt_names: [smartweb-dr.parknicollet.com, 192.0.2.10]
load_balancer: {vendor: f5, name: "vs_smartweb_443"}
servers:
  - spokwb1.parknicollet.com
  - {name: spokwb2.parknicollet.com, role: web, https_port: 443, ords: true}
subject:
  country: NO
  state: 'Minnesota'   # in full
key: {security: standard, custody: repository, generation: 1}
change:
  window: 2026-12-05T22:00-06:00/PT2H
  approvers: ["Change advisory board"]
waive:
  - code: SC204
    reason: >-
      the servers
      are renamed
    until: 2027-03-01
"""
CHARACTERS = "ab1 \n\r\t:-?,[]{}#&*!|>'\"%@`\\~<=.\u00e9\u0301\u202e\u00a0\ufeff\x00"
SIGNIFICANT = st.sampled_from([*CHARACTERS, "\n  ", ": ", "- ", "---\n", "\\u", "!%E2%80%AE ", "%YAML 1.2\n"])
VALIDATOR = Validator({name: read_schema(name) for name in ("site", "repository")})


def mutations(text: str) -> st.SearchStrategy[str]:
    """Return a strategy for a text in which some places are replaced by significant characters."""
    cut = st.tuples(
        st.integers(0, len(text)), st.integers(0, 12), st.lists(SIGNIFICANT, max_size=3).map("".join)
    )

    def apply(cuts: list[tuple[int, int, str]]) -> str:
        result = text
        for start, length, insert in cuts:
            result = result[:start] + insert + result[start + length :]
        return result

    return st.lists(cut, min_size=1, max_size=4).map(apply)


def judge(content: bytes) -> None:
    """Assert what holds of every input: a document or an error, and places that are in the file."""
    document, problems = parse("sites/x.yaml", content)
    assert document is not None or errors(problems)
    assert list(problems) == sorted(problems, key=lambda problem: problem.order)
    if document is not None:
        problems += VALIDATOR.check(document, "site") + VALIDATOR.check(document, "repository")
        check_unique(document.root)
    lines = content.decode("utf-8", "replace").removeprefix("\ufeff").split("\n")
    for problem in problems:
        place = problem.place
        assert 1 <= place.line <= len(lines)
        assert 1 <= place.column <= len(lines[place.line - 1]) + 1
        assert place.width >= 1
        assert problem.message.isprintable()
        assert problem.hint.isprintable()
        assert len(problem.message) < 500  # one line that can be read


def check_unique(node: Node) -> None:
    """Assert that no mapping has a key twice, whatever the file says."""
    if isinstance(node, Mapping):
        keys = [entry.key.text for entry in node.entries]
        assert len(keys) == len(set(keys))
    children: tuple[Any, ...] = getattr(node, "items", getattr(node, "entries", ()))
    for child in children:
        check_unique(child.value if isinstance(child, Entry) else child)


@pytest.mark.parametrize("parser", [yaml.CSafeLoader, yaml.SafeLoader])
@given(
    content=st.one_of(
        st.binary(max_size=200), st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass"))
    )
)
@settings(max_examples=150, deadline=None)
def test_random_bytes_and_text_are_survived(parser: Any, content: bytes) -> None:
    """No bytes raise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nodes, "PARSER", parser)
        judge(content)


@pytest.mark.parametrize("parser", [yaml.CSafeLoader, yaml.SafeLoader])
@given(text=st.lists(SIGNIFICANT, max_size=40).map("".join))
@settings(max_examples=300, deadline=None)
def test_random_yaml_is_survived(parser: Any, text: str) -> None:
    """No text made of what YAML gives a meaning raises."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nodes, "PARSER", parser)
        judge(text.encode())


@given(text=mutations(SITE))
@settings(max_examples=400, deadline=None)
def test_a_site_with_slips_is_survived(text: str) -> None:
    """No slip in a real site raises, in the loader or in the schema's judgement."""
    judge(text.encode())


@given(
    text=st.text(
        alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=40
    )
)
@settings(max_examples=150, deadline=None)
def test_a_quoted_value_is_read_as_it_was_written(text: str) -> None:
    """Single quotes keep every character, or the file has a problem that says which it does not want."""
    document, problems = parse("sites/x.yaml", ("a: '" + text.replace("'", "''") + "'\n").encode())
    if not problems:
        assert document is not None
        value = document.root.get("a")
        assert isinstance(value, Scalar)
        assert (value.text, value.plain) == (text, False)


def test_the_site_that_is_mutated_is_itself_fine() -> None:
    """The properties start from a site without problems."""
    document, problems = parse("sites/x.yaml", SITE.encode())
    assert document is not None
    assert problems + VALIDATOR.check(document, "site") == ()
