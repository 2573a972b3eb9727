"""Files under `out/` that do not follow from their sources."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from sitecert.model.artifact import Change, Verb
from sitecert.model.document import Place
from sitecert.problems import Problem
from sitecert.problems.codes.review import OUTPUT_EDITED, OUTPUT_STALE

WORDS = {
    Verb.MAKE: "is missing",
    Verb.CHANGE: "is not what compile makes",
    Verb.REMOVE: "would not be there",
    Verb.REPLACE: "would be replaced by another",
}


def output_problems(
    changes: Sequence[Change], paths: Collection[str], site_of: Mapping[str, str]
) -> Iterator[Problem]:
    """Report what a compile of the new state would change: edited in this change, or only not compiled.

    `paths` are all that differ between the states; `site_of` maps the folder of a site to its name.
    """
    stale: dict[str | None, list[Change]] = {}
    for change in changes:
        site = next((name for folder, name in site_of.items() if change.path.startswith(f"{folder}/")), None)
        if change.path in paths and change.verb is not Verb.MAKE:
            message = f"{WORDS[change.verb]}: {change.why}"
            yield OUTPUT_EDITED.at(Place(change.path, 1, 1), message, site=site)
        else:
            stale.setdefault(site, []).append(change)
    for site, left in stale.items():
        yield _stale(site, left)


def _stale(site: str | None, changes: Sequence[Change]) -> Problem:
    """Return one problem for all files of a site that only wait for a compile."""
    first, count = changes[0], len(changes)
    others = f" (and {count - 1} more of its files)" if count > 1 else ""
    message = f"{WORDS[first.verb]}: {first.why}{others}"
    return OUTPUT_STALE.at(Place(first.path, 1, 1), message, site=site)
