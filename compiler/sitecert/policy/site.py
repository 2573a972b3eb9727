"""One site before all the rules."""

from __future__ import annotations

from datetime import date

from sitecert.model.configuration import Policy
from sitecert.model.names import PublicSuffixes
from sitecert.model.site import Site
from sitecert.policy.case import Case, Check
from sitecert.policy.keys import KEY_CHECKS
from sitecert.policy.names import NAME_CHECKS
from sitecert.policy.repository import REPOSITORY_CHECKS, check_freezes
from sitecert.policy.subject import SUBJECT_CHECKS
from sitecert.policy.waivers import apply_severities, apply_waivers, check_waiver_days, check_waivers
from sitecert.problems import Problem

CHECKS: tuple[Check, ...] = (*NAME_CHECKS, *SUBJECT_CHECKS, *KEY_CHECKS, *REPOSITORY_CHECKS)


def check_site(
    site: Site, policy: Policy, suffixes: PublicSuffixes, *, has_anchor: bool
) -> tuple[Problem, ...]:
    """Return every problem of a site by a policy, with the severity that each rule has of itself.

    `has_anchor` tells whether the repository names roots of internal CAs (`trust`).
    """
    case = Case(site, policy, suffixes, has_anchor)
    return tuple(problem for check in CHECKS for problem in check(case))


def judge_site(
    site: Site, policy: Policy, suffixes: PublicSuffixes, *, has_anchor: bool, at: date | None = None
) -> tuple[Problem, ...]:
    """Return what a policy makes of a site: its problems as they are weighed and waived, and its waivers'.

    `at` is the day for what depends on one (freezes, the end of waivers); without it nothing does, as in
    compile.
    """
    found = check_site(site, policy, suffixes, has_anchor=has_anchor)
    if at is not None:
        found = (*found, *check_freezes(site, policy, at))
    waivers = check_waivers(site, {problem.code for problem in found})
    if at is not None:
        waivers = (*waivers, *check_waiver_days(site, at))
    return (*apply_waivers(site, found, policy), *apply_severities(waivers, policy.severities))
