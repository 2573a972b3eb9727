"""Encrypt the keys under `out/` anew, to today's recipients."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from sitecert.emit.digests import with_digests
from sitecert.load.files import read_regular
from sitecert.load.output import read_site
from sitecert.model.artifact import Change, Verb
from sitecert.model.generation import Generation
from sitecert.model.layout import KEY, LARGEST_FILE, MANIFEST, generation_folder, site_folder
from sitecert.model.record import GenerationRecord
from sitecert.model.stored import StoredSite
from sitecert.pipeline.compile import DISK_REFUSES, cannot_write
from sitecert.pipeline.key_audit import is_outdated, open_and_prove
from sitecert.pipeline.survey import Survey
from sitecert.pki.keys import encrypt_key
from sitecert.plan.generations import read_generations
from sitecert.plan.keys import check_header
from sitecert.policy.waivers import apply_severities
from sitecert.problems import Problem, errors
from sitecert.write.files import replace_file, replace_folder
from sitecert.write.output import complete_interrupted


@dataclass(frozen=True, slots=True)
class Rewrap:
    """What a run did, how many keys were as they should be, and what is wrong.

    `takes_away` tells whether somebody who could open one of the keys can do so no more.
    """

    changes: tuple[Change, ...]
    kept: int
    problems: tuple[Problem, ...]
    takes_away: bool = False


def rewrap(
    survey: Survey, selected: Sequence[str], identities: Sequence[str], progress: Callable[[str], None]
) -> Rewrap:
    """Encrypt every key of the selected sites that is not for today's recipients to just these.

    Each key is opened in memory and proved first; one that is not its certificate's is left as it is. A
    generation's folder is replaced as a whole, then its site's manifest: a run that was killed is gone on
    with by the next. The caller holds the repository's lock.
    """
    everywhere = tuple(problem for problem in survey.problems if problem.site is None)
    if errors(everywhere):
        return Rewrap((), 0, everywhere)
    run = _Run(survey, identities)
    for name in selected:
        if run.disk_refuses:
            break
        run.site(name)
        progress(name)
    problems = (*everywhere, *apply_severities(run.problems, survey.policy.severities))
    ordered = tuple(sorted(problems, key=lambda problem: problem.order))
    return Rewrap(tuple(run.changes), run.kept, ordered, run.takes_away)


class _Run:
    """Goes from site to site, and collects what was done and what is wrong."""

    def __init__(self, survey: Survey, identities: Sequence[str]) -> None:
        self._survey = survey
        self._identities = identities
        self.changes: list[Change] = []
        self.takes_away = False
        self.kept = 0
        self.problems: list[Problem] = []
        self.disk_refuses = False

    def site(self, name: str) -> None:
        """Rewrap the keys of one site; what is damaged there, or cannot be written, is a problem."""
        try:
            stored, generations = self._read(name)
            if stored is not None:
                self._keys(stored, generations)
        except OSError as error:
            self.problems.append(cannot_write(self._survey.root, error, name))
            self.disk_refuses = error.errno in DISK_REFUSES

    def _read(self, name: str) -> tuple[StoredSite | None, Mapping[int, Generation]]:
        """Return what stands of a site, a killed run's work completed; None where it is damaged."""
        stored, problems = read_site(self._survey.root, name)
        if stored.interrupted and not problems:
            complete_interrupted(self._survey.root, stored)
            stored, problems = read_site(self._survey.root, name)
        generations, damages = read_generations(stored)
        self.problems += (*problems, *damages)
        return (None if errors([*problems, *damages]) else stored), generations

    def _keys(self, stored: StoredSite, generations: Mapping[int, Generation]) -> None:
        """Rewrap a site's keys, then bring its manifest up to date with those that were proved."""
        proved: dict[str, str] = {}
        for _, generation in sorted(generations.items()):
            if generation.encrypted_key is not None:
                proved |= self._key(stored, generation)
        path = f"{site_folder(stored.name)}/{MANIFEST}"
        content = read_regular(self._survey.root, path, LARGEST_FILE) if proved else b""
        listed = with_digests(content, stored.name, proved) if isinstance(content, bytes) else None
        if listed is not None and listed != content:
            replace_file(self._survey.root / path, listed)

    def _key(self, stored: StoredSite, generation: Generation) -> Mapping[str, str]:
        """Rewrap one key where that is due; return the digests of its files by path where it was proved."""
        root, recipients = self._survey.root, self._survey.recipients
        folder = generation_folder(stored.name, generation.number)
        is_for_others = bool(check_header(stored.name, generation, recipients))
        is_due = is_for_others or is_outdated(generation, recipients)
        if not is_due and all(_is_listed(stored, f"{folder}/{name}") for name in (KEY, MANIFEST)):
            self.kept += 1
            return {}
        key, _, problems = open_and_prove(stored.name, generation, self._identities)
        self.problems += problems
        if key is None:
            return {}
        files = stored.generations[generation.number].files
        if is_due:
            names = tuple(recipient.fingerprint for recipient in recipients)
            files = {**files, **_for_others(files, encrypt_key(key, recipients), names)}
            replace_folder(root / folder, files)
            self._note(f"{folder}/{KEY}", {*generation.recipients}, {*names})
            self.takes_away |= is_for_others
        else:
            self.kept += 1
        return {f"{folder}/{name}": sha256(files[name]).hexdigest() for name in (KEY, MANIFEST)}

    def _note(self, path: str, before: set[str], after: set[str]) -> None:
        added, removed = len(after - before), len(before - after)
        why = ", ".join(
            f"{count} recipient{'s' * (count != 1)} {word}"
            for count, word in ((added, "more"), (removed, "less"))
            if count
        )
        self.changes.append(Change(Verb.CHANGE, path, why or "its header was not what its record names"))
        self.takes_away |= bool(removed)


def _is_listed(stored: StoredSite, path: str) -> bool:
    return stored.written.get(path) == stored.digests.get(path)


def _for_others(files: Mapping[str, bytes], key: bytes, recipients: tuple[str, ...]) -> dict[str, bytes]:
    """Return the two files of a generation that change: the key, and the record that names its recipients."""
    record = GenerationRecord.from_bytes(files[MANIFEST])
    digests = {**record.files, KEY: sha256(key).hexdigest()}
    return {KEY: key, MANIFEST: replace(record, files=digests, recipients=recipients).to_bytes()}
