"""What commands that commit have in common: refusing before they write, and showing what git says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click

from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.terminal import say, tell
from sitecert.model.artifact import Change
from sitecert.problems import Problem
from sitecert.report.style import printable


def refuse_unready(ctx: click.Context, root: Path, sites: Sequence[str]) -> None:
    """Exit with 1 where the sites could not be committed: before anything is written for them."""
    from sitecert.pipeline.commits import check_ready

    problems = check_ready(root, sites)
    if problems:
        tell(ctx, problems, {})
        ctx.exit(ExitCode.PROBLEM)


def commit_changes(
    ctx: click.Context, root: Path, changes: Sequence[Change], names: Sequence[str], at: datetime | None
) -> tuple[Problem, ...]:
    """Commit each site that changed, say so, and return the problem of a commit that git refused."""
    from sitecert.pipeline.commits import commit_sites
    from sitecert.report.commit_message import commit_message
    from sitecert.report.problems import problems_text
    from sitecert.report.style import plain

    today = at.date() if at else date.today()  # noqa: DTZ011 - the user's own calendar
    made = commit_sites(root, changes, names, commit_message, today)
    for site, commit in made.commits.items():
        say(ctx, f"{site}: committed as {commit[:10]}")
    for line in made.output.splitlines():
        click.echo(printable(line), err=True)
    click.echo(problems_text(made.problems, {}, plain), err=True, nl=False)
    return made.problems
