"""See where every site stands on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sitecert.fleet.status import KnownSite, site_status
from sitecert.load.output import read_site
from sitecert.model.fleet import SiteStatus
from sitecert.model.plan import SitePlan
from sitecert.model.site import Custody, Site
from sitecert.pipeline.compile import Compilation, Options
from sitecert.pipeline.survey import Survey
from sitecert.pki.certificates import read_issued
from sitecert.plan.generations import check_none_lost, read_generations
from sitecert.plan.site import plan_site
from sitecert.policy.waivers import apply_severities
from sitecert.problems import Problem, errors


@dataclass(frozen=True, slots=True)
class FleetStatus:
    """Where the selected sites stand, the most urgent first, and every problem met on the way."""

    sites: tuple[SiteStatus, ...]
    problems: tuple[Problem, ...] = field(repr=False)

    @property
    def is_due(self) -> bool:
        """Whether a site's replacement should be under way or done."""
        return any(site.is_due for site in self.sites)


def fleet_status(survey: Survey, selected: Sequence[str], at: datetime) -> FleetStatus:
    """Return where each of the selected sites stands at a moment (UTC). Writes nothing, needs no secret."""
    known = known_sites(survey, selected)
    problems = {each for each in survey.problems if each.site is None or each.site in selected}
    problems |= {problem for _, found in known for problem in found}
    statuses = sorted((site_status(each, at) for each, _ in known), key=lambda status: status.urgency)
    return FleetStatus(tuple(statuses), tuple(sorted(problems, key=lambda problem: problem.order)))


def known_sites(survey: Survey, selected: Sequence[str]) -> list[tuple[KnownSite, tuple[Problem, ...]]]:
    """Return what the repository knows of each site, and the problems of what stands under `out/`.

    Where a site's file has an error its certificates are known all the same.
    """
    sites = {site.name: site for site in survey.sites}
    return [_known_site(survey, name, sites.get(name)) for name in selected]


def _known_site(survey: Survey, name: str, site: Site | None) -> tuple[KnownSite, tuple[Problem, ...]]:
    stored, unread = read_site(survey.root, name)
    generations, damages = read_generations(stored)
    # Those that cannot be read are among the damages.
    interims = {
        number: read_issued(each.interim_pem, b"").leaf
        for number, each in generations.items()
        if each.interim_pem is not None
    }
    found = [*unread, *damages]
    is_stale = False
    if site is not None:
        found += check_none_lost(stored, site.key.generation)
        fingerprints = tuple(recipient.fingerprint for recipient in survey.recipients)
        plan, planned = plan_site(site, generations, fingerprints, may_drop_keys=False)
        found += planned
        is_stale = _is_stale(survey, plan)
    problems = apply_severities(found, survey.severities)
    own = errors([*(each for each in survey.problems if each.site in (None, name)), *problems])
    return KnownSite(name, site, generations, interims, tuple(own), is_stale), tuple(problems)


def _is_stale(survey: Survey, plan: SitePlan) -> bool:
    """Tell whether compile would begin the current generation, or begin it anew."""
    if plan.site.key.custody is not Custody.CUSTOMER:
        return bool(plan.why)
    # Nothing of it stands under out/ until the customer's key comes: the other files tell.
    return bool(plan.why and Compilation(survey, (plan.site.name,), Options()).foresee().changes)
