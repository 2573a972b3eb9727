"""One site as it stands under `out/`, where that agrees with what the site says."""

from __future__ import annotations

from sitecert.load.output import read_site
from sitecert.model.document import Place
from sitecert.model.layout import generation_folder, site_folder
from sitecert.model.plan import SitePlan
from sitecert.model.site import Custody
from sitecert.pipeline.compile import Compilation, Options
from sitecert.pipeline.survey import Survey
from sitecert.plan.generations import read_generations
from sitecert.plan.site import plan_site
from sitecert.policy.waivers import apply_severities
from sitecert.problems import Problem, errors
from sitecert.problems.codes.handoff import STALE


def find_standing(survey: Survey, name: str) -> tuple[SitePlan | None, tuple[Problem, ...]]:
    """Return the plan of the site `name`, and the site's problems.

    None where one of them is an error, or where a compile would change anything: what leaves the
    repository is what was reviewed.
    """
    problems = _check_current(survey, name)
    if errors(problems):
        return None, problems
    return _plan(survey, name)[0], problems


def find_kept(survey: Survey, name: str) -> tuple[SitePlan | None, tuple[Problem, ...]]:
    """Return the plan of the site `name` whose key and request a compile would keep, and the site's problems.

    None where one of them is an error, or where compile has yet to make them. Other files may be stale, or
    what a killed run left: whoever asks compiles the site next.
    """
    own = own_problems(survey.problems, name)
    if errors(own):
        return None, own
    plan, more = _plan(survey, name)
    problems = (*own, *more)
    if plan is None or errors(problems):
        return None, problems
    if plan.why and plan.site.key.custody is not Custody.CUSTOMER:
        folder = generation_folder(name, plan.current.number)
        return None, (*problems, _stale(folder, plan.why, name))
    return plan, problems


def own_problems(problems: tuple[Problem, ...], name: str) -> tuple[Problem, ...]:
    """Return the problems of one site and those of the whole repository."""
    return tuple(problem for problem in problems if problem.site in (None, name))


def _check_current(survey: Survey, name: str) -> tuple[Problem, ...]:
    """Return what is wrong with a site and its output, with a problem where a compile would change that."""
    outcome = Compilation(survey, (name,), Options()).foresee()
    own = own_problems(outcome.problems, name)
    folder = site_folder(name)
    changes = [change for change in outcome.changes if change.path.startswith(f"{folder}/")]
    if not changes or errors(own):
        return own
    others = f", and {len(changes) - 1} more" if changes[1:] else ""
    return (*own, _stale(changes[0].path, f"{changes[0].why}{others}", name))


def _plan(survey: Survey, name: str) -> tuple[SitePlan | None, tuple[Problem, ...]]:
    """Return the plan of a site from what stands, with what is wrong with that; None for what is damaged."""
    site = next((site for site in survey.sites if site.name == name), None)
    if site is None:
        return None, ()
    stored, problems = read_site(survey.root, name)
    generations, damages = read_generations(stored)
    if errors((*problems, *damages)):
        return None, (*problems, *damages)
    fingerprints = tuple(recipient.fingerprint for recipient in survey.recipients)
    plan, planned = plan_site(site, generations, fingerprints, may_drop_keys=False)
    return plan, apply_severities((*problems, *damages, *planned), survey.severities)


def _stale(path: str, why: str, name: str) -> Problem:
    hint = f"run `sitecert compile {name}`, have its change reviewed, then go on"
    return STALE.at(Place(path, 1, 1), f"is not what the site says: {why}", hint=hint, site=name)
