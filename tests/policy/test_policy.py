"""The rules, each in the words that a user sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitecert.model.configuration import Policy
from sitecert.model.request import SubjectAttribute, SubjectField
from sitecert.model.site import IssuerKind
from sitecert.policy.site import check_site
from sitecert.problems import Severity
from support.sites import a_site
from support.yaml_sites import judge, read_cases, show, suffixes

CASES = read_cases(Path(__file__).with_name("problems.txt"))


@pytest.mark.parametrize(("lines", "expected"), CASES)
def test_each_rule_says_where_and_what(lines: str, expected: list[str]) -> None:
    """A rule's problem has its place, its severity, its code and its sentence."""
    assert [show(problem) for problem in judge(lines)] == expected


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "alt_names: [smartweb-dr.parknicollet.com, '*.hospital.example.org', 8.8.8.8, '2606:4700::1']",
        "alt_names: [m\u00fcnchen.example.org]\nissuer: internal",
        "issuer: internal\nalt_names: [spokwb, spokwb.hospital.local, 10.1.2.3, co.uk]",
        "issuer: self-signed\nsubject: {country: 'NO', state: Oslo, organizational_unit: IT}",
        "subject: {country: DE, state: BY}",
        'customer: St. Mary\'s & \u00c9toile #1 (Caf\u00e9) "A"',
        "customer: " + "\u00e9" * 64,
        "version: 5.x",
        f"common_name: {'a' * 52}.example.org",
    ],
)
def test_good_sites_have_no_error_or_warning(lines: str) -> None:
    """What CAs and servers accept is accepted."""
    assert [show(problem) for problem in judge(lines) if problem.severity is not Severity.NOTE] == []


def test_lengths_count_characters() -> None:
    """Bytes do not matter; the message names the key that is too long."""
    accented = chr(0xE9) * 65
    subject = f"subject: {{country: US, state: {'a' * 129}, organization: {accented}}}"
    assert [show(problem) for problem in judge(subject)] == [
        "1:31 error SC321 subject.state: has 129 characters; ST has at most 128",
        "1:176 error SC321 subject.organization: has 65 characters; O has at most 64",
    ]
    assert [show(problem) for problem in judge(f"customer: {accented}")] == [
        "1:11 error SC321 customer: has 65 characters; O has at most 64"
    ]


def test_hints_say_what_to_write() -> None:
    """Where the right value is known, the hint has it."""
    hints = {
        problem.code: problem.hint
        for lines in (
            "alt_names: [spokwb]",
            "subject: {country: UK, state: Kent}",
            "subject: {country: US, state: MN}",
        )
        for problem in judge(lines)
    }
    assert hints == {
        "SC203": "write the full name, set `issuer: internal`, or waive SC203 with a reason",
        "SC325": "write GB",
        "SC328": "write Minnesota",
    }


def test_an_internal_issuer_wants_an_anchor() -> None:
    """Without a root in `trust` nobody can judge the chain of an internal CA."""
    site = a_site()
    internal = a_site(issuer=IssuerKind.INTERNAL)
    assert check_site(site, Policy(), suffixes(), has_anchor=False) == ()
    found = check_site(internal, Policy(), suffixes(), has_anchor=False)
    assert [problem.code for problem in found] == ["SC333"]
    assert check_site(internal, Policy(), suffixes(), has_anchor=True) == ()


@pytest.mark.parametrize("value", ["\u202eevil", "a\u0000b", "\ud800", "\u2028"])
def test_what_the_loader_refuses_is_refused_again(value: str) -> None:
    """A site that did not come from the loader is not trusted to have no control or direction marks."""
    site = a_site(subject=(SubjectAttribute(SubjectField.ORGANIZATION, value),))
    codes = {problem.code for problem in check_site(site, Policy(), suffixes(), has_anchor=True)}
    assert "SC324" in codes
