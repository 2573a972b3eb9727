"""`sitecert status`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from io import TextIOWrapper
from typing import TYPE_CHECKING

import click

from sitecert.cli.arguments import AT, SITES
from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.terminal import repository, say, session, style_for, talk_options, tell, verdict

if TYPE_CHECKING:
    from sitecert.model.fleet import SiteStatus
    from sitecert.pipeline.status import FleetStatus

TABLE, JSON = "table", "json"
FORMATS = (TABLE, JSON, "csv", "ics", "prometheus")


def _format(ctx: click.Context, _: click.Parameter, value: str) -> str:
    session(ctx).output_format = JSON if value == JSON else "text"
    return value


@talk_options
@click.command("status")
@SITES
@click.option(
    "--format",
    "output_format",
    type=click.Choice(FORMATS),
    default=TABLE,
    show_default=True,
    is_eager=True,
    callback=_format,
    help="How the status is written.",
)
@AT
@click.pass_context
def command(ctx: click.Context, sites: tuple[str, ...], output_format: str, at: datetime | None) -> ExitCode:
    """Say where every site (or those named) stands: its certificate, when to act, what is next.

    Exits 2 where a replacement is due, 1 where a problem stops a site. Writes nothing.
    """
    root = repository(ctx)
    from sitecert.cli.selection import select
    from sitecert.pipeline.status import fleet_status
    from sitecert.pipeline.survey import survey
    from sitecert.report.status import status_total

    moment = moment_of(at)
    found = survey(root, moment.date())
    chosen, idle = select(found, sites)
    status = fleet_status(found, chosen, moment)
    problems = (*idle, *status.problems)
    if output_format == JSON:
        from sitecert.report.status import status_json

        click.echo(status_json(status.sites, moment.date(), problems), nl=False)
    else:
        tell(ctx, problems, found.texts)
        _show(status, output_format, moment)
    say(ctx, status_total(status.sites))
    return verdict(problems, due=status.is_due)


def moment_of(at: datetime | None) -> datetime:
    """Return the moment to judge by, in UTC: noon of the day that was given, else now."""
    return datetime.combine(at, time(12), UTC) if at else datetime.now(UTC)


def _show(status: FleetStatus, output_format: str, moment: datetime) -> None:
    from sitecert.report.status import status_csv, status_table
    from sitecert.report.status_calendar import status_calendar
    from sitecert.report.status_metrics import status_metrics

    render: Mapping[str, Callable[[tuple[SiteStatus, ...]], str]] = {
        TABLE: lambda sites: status_table(sites, style_for(sys.stdout)),
        "csv": status_csv,
        "ics": lambda sites: status_calendar(sites, moment),
        "prometheus": status_metrics,
    }
    if output_format != TABLE and isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(newline="")  # each format says itself how its lines end
    click.echo(render[output_format](status.sites), nl=False)
