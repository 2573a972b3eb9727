"""`requires`: which versions of sitecert may compile a repository."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

CLAUSE = re.compile(r"\s*(>=|<=|==|!=|>|<)\s*([0-9]{1,6}(?:\.[0-9]{1,6}){0,3})\s*")
RELEASE = re.compile(r"[0-9]+(?:\.[0-9]+)*")
PARTS = 4
COMPARISONS: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


def is_satisfied(requires: str, version: str) -> bool | None:
    """Tell whether a version satisfies every clause of `requires`, or None where that cannot be read.

    A subset of PEP 440: numbers with dots, shorter ones filled up with zeros; what follows the numbers
    of `version` (`0.2.0.dev1`) does not count.
    """
    clauses = [CLAUSE.fullmatch(clause) for clause in requires.split(",")]
    ours = _numbers(version)
    results = [clause and COMPARISONS[clause[1]](ours, _numbers(clause[2])) for clause in clauses]
    return None if None in results else all(results)


def _numbers(version: str) -> tuple[int, ...]:
    release = RELEASE.match(version)
    numbers = [int(part) for part in release[0].split(".")] if release else []
    return tuple((numbers + [0] * PARTS)[:PARTS])
