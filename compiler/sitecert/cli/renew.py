"""`sitecert renew`."""

from __future__ import annotations

import os
from datetime import datetime

import click

from sitecert.cli.arguments import AT, SITES
from sitecert.cli.commit import commit_changes, refuse_unready
from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.status import moment_of
from sitecert.cli.terminal import (
    format_option,
    locked,
    progress_bar,
    repository,
    say,
    talk_options,
    tell,
    verdict,
)


@talk_options
@click.command("renew")
@SITES
@click.option("--due", is_flag=True, help="All sites (or, of those named, the ones) that `status` calls due.")
@click.option(
    "--branch",
    metavar="NAME",
    help="Begin this branch, and commit each renewed site there, for a pull request.",
)
@format_option(tells_changes=True)
@AT
@click.pass_context
def command(
    ctx: click.Context, sites: tuple[str, ...], branch: str | None, at: datetime | None, *, due: bool
) -> ExitCode:
    """Open the next generation of SITE: raise `key.generation` in its file, and compile.

    Nothing else of the file changes: comments and layout stay. What is in service stays so until the
    new certificate is taken in. A site whose request is still with its CA is refused; with --due it
    is passed over.
    """
    if not sites and not due:
        raise click.UsageError("name the sites to renew, or give --due", ctx)
    root = repository(ctx)
    from sitecert.cli.selection import select
    from sitecert.pipeline.compile import Options
    from sitecert.pipeline.renew import due_sites, renew
    from sitecert.pipeline.survey import survey

    with locked(ctx, root):
        found = survey(root)
        chosen, idle = select(found, sites)
        names = due_sites(found, chosen, moment_of(at)) if due else chosen
        if branch is not None:
            refuse_unready(ctx, root, names, branch)
        with progress_bar(ctx, len(names), "renewing") as progress:
            renewal = renew(found, names, Options(jobs=os.cpu_count() or 1), progress)
    problems = (*idle, *renewal.outcome.problems)
    tell(ctx, problems, renewal.survey.texts, renewal.outcome.changes, found.names)
    for each in renewal.raised:
        say(ctx, f"{each.site}: generation {each.generation} is open; next: `sitecert status {each.site}`")
    if due and not names and not problems:
        say(ctx, "nothing is due")
    if branch is not None:
        problems += commit_changes(ctx, root, renewal.outcome.changes, found.names, at, branch)
    return verdict(problems)
