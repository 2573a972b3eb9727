"""Which sites a command is about: names, patterns, or all."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches

from sitecert.pipeline.survey import Survey
from sitecert.problems import Problem


def select(found: Survey, patterns: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Return the names that the patterns choose (all for none), and a problem for each idle pattern."""
    chosen, idle = found.select(patterns)
    wrong = [each for each in patterns if not found.select((each,))[0]]
    return chosen, tuple(_with_near_names(*each, found.names) for each in zip(idle, wrong, strict=True))


def _with_near_names(problem: Problem, pattern: str, names: tuple[str, ...]) -> Problem:
    near = get_close_matches(pattern, names, n=3)
    near = near or [name for name in names if pattern and pattern in name][:3]
    return replace(problem, hint=f"did you mean {' or '.join(near)}?") if near else problem
