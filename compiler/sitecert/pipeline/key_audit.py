"""Open the keys under `out/`, and prove each to be the one that its request and certificate name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import rsa

from sitecert.load.output import read_site
from sitecert.model.document import Place
from sitecert.model.generation import Generation
from sitecert.model.keys import AuditedKey, Proof
from sitecert.model.layout import KEY, generation_folder
from sitecert.pipeline.survey import Survey
from sitecert.pki.age_files import describe_stanzas, read_stanzas
from sitecert.pki.errors import KeyMaterialError
from sitecert.pki.keys import decrypt_key, spki_sha256
from sitecert.pki.recipients import Recipient
from sitecert.pki.weak_keys import weaknesses
from sitecert.plan.generations import read_generations
from sitecert.plan.keys import check_header
from sitecert.policy.waivers import apply_severities
from sitecert.problems import Problem
from sitecert.problems.codes.generations import RECIPIENTS_CHANGED, WEAK_KEY
from sitecert.problems.codes.keys import OTHER_KEY, UNPROVED

Opened = tuple[rsa.RSAPrivateKey | None, Proof, tuple[Problem, ...]]
"""A key, where it is the right one; what opening it proved; what is wrong."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found of every key of the selected sites."""

    keys: tuple[AuditedKey, ...]
    problems: tuple[Problem, ...]

    @property
    def is_due(self) -> bool:
        """Whether a key is to be encrypted to other recipients."""
        return any(key.is_outdated for key in self.keys)


def audit(
    survey: Survey, selected: Sequence[str], identities: Sequence[str], progress: Callable[[str], None]
) -> Audit:
    """Open every key of the selected sites in memory; `identities` are the texts of identity files.

    Without identities none is opened, and only the files' outsides are looked at. A site whose own file
    has errors is audited all the same: its keys stand. Nothing is written. `progress` is called with a
    site's name when that site is done.
    """
    problems = [problem for problem in survey.problems if problem.site is None]
    keys: list[AuditedKey] = []
    for name in selected:
        stored, unread = read_site(survey.root, name)
        generations, damages = read_generations(stored)
        problems += apply_severities((*unread, *damages), survey.policy.severities)
        for _, generation in sorted(generations.items()):
            key, found = _audit_key(name, generation, survey.recipients, identities)
            keys.append(key)
            problems += apply_severities(found, survey.policy.severities)
        progress(name)
    return Audit(tuple(keys), tuple(sorted(problems, key=lambda problem: problem.order)))


def open_and_prove(site: str, generation: Generation, identities: Sequence[str]) -> Opened:
    """Return a generation's key and whether it is the right one; it is given out only where it is."""
    place = key_place(site, generation)
    try:
        key = decrypt_key(generation.encrypted_key or b"", identities)
    except KeyMaterialError as error:
        hint = f"give the identity of a recipient; or look with `age -d -i IDENTITY {place.path}`"
        return None, Proof.UNPROVED, (UNPROVED.at(place, str(error), hint=hint, site=site),)
    if spki_sha256(key.public_key()) != generation.spki_sha256:
        what = "certificate" if generation.certificate else "request"
        message = f"holds another key than its {what} was made with"
        return None, Proof.WRONG, (OTHER_KEY.at(place, message, site=site),)
    return key, Proof.PROVED, ()


def key_place(site: str, generation: Generation) -> Place:
    """Return where a generation's encrypted key lies."""
    return Place(f"{generation_folder(site, generation.number)}/{KEY}", 1, 1)


def is_outdated(generation: Generation, recipients: Sequence[Recipient]) -> bool:
    """Whether a generation's key is encrypted to others than today's recipients, where those are known."""
    return bool(recipients) and {*generation.recipients} != {each.fingerprint for each in recipients}


def _audit_key(
    site: str, generation: Generation, recipients: Sequence[Recipient], identities: Sequence[str]
) -> tuple[AuditedKey, tuple[Problem, ...]]:
    place = key_place(site, generation)
    if generation.encrypted_key is None:
        return AuditedKey(
            site, generation.number, generation.stage, Proof.ELSEWHERE, place.path, generation.spki_sha256
        ), ()
    unopened: Opened = (None, Proof.UNOPENED, ())
    key, proof, problems = open_and_prove(site, generation, identities) if identities else unopened
    outdated = is_outdated(generation, recipients)
    problems += check_header(site, generation, recipients)
    if outdated:
        message = "is not encrypted to the recipients of sitecert.yaml"
        problems += (RECIPIENTS_CHANGED.at(place, message, site=site),)
    problems += tuple(_weak(site, place, key))
    audited = AuditedKey(
        site=site,
        generation=generation.number,
        stage=generation.stage,
        proof=proof,
        path=place.path,
        spki_sha256=generation.spki_sha256,
        bits=key.key_size if key else None,
        recipients=generation.recipients,
        header=_header(generation),
        is_outdated=outdated,
        disclosed=generation.disclosed,
    )
    return audited, problems


def _weak(site: str, place: Place, key: rsa.RSAPrivateKey | None) -> Iterator[Problem]:
    for clause in weaknesses(key.public_key()) if key else ():
        yield WEAK_KEY.at(place, f"its key is weak: {clause}", site=site)


def _header(generation: Generation) -> str:
    try:
        return describe_stanzas(read_stanzas(generation.encrypted_key or b""))
    except KeyMaterialError:
        return ""
