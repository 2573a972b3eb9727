"""Severities as the repository sets them, and what a site is excused from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sitecert.model.configuration import Policy
from sitecert.model.site import Site, Waiver
from sitecert.problems import Problem, Rule, Severity
from sitecert.problems.codes.settings import (
    WAIVER_ENDED,
    WAIVER_IDLE,
    WAIVER_REFUSED,
    WAIVER_UNKNOWN,
)
from sitecert.problems.registry import all_rules
from sitecert.problems.wording import did_you_mean, quoted

JUDGED_HERE = ("SC2", "SC3")
"""The families whose problems this stage sees all of: only of these can it say that a waiver is idle."""


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

    A note says that it is waived, why and until when. Waivers that waive nothing, or cannot, are
    problems of their own. No date is looked at: a waiver holds until somebody removes it.
    """
    weighed = apply_severities(problems, policy.severities)
    if not site.waivers:
        return weighed
    rules = all_rules()
    waivers = {each.code: each for each in site.waivers if each.code in rules and rules[each.code].waivable}
    judged = [_waive(problem, waivers.get(problem.code)) for problem in weighed]
    found = {problem.code for problem in problems}
    faults = [fault for waiver in site.waivers for fault in _faults(site, waiver, rules, found)]
    return (*judged, *apply_severities(faults, policy.severities))


def _waive(problem: Problem, waiver: Waiver | None) -> Problem:
    if waiver is None or problem.severity is Severity.NOTE:
        return problem
    message = f"{problem.message} (waived until {waiver.until}: {' '.join(waiver.reason.split())})"
    return replace(problem, severity=Severity.NOTE, message=message, hint="")


def _faults(site: Site, waiver: Waiver, rules: Mapping[str, Rule], found: set[str]) -> Iterator[Problem]:
    """Yield what is wrong with a waiver, apart from its day."""
    rule = rules.get(waiver.code)
    if rule is None:
        message = f"waive: there is no code {quoted(waiver.code)}{did_you_mean(waiver.code, rules)}"
        yield WAIVER_UNKNOWN.at(waiver.place, message, pointer="/waive", site=site.name)
    elif not rule.waivable:
        message = f"waive: {waiver.code} ({rule.title}) cannot be waived"
        yield WAIVER_REFUSED.at(waiver.place, message, pointer="/waive", site=site.name)
    elif waiver.code not in found and waiver.code.startswith(JUDGED_HERE):
        message = f"waive: this site has no problem {waiver.code}"
        yield WAIVER_IDLE.at(waiver.place, message, pointer="/waive", site=site.name)


def ended_waivers(site: Site, at: date) -> tuple[Problem, ...]:
    """Return a problem for each waiver that no longer holds on the day `at`.

    For `validate` and `review` alone: what is compiled does not depend on a date.
    """
    return tuple(
        WAIVER_ENDED.at(
            waiver.place,
            f"waive: the waiver of {waiver.code} ended on {waiver.until}",
            pointer="/waive",
            site=site.name,
        )
        for waiver in site.waivers
        if waiver.until < at
    )
