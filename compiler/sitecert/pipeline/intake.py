"""Take in what a CA returned: judge it, file it, compile what depends on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sitecert.intake.verdict import Verdict, judge
from sitecert.load.output import read_site
from sitecert.model.generation import Generation
from sitecert.pipeline.compile import Compilation, Options, Outcome
from sitecert.pipeline.survey import Survey
from sitecert.pki.formats.contents import GivenFile
from sitecert.pki.keys import encrypt_key
from sitecert.plan.generations import read_generations
from sitecert.policy.waivers import apply_severities
from sitecert.problems import Problem, errors


@dataclass(frozen=True, slots=True)
class Intake:
    """What came of an intake: the problems found, and what was written where none forbade it."""

    problems: tuple[Problem, ...]
    filed: Generation | None
    outcome: Outcome | None


def take_in(
    survey: Survey,
    name: str,
    files: Sequence[GivenFile],
    passwords: Sequence[str],
    at: date,
    accepted: frozenset[str],
    unfit: Sequence[Problem] = (),
) -> Intake:
    """Judge `files` for the site `name` and file them; the caller holds the repository's lock.

    `unfit` are the problems of what was given and is no file.
    """
    own = tuple(problem for problem in survey.problems if problem.site in (None, name))
    site = next((site for site in survey.sites if site.name == name), None)
    if site is None or errors(own):
        return Intake(own, None, None)
    stored, problems = read_site(survey.root, name)
    generations, damages = read_generations(stored)
    problems = (*problems, *damages)
    if errors(problems):
        return Intake(problems, None, None)
    verdict = judge(site, generations, files, passwords, at, accepted)
    judged = (*unfit, *_weigh(verdict, survey, accepted))
    if verdict.generation is None or errors(judged):
        return Intake(judged, None, None)
    filed = _with_key(survey, verdict.generation, verdict)
    outcome = Compilation(survey, (name,), Options(), taken={name: filed}).write(lambda _name: None)
    problems = (*judged, *(problem for problem in outcome.problems if problem.site in (None, name)))
    return Intake(problems, None if errors(problems) else filed, outcome)


def _weigh(verdict: Verdict, survey: Survey, accepted: frozenset[str]) -> tuple[Problem, ...]:
    """Return the verdict's problems as `policy.severity` weighs them, save those that a person accepted."""
    overruled = [problem for problem in verdict.problems if problem.code in accepted]
    others = [problem for problem in verdict.problems if problem.code not in accepted]
    return (*overruled, *apply_severities(others, survey.severities))


def _with_key(survey: Survey, generation: Generation, verdict: Verdict) -> Generation:
    """Encrypt the customer's key to the recipients, where one came; it is never written otherwise.

    A key that is there already stays as it is: a second intake of the same files changes nothing.
    """
    if verdict.private_key is None or generation.encrypted_key is not None:
        return generation
    return replace(
        generation,
        encrypted_key=encrypt_key(verdict.private_key, survey.recipients),
        recipients=tuple(recipient.fingerprint for recipient in survey.recipients),
    )
