"""`sitecert validate`."""

from __future__ import annotations

from datetime import date, datetime

import click

from sitecert.cli.arguments import AT, SITES
from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.terminal import format_option, repository, say, talk_options, tell, verdict


@talk_options
@click.command("validate")
@SITES
@format_option(tells_changes=False)
@AT
@click.pass_context
def command(ctx: click.Context, sites: tuple[str, ...], at: datetime | None) -> ExitCode:
    """Check every site (or those named) by schema and policy; write nothing."""
    root = repository(ctx)
    from sitecert.cli.selection import select
    from sitecert.pipeline.survey import survey

    today = at.date() if at else date.today()  # noqa: DTZ011 - the user's own calendar
    found = survey(root, today)
    chosen, idle = select(found, sites)
    problems = [*idle, *(each for each in found.problems if each.site is None or each.site in chosen)]
    tell(ctx, problems, found.texts)
    result = verdict(problems)
    if result is ExitCode.FINE:
        say(ctx, f"{len(chosen)} site{'s' * (len(chosen) != 1)}: fine")
    return result
