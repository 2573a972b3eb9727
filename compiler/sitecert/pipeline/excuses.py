"""What a change would be refused for by the policy and the waivers that stood before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sitecert.model.configuration import Policy
from sitecert.model.generation import Generation
from sitecert.model.names import PublicSuffixes
from sitecert.model.site import Site, Waiver
from sitecert.pipeline.judgement import judge_generation
from sitecert.pipeline.survey import Survey
from sitecert.policy.site import judge_site
from sitecert.problems import Problem, Severity
from sitecert.problems.codes.review import SELF_EXCUSED
from sitecert.problems.codes.settings import (
    WAIVER_ENDED,
    WAIVER_ENDING,
    WAIVER_IDLE,
    WAIVER_REFUSED,
    WAIVER_UNKNOWN,
)
from sitecert.problems.registry import all_rules

STRICTNESS = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}
ABOUT_WAIVERS = frozenset(
    rule.code for rule in (WAIVER_UNKNOWN, WAIVER_REFUSED, WAIVER_IDLE, WAIVER_ENDED, WAIVER_ENDING)
)
"""What is said of a waiver itself: that an older one would not be idle is no excuse."""


@dataclass(frozen=True, slots=True)
class Judge:
    """How sites of the new state are judged: by which suffixes, on which day, with which new generations.

    `fresh` are the generations of a site whose request or certificate the change brings.
    """

    suffixes: PublicSuffixes
    at: date
    fresh: Mapping[str, tuple[Generation, ...]]

    def problems(self, site: Site, policy: Policy, *, has_anchor: bool) -> tuple[Problem, ...]:
        """Return what a policy makes of a site and of what is new of it."""
        found = judge_site(site, policy, self.suffixes, has_anchor=has_anchor, at=self.at)
        judged = (judge_generation(site, each, policy) for each in self.fresh.get(site.name, ()))
        return (*found, *(problem for problems in judged for problem in problems))


def excuses(before: Survey, after: Survey, found: Sequence[Problem], judge: Judge) -> tuple[Problem, ...]:
    """Return a problem for each one of the new state that was stricter by what stood before.

    `found` are all of the new state's problems as its own policy and waivers weigh them. Without a
    readable policy before there is none to judge by.
    """
    if before.configuration is None or after.configuration is None:
        return ()
    waivers = {site.name: site.waivers for site in before.sites}
    is_same = before.policy == after.policy
    has_anchor = bool(after.configuration.trust)
    excused: list[Problem] = []
    for site in after.sites:
        own = waivers.get(site.name, ())
        if is_same and _said(own) == _said(site.waivers):
            continue
        old = replace(site, waivers=own)
        strict = _by_what(judge.problems(old, before.policy, has_anchor=has_anchor))
        mild = _by_what(judge.problems(site, after.policy, has_anchor=has_anchor))
        excused += _milder(strict, mild)
    if not is_same:
        excused += _softened(found, before.policy)
    return tuple(sorted(set(excused), key=lambda problem: problem.order))


def _said(waivers: Iterable[Waiver]) -> set[tuple[str, str, date]]:
    """Return what waivers say, wherever they stand."""
    return {(each.code, each.reason, each.until) for each in waivers}


def _by_what(problems: Iterable[Problem]) -> dict[object, Problem]:
    """Return problems by what they are about."""
    return {
        (each.code, each.pointer, each.place): each for each in problems if each.code not in ABOUT_WAIVERS
    }


def _milder(strict: Mapping[object, Problem], mild: Mapping[object, Problem]) -> Iterator[Problem]:
    for what, problem in strict.items():
        now = mild.get(what)
        if now is None or STRICTNESS[now.severity] < STRICTNESS[problem.severity]:
            yield _excused(problem, now.severity if now else None)


def _softened(problems: Iterable[Problem], policy: Policy) -> Iterator[Problem]:
    """Yield those whose severity the new state turned down; what can be waived was judged by its waivers."""
    rules = all_rules()
    for problem in problems:
        if rules[problem.code].waivable:
            continue
        before = Severity(policy.severities.get(problem.code, rules[problem.code].severity))
        if STRICTNESS[problem.severity] < STRICTNESS[before]:
            yield _excused(replace(problem, severity=before), problem.severity)


def _excused(problem: Problem, now: Severity | None) -> Problem:
    """Return the problem of an excuse: as severe as what it excuses was."""
    becomes = f"a {now}" if now else "nothing"
    message = (
        f"{problem.message}: {problem.code} was {_with_article(problem.severity)} before this change, "
        f"which makes it {becomes}"
    )
    excuse = SELF_EXCUSED.at(problem.place, message, pointer=problem.pointer, site=problem.site)
    return replace(excuse, severity=problem.severity)


def _with_article(severity: Severity) -> str:
    return f"an {severity}" if severity is Severity.ERROR else f"a {severity}"
