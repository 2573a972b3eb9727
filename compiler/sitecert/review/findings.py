"""Which problems come with a change, which go, and which stood before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sitecert.model.layout import site_folder
from sitecert.problems import Problem
from sitecert.problems.wording import show_path

WAIVED = " (waived until "
"""Where the reason of a waiver begins in what it waives: another day or reason makes no other problem."""


@dataclass(frozen=True, slots=True)
class Findings:
    """Problems by what the change has to do with them."""

    new: tuple[Problem, ...]
    fixed: tuple[Problem, ...]
    standing: tuple[Problem, ...]


def sort_findings(before: Iterable[Problem], after: Iterable[Problem]) -> Findings:
    """Hold the problems of both states against each other; that a line moved makes no problem new."""
    old, new = ({_identity(each): each for each in problems} for problems in (before, after))
    return Findings(
        new=_ordered(each for key, each in new.items() if key not in old),
        fixed=_ordered(each for key, each in old.items() if key not in new),
        standing=_ordered(each for key, each in new.items() if key in old),
    )


def _identity(problem: Problem) -> tuple[str, ...]:
    said = problem.message.partition(WAIVED)[0]
    return (problem.code, problem.severity, problem.place.path, problem.pointer, said)


def _ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.order))


def of_site(problems: Sequence[Problem], name: str) -> tuple[Problem, ...]:
    """Return the problems of one site: by its name, or by the file that they are about."""
    file, folder = show_path(f"sites/{name}.yaml"), show_path(f"{site_folder(name)}/")
    return tuple(
        problem
        for problem in problems
        if problem.site == name
        or (problem.site is None and (problem.place.path == file or problem.place.path.startswith(folder)))
    )
