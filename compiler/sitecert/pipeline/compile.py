"""From sites to `out/`: plan, make keys, render, compare, write."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sitecert.emit.templates import OverrideError, Templates
from sitecert.load.data import read_overrides, read_templates
from sitecert.load.output import find_strays, read_site
from sitecert.model.artifact import Artifact, Change, Verb
from sitecert.model.document import Place
from sitecert.model.generation import Generation
from sitecert.model.layout import generation_folder
from sitecert.model.plan import SitePlan
from sitecert.model.site import Site
from sitecert.model.stored import StoredSite
from sitecert.pipeline.judgement import judge_generation
from sitecert.pipeline.keys import RequestNotAsAsked, make_generation
from sitecert.pipeline.memo import Memo
from sitecert.pipeline.render import site_artifacts
from sitecert.pipeline.survey import Survey
from sitecert.plan.generations import check_none_lost, read_generations
from sitecert.plan.keys import check_header, check_keys_differ, check_weak_keys
from sitecert.plan.site import plan_site
from sitecert.policy.waivers import apply_severities
from sitecert.problems import Problem, errors
from sitecert.problems.codes.environment import CANNOT_WRITE
from sitecert.problems.codes.generations import KEY_NOT_COMMITTED, KEY_WITHOUT_SITE
from sitecert.repo import is_committed
from sitecert.write.compare import compare, foresee
from sitecert.write.output import complete_interrupted, remove_file, write_site

Progress = Callable[[str], None]

DISK_REFUSES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})
"""What no other site's files would escape either."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a repository is compiled: `jobs` threads make keys; `prune_keys` lets unclaimed keys go."""

    jobs: int = 1
    prune_keys: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found and did (or, for `plan` and `--check`, what it would do)."""

    problems: tuple[Problem, ...]
    changes: tuple[Change, ...]
    sites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A site that may be compiled: its plan, and what stands under `out/` less what is kept for git.

    `why` is the cause, in a clause, where one is known that holds for the whole site.
    """

    plan: SitePlan
    stored: StoredSite
    why: str


