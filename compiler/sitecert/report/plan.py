"""What compile does, or would do."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

from sitecert.model.artifact import Change, Verb
from sitecert.model.layout import site_folder, site_path
from sitecert.problems import Problem, errors
from sitecert.report.problems import FORMAT_VERSION, problem_data
from sitecert.report.style import Style, printable

WORDS = {Verb.MAKE: "to make", Verb.CHANGE: "to change", Verb.REMOVE: "to remove", Verb.REPLACE: "to replace"}
DONE = {Verb.MAKE: "made", Verb.CHANGE: "changed", Verb.REMOVE: "removed", Verb.REPLACE: "replaced"}
NO_SITE = "(no site)"


def changes_text(changes: Sequence[Change], sites: Iterable[str], style: Style) -> str:
    """Return the changes of each site under its name and the reason that most of them have.

    A line gives its own reason where that is another. `sites` are the names that there are; what
    belongs to none of them comes under a heading of its own.
    """
    folders = {own: site for site in sites for own in (site_folder(site), site_path(site))}
    lines = []
    for site, group in groupby(changes, key=lambda change: _site_of(change, folders)):
        members = list(group)
        why = Counter(change.why for change in members).most_common(1)[0][0]
        lines.append(f"{style('path', site)}  {style('dim', f'({printable(why)})')}\n")
        lines += [_line(change, why, style) for change in members]
    return "".join(lines)


def _site_of(change: Change, folders: dict[str, str]) -> str:
    """Return the site whose file, or whose folder under `out/`, a path is in; a group's is one deeper."""
    parts = change.path.split("/")
    return folders.get("/".join(parts[:2])) or folders.get("/".join(parts[:3])) or NO_SITE


def _line(change: Change, why: str, style: Style) -> str:
    mark = style(change.verb.value, f"{change.verb.value:>5}")
    own = "" if change.why == why else "  " + style("dim", f"({printable(change.why)})")
    return f"{mark} {printable(change.path)}{own}\n"


def total(
    changes: Sequence[Change], problems: Sequence[Problem], sites: Collection[str], *, done: bool
) -> str:
    """Return the one-line total: what becomes of how many files of `sites`, and how many are stopped."""
    stopping = {problem.site for problem in errors(list(problems))}
    stopped = len(sites) if None in stopping else len(stopping & set(sites))
    words = DONE if done else WORDS
    counts = Counter(change.verb for change in changes)
    parts = [f"{counts[verb]} {words[verb]}" for verb in Verb if counts[verb]]
    if stopped < len(sites) and not parts:
        parts = ["nothing to do"]
    if stopped:
        parts.append(f"{stopped} stopped by a problem")
    return f"{len(sites)} site{'s' * (len(sites) != 1)}: {', '.join(parts) or 'nothing to do'}"


def change_data(change: Change) -> dict[str, str]:
    """Return a change as the JSON documents carry it."""
    return {"verb": change.verb.value, "path": change.path, "why": change.why}


def plan_json(changes: Sequence[Change], problems: Sequence[Problem]) -> str:
    """Return changes and problems as one JSON document (schema/plan.schema.json)."""
    document = {
        "format_version": FORMAT_VERSION,
        "changes": [change_data(each) for each in changes],
        "problems": [problem_data(each) for each in problems],
    }
    return json.dumps(document, indent=2) + "\n"
