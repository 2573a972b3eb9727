"""`sitecert plan`."""

from __future__ import annotations

import click

from sitecert.cli.arguments import SITES
from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.terminal import format_option, repository, say, talk_options, tell, verdict


@talk_options
@click.command("plan")
@SITES
@format_option(tells_changes=True)
@click.option("--prune-keys", is_flag=True, help="Show keys that no site claims as removed.")
@click.pass_context
def command(ctx: click.Context, sites: tuple[str, ...], *, prune_keys: bool) -> ExitCode:
    """Say what compile would do, and why; exit 2 where there is something to do. Writes nothing."""
    root = repository(ctx)
    from sitecert.cli.selection import select
    from sitecert.pipeline.compile import Compilation, Options
    from sitecert.pipeline.survey import survey
    from sitecert.report.plan import total

    found = survey(root)
    chosen, idle = select(found, sites)
    outcome = Compilation(found, chosen, Options(prune_keys=prune_keys)).foresee()
    problems = (*idle, *outcome.problems)
    tell(ctx, problems, found.texts, outcome.changes, found.names)
    say(ctx, total(outcome.changes, problems, chosen, done=False))
    return verdict(problems, due=bool(outcome.changes))