class Compilation:
    """One run over the selected sites of a survey."""

    def __init__(
        self,
        survey: Survey,
        selected: tuple[str, ...],
        options: Options,
        taken: Mapping[str, Generation] | None = None,
        why_taken: str = "",
    ) -> None:
        """Prepare a run.

        `taken` maps a site to its current generation as another command just made it: an intake, unless
        `why_taken` says in a clause what happened to it.
        """
        self._survey = survey
        self._taken = taken or {}
        self._why_taken = why_taken
        self._selected = selected
        self._options = options
        overrides, problems = read_overrides(survey.root)
        packaged = read_templates()
        self._texts = {**packaged, **overrides}
        self._templates = Templates(packaged, overrides)
        self._problems: list[Problem] = [*survey.problems, *problems]
        self._changes: list[Change] = []
        self._noted: set[str | None] = set()

    def foresee(self) -> Outcome:
        """Say what compile would do; writes nothing, and needs no secret."""
        for each in self._prepare(complete=False):
            try:
                self._changes += _describe(each, site_artifacts(self._templates, each.plan))
            except OverrideError as error:
                self._report(error.problem(each.plan.site.name))
        self._changes += self._stray_changes()
        return self._outcome()

    def write(self, progress: Progress) -> Outcome:
        """Bring `out/` to what the sites say; the caller holds the repository's lock.

        `progress` is called with a site's name when that site is done.
        """
        memo = Memo(self._survey.root, self._texts, self._survey.recipients)
        prepared = self._prepare(complete=True, memo=memo)
        for name in set(self._selected) - {each.plan.site.name for each in prepared}:
            progress(name)
        with memo, self._making_keys(prepared) as generation_of:
            for each in prepared:
                try:
                    self._write_site(each, generation_of(each.plan), memo)
                except RequestNotAsAsked as error:
                    self._report(*error.problems)
                except OverrideError as error:
                    self._report(error.problem(each.plan.site.name))
                except OSError as error:
                    self._report(self._cannot_write(error, each.plan.site.name))
                    if error.errno in DISK_REFUSES:
                        return self._outcome()
                progress(each.plan.site.name)
        self._remove_strays()
        return self._outcome()

    def _report(self, *problems: Problem) -> None:
        """Collect problems, with the severities that `policy.severity` sets."""
        self._note(*apply_severities(problems, self._survey.policy.severities))

    def _note(self, *problems: Problem) -> None:
        """Collect problems that are weighed."""
        self._problems += problems
        self._noted |= {problem.site for problem in problems}

    def _outcome(self) -> Outcome:
        problems = sorted(set(self._problems), key=lambda problem: problem.order)
        return Outcome(tuple(problems), tuple(self._changes), self._selected)

    def _stopped(self) -> set[str | None]:
        """Return the sites that an error stops; None among them stops all."""
        return {problem.site for problem in errors(self._problems)}

    def _prepare(self, *, complete: bool, memo: Memo | None = None) -> list[_Prepared]:
        """Read and plan every selected site; those with an error are left out."""
        read: list[tuple[Site, StoredSite, dict[int, Generation]]] = []
        keys: list[tuple[str, int, str]] = []
        for site in self._survey.sites:
            if site.name not in self._selected:
                continue
            stored = self._read(site, complete=complete)
            if memo is not None and site.name not in self._taken and memo.holds(site, stored):
                keys += memo.keys(site.name)
                continue
            generations = self._understand(site, stored)
            read.append((site, stored, generations))
            keys += _keys(site.name, generations.values())
        self._report(*check_keys_differ(keys))
        self._report(*check_weak_keys((s.name, n, each) for s, _, g in read for n, each in g.items()))
        for site, _, generations in read:
            for each in generations.values():
                self._report(*check_header(site.name, each, self._survey.recipients))
        plans = [self._plan(site, stored, generations) for site, stored, generations in read]
        stopped = self._stopped()
        return [] if None in stopped else [each for each in plans if each.plan.site.name not in stopped]

    def _read(self, site: Site, *, complete: bool) -> StoredSite:
        """Return what stands of a site, after what a killed run began is completed."""
        stored, problems = read_site(self._survey.root, site.name)
        if complete and stored.interrupted and not problems and None not in self._stopped():
            try:
                complete_interrupted(self._survey.root, stored)
            except OSError as error:
                self._report(self._cannot_write(error, site.name))
            stored, problems = read_site(self._survey.root, site.name)
        lost = () if problems else check_none_lost(stored, site.key.generation)
        self._report(*problems, *lost)
        return stored

    def _understand(self, site: Site, stored: StoredSite) -> dict[int, Generation]:
        """Return a site's whole generations, with the one that an intake just judged."""
        generations, damages = read_generations(stored)
        self._report(*damages)
        if site.name in self._taken:
            generations[site.key.generation] = self._taken[site.name]
            self._refuses(site, self._taken[site.name])
        return generations

    def _plan(self, site: Site, stored: StoredSite, generations: dict[int, Generation]) -> _Prepared:
        fingerprints = tuple(recipient.fingerprint for recipient in self._survey.recipients)
        prune = self._options.prune_keys
        plan, problems = plan_site(site, generations, fingerprints, may_drop_keys=prune)
        self._report(*problems)
        for number in () if prune else plan.dropped:
            folder = generation_folder(site.name, number)
            if not is_committed(self._survey.root, folder):
                message = "is superseded, but git does not have it"
                self._report(KEY_NOT_COMMITTED.at(Place(folder, 1, 1), message, site=site.name))
                stored = _without(stored, folder)
        taken = self._taken.get(site.name)
        return _Prepared(plan, stored, self._why_taken or _why_taken(taken) if taken else plan.why)

    @contextmanager
    def _making_keys(self, prepared: list[_Prepared]) -> Iterator[Callable[[SitePlan], Generation]]:
        """Yield a function that gives a plan's current generation, while threads make the keys ahead."""
        recipients = self._survey.recipients
        executor = ThreadPoolExecutor(max_workers=self._options.jobs)
        try:
            futures = {
                each.plan.site.name: executor.submit(make_generation, each.plan, recipients)
                for each in prepared
                if each.plan.makes_key
            }
            yield lambda plan: futures[plan.site.name].result() if plan.makes_key else plan.current
        finally:
            executor.shutdown(cancel_futures=True)

    def _write_site(self, prepared: _Prepared, generation: Generation, memo: Memo) -> None:
        plan = replace(prepared.plan, current=generation)
        if plan.makes_key and self._refuses(plan.site, generation):
            return
        artifacts = site_artifacts(self._templates, plan)
        changes = _describe(prepared, artifacts)
        if changes:
            write_site(self._survey.root, plan.site.name, artifacts, changes)
            self._changes += changes
        if not plan.makes_key and plan.site.name not in self._noted:
            site = next(site for site in self._survey.sites if site.name == plan.site.name)
            memo.remember(site, artifacts, _keys(site.name, plan.kept))

    def _refuses(self, site: Site, generation: Generation) -> bool:
        """Judge a generation that is new or changed; say whether it must not be written."""
        judged = judge_generation(site, generation, self._survey.policy)
        self._note(*judged)
        return bool(errors(list(judged)))

    def _stray_changes(self) -> list[Change]:
        """Return the removal of what no site claims; a key among it is a problem unless it may go."""
        if set(self._selected) != set(self._survey.names) or None in self._stopped():
            return []
        strays, problems = find_strays(self._survey.root, frozenset(self._survey.names))
        self._report(*problems)
        kept = (
            set() if self._options.prune_keys else {stray.key_folder for stray in strays if stray.key_folder}
        )
        self._report(
            *(
                KEY_WITHOUT_SITE.at(Place(folder, 1, 1), "holds a private key, but no site claims it")
                for folder in sorted(kept)
            )
        )
        return [Change(Verb.REMOVE, s.path, "no site claims it") for s in strays if s.key_folder not in kept]

    def _remove_strays(self) -> None:
        for change in self._stray_changes():
            try:
                remove_file(self._survey.root, change.path)
            except OSError as error:
                self._report(self._cannot_write(error, None))
            else:
                self._changes.append(change)

    def _cannot_write(self, error: OSError, site: str | None) -> Problem:
        return cannot_write(self._survey.root, error, site)


