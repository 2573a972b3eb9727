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


def refuse_unready(ctx: click.Context, root: Path, sites: Sequence[str], branch: str | None = None) -> None:
    """Exit with 1 where the sites could not be committed (to a new branch): before anything is written."""
    from sitecert.pipeline.commits import check_ready

    problems = check_ready(root, sites, branch)
    if problems:
        tell(ctx, problems, {})
        ctx.exit(ExitCode.PROBLEM)


def commit_changes(
    ctx: click.Context,
    root: Path,
    changes: Sequence[Change],
    names: Sequence[str],
    at: datetime | None,
    branch: str | None = None,
) -> tuple[Problem, ...]:
    """Commit each site that changed (to a new branch), say so, and return what git refused."""
    from sitecert.pipeline.commits import Committed, begin_branch, commit_sites
    from sitecert.report.commit_message import commit_message
    from sitecert.report.problems import problems_text
    from sitecert.report.style import plain

    today = at.date() if at else date.today()  # noqa: DTZ011 - the user's own calendar
    refusal = begin_branch(root, branch) if branch is not None and changes else None
    made = Committed({}, (refusal,)) if refusal else commit_sites(root, changes, names, commit_message, today)
    for site, commit in made.commits.items():
        say(ctx, f"{site}: committed as {commit[:10]}")
    for line in made.output.splitlines():
        click.echo(printable(line), err=True)
    click.echo(problems_text(made.problems, {}, plain), err=True, nl=False)
    return made.problems
