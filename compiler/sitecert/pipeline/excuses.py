"""What a change would be refused for by the policy and the waivers that stood before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sitecert.model.configuration import Configuration
from sitecert.model.names import PublicSuffixes
from sitecert.model.site import Site
from sitecert.pipeline.survey import Survey
from sitecert.policy.site import apply_waivers, check_site
from sitecert.problems import Problem, Severity
from sitecert.problems.codes.review import SELF_EXCUSED
from sitecert.problems.registry import all_rules

STRICTNESS = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}


def excuses(
    before: Survey, after: Survey, found: Sequence[Problem], suffixes: PublicSuffixes
) -> tuple[Problem, ...]:
    """Return a problem for each one of the new state that was stricter by what stood before.

    `found` are all of the new state's problems as its own policy and waivers weigh them. Without a
    readable policy before there is none to judge by.
    """
    if before.configuration is None or after.configuration is None:
        return ()
    waivers = {site.name: site.waivers for site in before.sites}
    excused: list[Problem] = []
    judged: set[str] = set()
    for site in after.sites:
        old = replace(site, waivers=waivers.get(site.name, ()))
        strict = _judge(old, before.configuration, suffixes)
        mild = _judge(site, after.configuration, suffixes)
        judged |= {problem.code for problem in (*strict.values(), *mild.values())}
        excused += _milder(strict, mild)
    others = [problem for problem in found if problem.code not in judged]
    excused += _softened(others, before.configuration)
    return tuple(sorted(set(excused), key=lambda problem: problem.order))


def _judge(site: Site, configuration: Configuration, suffixes: PublicSuffixes) -> dict[object, Problem]:
    """Return what the rules say of a site, by what it is about; what is wrong with waivers is left out."""
    found = check_site(site, configuration, suffixes)
    codes = {problem.code for problem in found}
    weighed = apply_waivers(site, found, configuration)
    return {(each.code, each.pointer, each.place): each for each in weighed if each.code in codes}


def _milder(strict: Mapping[object, Problem], mild: Mapping[object, Problem]) -> Iterator[Problem]:
    for what, problem in strict.items():
        now = mild.get(what)
        if now is None or STRICTNESS[now.severity] < STRICTNESS[problem.severity]:
            yield _excused(problem, now.severity if now else None)


def _softened(problems: Iterable[Problem], configuration: Configuration) -> Iterator[Problem]:
    """Yield those whose severity the new state turned down."""
    rules = all_rules()
    for problem in problems:
        before = Severity(configuration.severities.get(problem.code, rules[problem.code].severity))
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
