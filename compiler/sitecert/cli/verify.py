"""`sitecert verify`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, time
from pathlib import Path

import click

from sitecert.cli.arguments import AT, complete_sites
from sitecert.cli.connect import CONNECT, timeout_option
from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.selection import select_one
from sitecert.cli.terminal import (
    format_option,
    hidden,
    repository,
    say,
    session,
    style_for,
    talk_options,
    tell,
    verdict,
)
from sitecert.model.document import Place
from sitecert.model.verification import Redirection, Verification
from sitecert.problems import Problem
from sitecert.problems.codes.verification import NOT_KEPT


@talk_options
@click.command("verify")
@click.argument("site", shell_complete=complete_sites)
@CONNECT
@timeout_option("How long each connection may take; all are made at once.")
@click.option("--record", is_flag=True, help="Keep what was seen under evidence/SITE/.")
@format_option(tells_changes=False)
@AT
@click.pass_context
def command(
    ctx: click.Context,
    site: str,
    redirections: tuple[Redirection, ...],
    seconds: float,
    at: datetime | None,
    *,
    record: bool,
) -> ExitCode:
    """See whether SITE's certificate is served: by every server, for every name.

    Exits 2 where the generation before is still served, 1 where anything else is wrong.
    """
    root = repository(ctx)
    from sitecert.pipeline.survey import survey
    from sitecert.pipeline.verify import Asked, RedirectionError, verify
    from sitecert.report.verify import verification_json, verification_text, verification_total

    now = datetime.now(UTC)
    found = survey(root)
    name = select_one(ctx, found, site)
    moment = datetime.combine(at, time(12), UTC) if at else now
    try:
        verified = verify(found, name, Asked(seconds, redirections), now, moment)
    except RedirectionError as error:
        raise click.UsageError(f"--connect: {error}", ctx) from error
    if verified.seen is None:
        tell(ctx, verified.problems, found.texts)
        return ExitCode.PROBLEM
    seen, findings = verified.seen, verified.findings
    kept = _keep(root, seen, verification_json(seen, findings, verified.problems)) if record else ""
    unkept = (kept,) if isinstance(kept, Problem) else ()
    problems = (*verified.problems, *unkept)
    run = session(ctx)
    if run.output_format == "json":
        click.echo(verification_json(seen, findings, problems), nl=False)
    elif run.output_format == "github":
        tell(ctx, problems, found.texts)
    else:
        text = verification_text(seen, findings, style_for(sys.stdout), hidden(run))
        click.echo(text, nl=False)
        tell(ctx, unkept, found.texts)
    if kept and not unkept:
        say(ctx, f"kept in {kept}")
    say(ctx, verification_total(seen, findings))
    return verdict(problems, due=verified.is_due)


def _keep(root: Path, seen: Verification, document: str) -> str | Problem:
    """Write the evidence under the time of the look; return its path, or the problem that it cannot be."""
    from sitecert.write.evidence import write_evidence

    name = f"{seen.made_at:%Y-%m-%dT%H%M%SZ}.json"
    try:
        return write_evidence(root, seen.site, name, document.encode())
    except OSError as error:
        path = Path(error.filename).relative_to(root).as_posix()
        message = f"cannot be written: {(error.strerror or str(error)).lower()}"
        return NOT_KEPT.at(Place(path, 1, 1), message, site=seen.site)
