"""Which sites a command is about: names, patterns, or all."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches

import click

from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.terminal import tell
from sitecert.pipeline.survey import Survey
from sitecert.problems import Problem


def select(found: Survey, patterns: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Return the names that the patterns choose (all for none), and a problem for each idle pattern."""
    chosen, idle = found.select(patterns)
    wrong = [each for each in patterns if not found.select((each,))[0]]
    return chosen, tuple(_with_near_names(*each, found.names) for each in zip(idle, wrong, strict=True))


def select_one(ctx: click.Context, found: Survey, pattern: str) -> str:
    """Return the one name that a pattern chooses; exits 1 where there is none, 3 for more than one."""
    chosen, idle = select(found, (pattern,))
    if idle:
        tell(ctx, idle, found.texts)
        ctx.exit(ExitCode.PROBLEM)
    if len(chosen) > 1:
        raise click.UsageError(f"one site at a time: {pattern!r} names {len(chosen)}", ctx)
    return chosen[0]


def _with_near_names(problem: Problem, pattern: str, names: tuple[str, ...]) -> Problem:
    near = get_close_matches(pattern, names, n=3)
    near = near or [name for name in names if pattern and pattern in name][:3]
    return replace(problem, hint=f"did you mean {' or '.join(near)}?") if near else problem
