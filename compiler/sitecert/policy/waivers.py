"""Severities as the repository sets them, and what a site is excused from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sitecert.model.configuration import Policy
from sitecert.model.site import Site, Waiver
from sitecert.problems import Problem, Rule, Severity
from sitecert.problems.codes.policy import AUTHORITY_NOT_ALLOWED, CHANGE_IN_FREEZE, VALIDITY_OVER_POLICY
from sitecert.problems.codes.settings import (
    WAIVER_ENDED,
    WAIVER_ENDING,
    WAIVER_IDLE,
    WAIVER_REFUSED,
    WAIVER_UNKNOWN,
)
from sitecert.problems.registry import all_rules
from sitecert.problems.wording import did_you_mean, quoted

JUDGED_HERE = ("SC2", "SC3")
"""The families whose problems this stage sees all of: only of these can it say that a waiver is idle."""

FOUND_LATER = frozenset(rule.code for rule in (CHANGE_IN_FREEZE, AUTHORITY_NOT_ALLOWED, VALIDITY_OVER_POLICY))
"""Those of them that depend on a day or on a certificate."""

NEAR_END = timedelta(days=30)
"""How long before its end a waiver is warned of."""


def apply_severities(problems: Sequence[Problem], severities: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return the problems with the severities that `policy.severity` sets."""
    if not severities:
        return tuple(problems)
    return tuple(
        replace(problem, severity=Severity(severities[problem.code]))
        if problem.code in severities
        else problem
        for problem in problems
    )


def apply_waivers(site: Site, problems: Sequence[Problem], policy: Policy) -> tuple[Problem, ...]:
    """Return a site's problems with the severities of a policy, the waived ones as notes.

    A note says that it is waived, why and until when. No date is looked at: a waiver holds until somebody
    removes it.
    """
    weighed = apply_severities(problems, policy.severities)
    if not site.waivers:
        return weighed
    rules = all_rules()
    waivers = {each.code: each for each in site.waivers if each.code in rules and rules[each.code].waivable}
    return tuple(_waive(problem, waivers.get(problem.code)) for problem in weighed)


def _waive(problem: Problem, waiver: Waiver | None) -> Problem:
    if waiver is None or problem.severity is Severity.NOTE:
        return problem
    message = f"{problem.message} (waived until {waiver.until}: {' '.join(waiver.reason.split())})"
    return replace(problem, severity=Severity.NOTE, message=message, hint="")


def check_waivers(site: Site, found: Collection[str]) -> tuple[Problem, ...]:
    """Return a problem for each waiver that waives nothing, or cannot; `found` are the site's codes."""
    rules = all_rules() if site.waivers else {}
    return tuple(fault for waiver in site.waivers for fault in _faults(site, waiver, rules, found))


def _faults(
    site: Site, waiver: Waiver, rules: Mapping[str, Rule], found: Collection[str]
) -> Iterator[Problem]:
    rule = rules.get(waiver.code)
    if rule is None:
        clause = f"there is no code {quoted(waiver.code)}{did_you_mean(waiver.code, rules)}"
        yield _at(WAIVER_UNKNOWN, site, waiver, clause)
    elif not rule.waivable:
        yield _at(WAIVER_REFUSED, site, waiver, f"{waiver.code} ({rule.title}) cannot be waived")
    elif waiver.code not in found and waiver.code.startswith(JUDGED_HERE) and waiver.code not in FOUND_LATER:
        yield _at(WAIVER_IDLE, site, waiver, f"this site has no problem {waiver.code}")


def check_waiver_days(site: Site, at: date) -> tuple[Problem, ...]:
    """Return a problem for each waiver that has ended before the day `at`, or ends soon after.

    For `validate` and `review` alone: what is compiled does not depend on a date.
    """
    return tuple(problem for waiver in site.waivers for problem in _day(site, waiver, at))


def _day(site: Site, waiver: Waiver, at: date) -> Iterator[Problem]:
    if waiver.until < at:
        yield _at(WAIVER_ENDED, site, waiver, f"the waiver of {waiver.code} ended on {waiver.until}")
    elif waiver.until - at <= NEAR_END:
        yield _at(WAIVER_ENDING, site, waiver, f"the waiver of {waiver.code} ends on {waiver.until}")


def _at(rule: Rule, site: Site, waiver: Waiver, clause: str) -> Problem:
    return rule.at(waiver.place, f"waive: {clause}", pointer="/waive", site=site.name)
