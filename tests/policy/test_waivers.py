"""Severities as configured, and waivers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sitecert.policy.waivers import apply_severities, check_waiver_days
from support.yaml_sites import judge, read_cases, resolved, show

SHORT = 'alt_names: "spokwb" is a short name; public CAs issue only for fully qualified names'
WAIVED = "alt_names: [spokwb]\nwaive: [{code: SC203, reason: 'their CA is ours', until: 2027-03-01}]"
IDLE = "waive: [{code: SC203, reason: r, until: 2027-03-01}]"


def test_a_waived_problem_is_a_note_that_says_why() -> None:
    """A waiver does not hide: it says until when and for what reason."""
    problems = judge(WAIVED)
    assert [show(problem) for problem in problems] == [
        f"1:13 note SC203 {SHORT} (waived until 2027-03-01: their CA is ours)"
    ]


CASES = read_cases(Path(__file__).with_name("waivers.txt"))


@pytest.mark.parametrize(("lines", "expected"), CASES)
def test_a_waiver_that_does_nothing_is_a_problem(lines: str, expected: list[str]) -> None:
    """It would hide the next problem of its kind, or was meant for another."""
    assert [show(problem) for problem in judge(lines)] == expected


@pytest.mark.parametrize(
    ("lines", "severity", "expected"),
    [
        ("alt_names: [spokwb]", "{SC203: warning}", [f"1:13 warning SC203 {SHORT}"]),
        (
            WAIVED,
            "{SC203: warning}",
            [f"1:13 note SC203 {SHORT} (waived until 2027-03-01: their CA is ours)"],
        ),
        (IDLE, "{SC343: note}", ["1:16 note SC343 waive: this site has no problem SC203"]),
    ],
)
def test_severities_are_the_repositorys(lines: str, severity: str, expected: list[str]) -> None:
    """`policy.severity` counts, and a waiver counts after it."""
    repository = f"policy: {{severity: {severity}}}\n"
    assert [show(problem) for problem in judge(lines, repository)] == expected


def test_a_waiver_holds_through_its_day() -> None:
    """It has ended on the day after; thirty days before, its end is told."""
    site = resolved(WAIVED)
    ending = "2:16 warning SC345 waive: the waiver of SC203 ends on 2027-03-01"
    ended = "2:16 error SC344 waive: the waiver of SC203 ended on 2027-03-01"
    for day, told in (
        (date(2027, 1, 29), []),
        (date(2027, 1, 30), [ending]),
        (date(2027, 3, 1), [ending]),
        (date(2027, 3, 2), [ended]),
    ):
        assert [show(problem) for problem in check_waiver_days(site, day)] == told


def test_no_severities_change_nothing() -> None:
    """Without a policy every problem keeps its rule's severity."""
    problems = judge("alt_names: [spokwb]")
    assert apply_severities(problems, {}) == problems
    assert [problem.severity for problem in apply_severities(problems, {"SC203": "note"})] == ["note"]
