"""Files under `out/` that do not follow from their sources."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

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
    changes: Iterable[Change], paths: Collection[str], site_of: dict[str, str]
) -> Iterator[Problem]:
    """Report what a compile of the new state would change: edited in this change, or only not compiled.

    `paths` are all that differ between the states; `site_of` maps the folder of a site to its name.
    """
    for change in changes:
        site = next((name for folder, name in site_of.items() if change.path.startswith(f"{folder}/")), None)
        is_edited = change.path in paths and change.verb is not Verb.MAKE
        rule = OUTPUT_EDITED if is_edited else OUTPUT_STALE
        message = f"{WORDS[change.verb]}: {change.why}"
        yield rule.at(Place(change.path, 1, 1), message, site=site)
