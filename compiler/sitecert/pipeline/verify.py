"""See whether a site's certificate is served: expect, look, judge; and keep what was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sitecert.load.output import read_site
from sitecert.model.site import Site
from sitecert.model.verification import Check, Redirection, Verification
from sitecert.pipeline.survey import Survey
from sitecert.plan.generations import read_generations
from sitecert.policy.waivers import apply_severities
from sitecert.problems import Problem, errors
from sitecert.verify.endpoints import RedirectionError, endpoints
from sitecert.verify.expected import Expected, expect
from sitecert.verify.judge import judge
from sitecert.verify.look import look

__all__ = ["Asked", "RedirectionError", "Verified", "verify"]


@dataclass(frozen=True, slots=True)
class Asked:
    """How to look: `seconds` of patience for each connection, and where places are to be found instead."""

    seconds: float
    redirections: tuple[Redirection, ...] = ()


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of it.

    `findings` holds what is wrong at each check of `seen`, in words for one who sees where that is;
    `problems` is all of it in words that stand alone, or why nothing was looked at (`seen` is None).
    """

    seen: Verification | None
    findings: Mapping[Check, tuple[Problem, ...]]
    problems: tuple[Problem, ...]

    @property
    def is_due(self) -> bool:
        """Whether a place serves one of our own certificates that is to be replaced."""
        return self.seen is not None and any(each.served.is_due for each in self.seen.checks)


def verify(survey: Survey, name: str, asked: Asked, made_at: datetime, judged_at: datetime) -> Verified:
    """Look at every place of the site `name`; raises RedirectionError.

    `made_at` is now, `judged_at` the moment by which validity is judged, both in UTC. A problem of the
    site's file stops nothing as long as the file says where to look.
    """
    site = next((site for site in survey.sites if site.name == name), None)
    if site is None:
        own = tuple(problem for problem in survey.problems if problem.site in (None, name))
        return Verified(None, {}, own)
    expected = _expected(survey, site)
    if not isinstance(expected, Expected):
        return Verified(None, {}, expected)
    looks = look(endpoints(site, asked.redirections), expected.names, asked.seconds)
    judged = [judge(site, expected, each, judged_at) for each in looks]
    findings = {each.check: apply_severities(each.problems, survey.severities) for each in judged}
    seen = Verification(
        site=site.name,
        generation=expected.current.number if expected.current else None,
        issued=expected.current.certificate if expected.current else None,
        made_at=made_at,
        judged_at=judged_at,
        checks=tuple(findings),
    )
    return Verified(seen, findings, tuple(_standing_alone(findings)))


def _expected(survey: Survey, site: Site) -> Expected | tuple[Problem, ...]:
    stored, problems = read_site(survey.root, site.name)
    generations, damages = read_generations(stored)
    if errors([*problems, *damages]):
        return (*problems, *damages)
    expected = expect(site, generations)
    return expected if isinstance(expected, Expected) else (expected,)


def _standing_alone(findings: Mapping[Check, Sequence[Problem]]) -> list[Problem]:
    """Return the findings, each with the place and the name that it is about."""
    return [
        replace(problem, message=f"{check.endpoint.address}, name {check.name.value}: {problem.message}")
        for check, problems in findings.items()
        for problem in problems
    ]
