"""One site as it stands under `out/`, where that is what the site says."""

from __future__ import annotations

from sitecert.load.output import read_site
from sitecert.model.document import Place
from sitecert.model.layout import site_folder
from sitecert.model.plan import SitePlan
from sitecert.pipeline.compile import Compilation, Options
from sitecert.pipeline.survey import Survey
from sitecert.plan.generations import read_generations
from sitecert.plan.site import plan_site
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
    site = next(site for site in survey.sites if site.name == name)
    stored, _ = read_site(survey.root, name)
    generations, _ = read_generations(stored)
    fingerprints = tuple(recipient.fingerprint for recipient in survey.recipients)
    return plan_site(site, generations, fingerprints, may_drop_keys=False)[0], problems


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
    message = f"is not what the site says: {changes[0].why}{others}"
    hint = f"run `sitecert compile {name}`, have its change reviewed, then go on"
    return (*own, STALE.at(Place(changes[0].path, 1, 1), message, hint=hint, site=name))
