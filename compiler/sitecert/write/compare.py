"""How the files that should stand differ from those that do, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256

from sitecert.model.artifact import Artifact, Change, Verb
from sitecert.model.layout import KEY, MANIFEST, OPENSSL_CONFIG, REQUEST, REQUEST_TEXT, site_folder
from sitecert.model.layout import generation_folder as folder_of
from sitecert.model.plan import SitePlan
from sitecert.model.stored import StoredSite
from sitecert.write.files import TEMPORARY

MADE_WITH_KEY = (OPENSSL_CONFIG, REQUEST, REQUEST_TEXT, KEY, MANIFEST)

GENERATION_FILE = re.compile(r"/generation-([0-9]{1,6})/[^/]+\Z")

INTERRUPTED = "a run was interrupted"
LEFT_BEHIND = "was left by a run that was interrupted"
DELETED = "was deleted after sitecert wrote it"
EDITED = "was edited after sitecert wrote it"
INPUTS_CHANGED = "the site, sitecert.yaml, a template or sitecert itself changed"
NOT_OURS = "sitecert did not write it"
SUPERSEDED = "a newer generation has its place"
NOT_ASKED = "the site asks for it no more"
LISTS_CHANGED = "lists the files that change"
LIST_EDITED = "was edited, or a run was interrupted before it was written"


def compare(artifacts: Iterable[Artifact], stored: StoredSite, why: str = "") -> tuple[Change, ...]:
    """Return what must be made, changed and removed, sorted by path.

    `why` is the cause, in a clause, where one is known that holds for the whole site.
    """
    expected = {artifact.path: sha256(artifact.content).hexdigest() for artifact in artifacts}
    return _Comparison(expected, stored, why).changes()


def foresee(plan: SitePlan, artifacts: Iterable[Artifact], stored: StoredSite) -> tuple[Change, ...]:
    """Return what compile would do to a site that gets a key: `artifacts` are all the other files.

    The key is not made, so the files that it brings are named without looking into them.
    """
    folder = folder_of(plan.site.name, plan.current.number)
    made = frozenset(f"{folder}/{name}" for name in MADE_WITH_KEY)
    expected = {artifact.path: sha256(artifact.content).hexdigest() for artifact in artifacts}
    return _Comparison({**expected, **dict.fromkeys(made, "")}, stored, plan.why, made).changes()


class _Comparison:
    """The files of one site that should stand, by digest, against those that do."""

    def __init__(
        self, expected: Mapping[str, str], stored: StoredSite, why: str, made: frozenset[str] = frozenset()
    ) -> None:
        """Prepare; `made` are the paths that a new key brings."""
        self._expected = expected
        self._stored = stored
        self._why = why
        self._made = made
        self._manifest = f"{site_folder(stored.name)}/{MANIFEST}"

    def changes(self) -> tuple[Change, ...]:
        """Return the changes, sorted by path; the manifest's reason depends on there being others."""
        found, expected = self._stored.digests, self._expected
        paths = sorted(path for path in {*found, *expected} if found.get(path) != expected.get(path))
        return tuple(self._change(path, is_alone=len(paths) == 1) for path in paths)

    def _change(self, path: str, *, is_alone: bool) -> Change:
        if path not in self._expected:
            return Change(Verb.REMOVE, path, self._why_removed(path))
        if path not in self._stored.digests:
            return Change(Verb.MAKE, path, self._why_made(path))
        if path in self._made:
            return Change(Verb.REPLACE, path, self._why)
        if path == self._manifest:
            return Change(Verb.CHANGE, path, self._why or (LIST_EDITED if is_alone else LISTS_CHANGED))
        return Change(Verb.CHANGE, path, self._why_changed(path))

    def _why_made(self, path: str) -> str:
        if path in self._made:
            return self._why
        if path in self._stored.written:
            return INTERRUPTED if self._stored.interrupted else DELETED
        return self._why or INPUTS_CHANGED

    def _why_changed(self, path: str) -> str:
        written = self._stored.written.get(path)
        if written is not None and written != self._stored.digests[path]:
            return EDITED
        return self._why or INPUTS_CHANGED

    def _why_removed(self, path: str) -> str:
        folder, _, name = path.rpartition("/")
        if folder in self._stored.interrupted or (name.startswith(".") and name.endswith(TEMPORARY)):
            return LEFT_BEHIND
        number = _generation_of(path)
        if number is not None and any((_generation_of(each) or 0) > number for each in self._expected):
            return SUPERSEDED
        if path not in self._stored.written:
            return NOT_OURS
        return self._why or NOT_ASKED


def _generation_of(path: str) -> int | None:
    """Return the number of the generation whose file a path is, or None."""
    match = GENERATION_FILE.search(path)
    return int(match[1]) if match else None
