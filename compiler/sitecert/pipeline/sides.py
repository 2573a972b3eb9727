"""One of the two states that are compared: what its touched sites say, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sitecert.load.output import read_site
from sitecert.model.layout import site_folder
from sitecert.model.review import SiteState
from sitecert.pipeline.render import installing_runbooks
from sitecert.pipeline.survey import Survey, survey
from sitecert.plan.generations import check_none_lost, read_generations
from sitecert.plan.site import plan_site
from sitecert.policy.waivers import apply_severities
from sitecert.problems import Problem
from sitecert.problems.codes.files import NO_SITES
from sitecert.problems.codes.generations import KEY_NOT_COMMITTED
from sitecert.problems.codes.policy import IDLE_PATTERN
from sitecert.repo.layout import LaidOut

ELSEWHERE = frozenset({NO_SITES.code, KEY_NOT_COMMITTED.code, IDLE_PATTERN.code})
"""What is said of a folder in which only the touched sites are laid out, and does not hold of its state."""


@dataclass(frozen=True, slots=True)
class Side:
    """One state: `unfit` are the problems of what git holds and no loader may read."""

    found: Survey
    states: Mapping[str, SiteState]
    problems: tuple[Problem, ...]
    unfit: tuple[Problem, ...]


def read_side(laid_out: LaidOut, touched: Sequence[str], at: date) -> Side:
    """Read the touched sites of a state that is laid out; `at` is today's date."""
    found = survey(laid_out.root, at)
    fingerprints = tuple(recipient.fingerprint for recipient in found.recipients)
    sites = {site.name: site for site in found.sites}
    problems = [problem for problem in found.problems if problem.code not in ELSEWHERE]
    states = {}
    for name in touched:
        stored, faults = read_site(found.root, name)
        generations, damages = read_generations(stored)
        site, plan = sites.get(name), None
        if site is not None:
            plan, further = plan_site(site, generations, fingerprints, may_drop_keys=False)
            damages += further + check_none_lost(stored, site.key.generation)
        problems += apply_severities((*faults, *damages), found.severities)
        states[name] = SiteState(
            is_there=f"sites/{name}.yaml" in laid_out.paths,
            site=site,
            plan=plan,
            generations=generations,
            runbooks=installing_runbooks(plan) if plan else (),
            digests=stored.digests,
        )
    unfit = tuple(_with_site(problem, touched) for problem in laid_out.problems)
    return Side(found, states, tuple(problems), unfit)


def _with_site(problem: Problem, touched: Sequence[str]) -> Problem:
    """Return a problem with the site that its path belongs to."""
    path = problem.place.path
    site = next(
        (
            name
            for name in touched
            if path == f"sites/{name}.yaml" or path.startswith(f"{site_folder(name)}/")
        ),
        None,
    )
    return replace(problem, site=site)
