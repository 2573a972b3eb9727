"""One site before all the rules."""

from __future__ import annotations

from sitecert.model.configuration import Policy
from sitecert.model.names import PublicSuffixes
from sitecert.model.site import Site
from sitecert.policy.case import Case, Check
from sitecert.policy.keys import KEY_CHECKS
from sitecert.policy.names import NAME_CHECKS
from sitecert.policy.subject import SUBJECT_CHECKS
from sitecert.policy.waivers import apply_severities, apply_waivers, ended_waivers
from sitecert.problems import Problem

__all__ = ["CHECKS", "apply_severities", "apply_waivers", "check_site", "ended_waivers"]

CHECKS: tuple[Check, ...] = (*NAME_CHECKS, *SUBJECT_CHECKS, *KEY_CHECKS)


def check_site(
    site: Site, policy: Policy, suffixes: PublicSuffixes, *, has_anchor: bool
) -> tuple[Problem, ...]:
    """Return every problem of a site by a policy, with the severity that each rule has of itself.

    `has_anchor` tells whether the repository names roots of internal CAs (`trust`).
    """
    case = Case(site, policy, suffixes, has_anchor)
    return tuple(problem for check in CHECKS for problem in check(case))
