"""The registry of codes and the reference that is made from it."""

from __future__ import annotations

import re
from dataclasses import fields
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from sitecert.model.document import Place
from sitecert.problems import Severity
from sitecert.problems.reference import rules_markdown
from sitecert.problems.registry import FAMILIES, all_rules
from sitecert.problems.rule import Rule

PACKAGE = Path(import_module("sitecert").__file__ or "").parent
EXPLAINED_ONLY = {"SC490"}
"""What a CA says, not what sitecert reports."""

NAMED = {
    f"{family}.{name}": value
    for family in FAMILIES
    for name, value in vars(import_module(f"sitecert.problems.codes.{family}")).items()
    if isinstance(value, Rule)
}


def test_codes_are_unique() -> None:
    """No code stands for two rules."""
    codes = [rule.code for rule in NAMED.values()]
    assert len(codes) == len(set(codes))
    assert list(all_rules()) == sorted(codes)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_in_the_order_of_its_codes(family: str) -> None:
    """A reader finds a code where it belongs, in one family with one first digit."""
    codes = [rule.code for name, rule in NAMED.items() if name.startswith(f"{family}.")]
    assert all(earlier < later for earlier, later in pairwise(codes))


@pytest.mark.parametrize("rule", NAMED.values(), ids=NAMED)
def test_every_rule_is_documented(rule: Rule) -> None:
    """Each field says something, on one line and with an end that suits it."""
    assert re.fullmatch(r"SC[0-9]{3}", rule.code)
    for field in fields(rule):
        value = getattr(rule, field.name)
        if isinstance(value, str):
            assert value.strip() == value != ""
            assert "\n" not in value
    assert not rule.title.endswith(".")
    assert not rule.fix.endswith(".")
    assert rule.rule.endswith(".")
    assert rule.why.endswith((".", "?"))


@pytest.mark.parametrize("name", [name for name, rule in NAMED.items() if rule.code not in EXPLAINED_ONLY])
def test_every_rule_is_used(name: str) -> None:
    """A rule that nothing reports is removed."""
    constant = name.partition(".")[2]
    assert any(re.search(rf"\b{constant}\b", source) for source in _sources())


@pytest.mark.parametrize("rule", NAMED.values(), ids=NAMED)
def test_what_may_be_done_about_a_rule_makes_sense(rule: Rule) -> None:
    """A note is mild enough; what one site may be excused from, a whole repository may turn down."""
    assert rule.softenable or not rule.waivable
    assert rule.severity is not Severity.NOTE or not rule.softenable
    assert f"waive {rule.code}" not in rule.fix or rule.waivable, "a way out that is none"


@pytest.mark.parametrize("name", [name for name, rule in NAMED.items() if rule.waivable])
def test_waivers_reach_what_may_be_waived(name: str) -> None:
    """They are applied where the policy's rules are; no other room reports a rule that may be waived."""
    constant = name.partition(".")[2]
    texts = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    reporting = {
        path.relative_to(PACKAGE).parts[0]
        for path, text in texts.items()
        if "sitecert.problems.codes" in text and re.search(rf"\b{constant}\b", text)
    }
    assert reporting == {"policy"}


def _sources() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py") if path.parent.name != "codes"]


def test_the_reference_has_a_section_for_each_code_and_a_link_to_it() -> None:
    """The Markdown parses to headings and links, and nothing of a rule is taken for HTML."""
    tokens = MarkdownIt("commonmark").parse(rules_markdown(all_rules().values()))
    headings = [
        tokens[index + 1].content
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h3"
    ]
    links = [
        str(child.attrs["href"])
        for token in tokens
        for child in token.children or []
        if child.type == "link_open"
    ]
    assert headings == list(all_rules())
    assert links == [f"#{code.lower()}" for code in all_rules()]
    html = [token.content for token in tokens if token.type == "html_block"]
    inline = [child for token in tokens for child in token.children or [] if child.type == "html_inline"]
    assert len(html) == 1
    assert inline == []


def test_the_reference_says_all_of_a_rule() -> None:
    """Rule, reason, cure and source stand in its section, with what may be done about it."""
    rule = all_rules()["SC203"]
    section = rules_markdown([rule]).partition("### SC203")[2]
    for text in (rule.title, rule.rule, rule.why, rule.fix, rule.source, "(error, waivable, softenable)"):
        assert text in section


@pytest.mark.parametrize(
    "secret", ["AGE-SECRET-KEY-1QQPZRY9X8", "-----BEGIN RSA PRIVATE KEY----- MIIEvQIBADAN"]
)
def test_no_problem_repeats_a_private_key(secret: str) -> None:
    """Whichever rule finds it in the place of another value."""
    rule = next(iter(NAMED.values()))
    problem = rule.at(Place("sitecert.yaml", 1, 1), f'not "{secret}"', hint=f"write [{secret}]")
    assert secret.rsplit(maxsplit=1)[-1].removeprefix("AGE-SECRET-KEY-") not in problem.message + problem.hint
    assert problem.message.endswith('"')
