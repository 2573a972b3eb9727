"""The table of guards holds: each stands in the source where it says, and its test is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from threats.mutations import MUTATIONS, Mutation

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: f"{each.threat} {each.guard}")
def test_a_guard_stands_where_the_table_says(mutation: Mutation) -> None:
    """Its text is there once, and what replaces it is another; `mutate.py` shows that its test then fails."""
    text = (ROOT / mutation.file).read_text(encoding="utf-8")
    assert text.count(mutation.old) == 1
    assert mutation.new != mutation.old
    file, _, test = mutation.test.partition("::")
    name = test.partition("[")[0]
    assert re.search(rf"^def {name}", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_the_page_names_every_guard() -> None:
    """docs/security.md is where a reader finds them."""
    page = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    assert [each.guard for each in MUTATIONS if each.guard not in page] == []
    assert [
        each.test for each in MUTATIONS if each.test.partition("::")[0].removeprefix("tests/") not in page
    ] == []
