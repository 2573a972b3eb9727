"""One commit for each site that a compile or a renewal changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sitecert.model.artifact import Change
from sitecert.model.document import Place
from sitecert.model.layout import site_folder
from sitecert.model.review import SiteReview
from sitecert.pipeline.review import Asked, review
from sitecert.pipeline.survey import CONFIGURATION
from sitecert.problems import Problem
from sitecert.problems.codes.review import NOT_COMMITTED_YET
from sitecert.repo.committer import Committer, Refused
from sitecert.review.touched import touched_sites

FOR_ALL_SITES = (CONFIGURATION, "templates")

Message = Callable[[str, SiteReview | None], str]
"""Takes a site and what is said of it; returns the message of its commit."""


@dataclass(frozen=True, slots=True)
class Committed:
    """The commits made, by site; where git refused one: the problem, and what git and its hooks printed."""

    commits: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    output: str = ""


def check_ready(root: Path, sites: Sequence[str], branch: str | None = None) -> tuple[Problem, ...]:
    """Return why the sites could not be committed now, on a new branch where one is named.

    This is asked before anything is written for them.
    """
    committer = Committer(root)
    problems = committer.check_ready([path for name in sites for path in _own_paths(name)])
    if problems:
        return problems
    refusal = committer.check_branch(branch) if branch is not None else None
    if refusal:
        return (refusal,)
    pending = committer.changed(FOR_ALL_SITES)
    return tuple(NOT_COMMITTED_YET.at(Place(path, 1, 1), "differs from what git has") for path in pending)


def begin_branch(root: Path, name: str) -> Problem | None:
    """Create a branch and go to it, or say why not."""
    return Committer(root).begin_branch(name)


def commit_sites(
    root: Path, changes: Sequence[Change], names: Sequence[str], message: Message, at: date
) -> Committed:
    """Commit each site that `changes` are about, in the order of their names; stop where git refuses.

    `names` are those that have a file, `message` makes the text of a commit. A commit holds the site's own
    file and its folder under `out/`.
    """
    committer = Committer(root)
    sites = touched_sites([change.path for change in changes], frozenset(names))
    reviewed = review(root, Asked(base="HEAD", work_tree=True), at).review
    said = {each.name: each for each in reviewed.sites} if reviewed else {}
    commits: dict[str, str] = {}
    for site in sites:
        paths = committer.changed(_own_paths(site))
        if not paths:
            continue
        made = committer.commit(paths, message(site, said.get(site)))
        if isinstance(made, Refused):
            return Committed(commits, (made.problem,), made.output)
        commits[site] = made
    return Committed(commits)


def _own_paths(site: str) -> tuple[str, ...]:
    return (f"sites/{site}.yaml", site_folder(site))