def cannot_write(root: Path, error: OSError, site: str | None) -> Problem:
    """Return the problem that a file below `out/` cannot be written."""
    path = Path(error.filename or root / "out")
    if path.is_relative_to(root):
        path = path.relative_to(root)
    message = f"cannot be written: {(error.strerror or str(error)).lower()}"
    return CANNOT_WRITE.at(Place(path.as_posix(), 1, 1), message, site=site)


def _describe(prepared: _Prepared, artifacts: tuple[Artifact, ...]) -> tuple[Change, ...]:
    """Return the changes of a site; where it gets a key, the same before that is made and after."""
    if prepared.plan.makes_key:
        return foresee(prepared.plan, artifacts, prepared.stored)
    return compare(artifacts, prepared.stored, prepared.why)


def _keys(site: str, generations: Iterable[Generation]) -> list[tuple[str, int, str]]:
    return [(site, each.number, each.spki_sha256) for each in generations if each.spki_sha256]


def _why_taken(generation: Generation) -> str:
    return "its certificate was taken in" if generation.certificate else "the server's request was taken in"


def _without(stored: StoredSite, folder: str) -> StoredSite:
    digests = {path: digest for path, digest in stored.digests.items() if not path.startswith(f"{folder}/")}
    return replace(stored, digests=digests)
