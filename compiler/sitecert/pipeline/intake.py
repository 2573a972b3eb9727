"""Take in what a CA returned: judge it, file it, compile what depends on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sitecert.intake.case import Question
from sitecert.intake.pieces import take_apart
from sitecert.intake.verdict import Verdict, judge
from sitecert.load.anchors import read_public_anchors
from sitecert.load.output import read_site
from sitecert.model.generation import Generation
from sitecert.model.layout import MANIFEST
from sitecert.model.record import GenerationRecord, RecordError
from sitecert.model.site import IssuerKind, Site
from sitecert.model.verdict import KeyHolder
from sitecert.pipeline.compile import Compilation, Options, Outcome
from sitecert.pipeline.standing import own_problems
from sitecert.pipeline.survey import Survey
from sitecert.pki.anchors import Anchors
from sitecert.pki.formats.contents import GivenFile
from sitecert.pki.keys import encrypt_key
from sitecert.plan.generations import read_generations
from sitecert.policy.waivers import apply_severities
from sitecert.problems import Problem, errors
from sitecert.problems.finding import Finding
from sitecert.problems.registry import acceptable_codes
from sitecert.repo.keys import find_committed_key


@dataclass(frozen=True, slots=True)
class Intake:
    """What came of an intake.

    `findings` judge what came for the generation `generation`, field by field; `problems` are all that were
    found, theirs included. `filed` is the generation as it stands now, and `outcome` what was written (of a
    dry run, what would be), where no problem forbade it.
    """

    problems: tuple[Problem, ...]
    generation: int | None = None
    findings: tuple[Finding, ...] = ()
    filed: Generation | None = None
    outcome: Outcome | None = None


def take_in(
    survey: Survey,
    name: str,
    files: Sequence[GivenFile],
    passwords: Sequence[str],
    at: datetime,
    accepted: frozenset[str],
    unfit: Sequence[Problem] = (),
    *,
    dry_run: bool = False,
) -> Intake:
    """Judge `files` for the site `name` and file them; with `dry_run` say what would be filed.

    `passwords` are tried on what lies under one; `at` is the moment by which validity is judged; `accepted`
    are the codes that a person overrules; `unfit` are the problems of what was given and is no file. The
    caller holds the repository's lock, unless nothing is to be written.
    """
    own = own_problems(survey.problems, name)
    site = next((site for site in survey.sites if site.name == name), None)
    if site is None or errors(own):
        return Intake(own)
    stored, problems = read_site(survey.root, name)
    generations, damages = read_generations(stored)
    problems = (*problems, *damages)
    if errors(problems):
        return Intake(problems, site.key.generation)
    question = _question(survey, site, generations, at)
    pieces = take_apart(files, passwords, name)
    verdict = judge(question, pieces.contents, files[0].path if files else "")
    findings = _weigh(verdict.findings, survey.severities, accepted)
    judged = (*unfit, *pieces.problems, *_problems_of(findings))
    if verdict.generation is None or errors(judged):
        return Intake(judged, site.key.generation, findings)
    taken = _with_key(survey, verdict.generation, verdict)
    why = "this would be filed" if dry_run else ""
    compilation = Compilation(survey, (name,), Options(), {name: taken}, why)
    outcome = compilation.foresee() if dry_run else compilation.write(lambda _name: None)
    problems = (*judged, *own_problems(outcome.problems, name))
    filed = None if dry_run or errors(problems) else taken
    return Intake(problems, taken.number, findings, filed, outcome)


def _question(survey: Survey, site: Site, generations: Mapping[int, Generation], at: datetime) -> Question:
    # A site that signs for itself has no use for roots; reading the public ones takes 30 ms.
    needs_roots = site.issuer is not IssuerKind.SELF_SIGNED
    return Question(
        site=site,
        generations=generations,
        at=at,
        public=read_public_anchors() if needs_roots else Anchors(),
        internal=Anchors(survey.trust),
        find_key=lambda spki: _find_key(survey, site.name, spki),
    )


def _find_key(survey: Survey, own: str, spki_sha256: str) -> KeyHolder | None:
    """Look for a public key among the other sites, then in git's history."""
    for name in survey.names:
        if name == own:
            continue
        stored, _ = read_site(survey.root, name)
        for number, generation in stored.generations.items():
            if _recorded_key(generation.files) == spki_sha256:
                return KeyHolder(name, number)
    return find_committed_key(survey.root, spki_sha256)


def _recorded_key(files: Mapping[str, bytes]) -> str | None:
    try:
        return GenerationRecord.from_bytes(files.get(MANIFEST, b"")).spki_sha256
    except RecordError:
        return None


def _weigh(
    findings: Iterable[Finding], severities: Mapping[str, str], accepted: frozenset[str]
) -> tuple[Finding, ...]:
    """Return the findings as `policy.severity` weighs them, save those that a person accepted."""
    overruled = accepted & acceptable_codes()
    return tuple(
        each.accept()
        if each.problem is not None and each.problem.code in overruled
        else each.weigh(lambda problem: apply_severities([problem], severities)[0])
        for each in findings
    )


def _problems_of(findings: Iterable[Finding]) -> tuple[Problem, ...]:
    return tuple(each.problem for each in findings if each.problem is not None)


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
