"""`sitecert intake`."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitecert.cli.arguments import AT, GIVEN_FILES, PASSWORD_FILES, complete_sites
from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.terminal import (
    format_option,
    locked,
    repository,
    say,
    session,
    style_for,
    talk_options,
    tell,
    verdict,
)

if TYPE_CHECKING:  # the command imports them when it runs, so that help and the version stay quick
    from sitecert.pipeline.intake import Intake
    from sitecert.pipeline.survey import Survey


def _acceptable(_: click.Context, __: click.Parameter, codes: tuple[str, ...]) -> frozenset[str]:
    """Return the codes in upper case; refuse those that nobody may overrule."""
    from sitecert.problems.registry import acceptable_codes

    given = frozenset(code.upper() for code in codes)
    known = acceptable_codes() if given else frozenset()
    for code in sorted(given - known):
        raise click.BadParameter(f"{code} cannot be overruled; allowed are {', '.join(sorted(known))}")
    return given


@talk_options
@click.command("intake")
@click.argument("site", shell_complete=complete_sites)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=GIVEN_FILES)
@PASSWORD_FILES
@click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="CODE",
    callback=_acceptable,
    help="File it although this is wrong; may be repeated. `sitecert explain CODE` says what it means.",
)
@click.option("--dry-run", is_flag=True, help="Judge what came, and file nothing.")
@format_option(tells_changes=True)
@AT
@click.pass_context
def command(
    ctx: click.Context,
    site: str,
    files: tuple[Path, ...],
    password_files: tuple[Path, ...],
    accepted: frozenset[str],
    at: datetime | None,
    *,
    dry_run: bool,
) -> ExitCode:
    """Take in what the CA returned for SITE: certificates in whatever form, leaf and chain in any order.

    Each field is judged: what was asked for, what came. FILE is told by its content: PEM as mail and tickets
    leave it, DER, base64, PKCS#7, PFX, a Java keystore, a zip or tar archive of these. It may be a folder,
    or `-` for standard input. For a site whose server makes the key, the server's request is taken in in
    the same way; for one whose customer makes it, the private key comes with the certificate.
    """
    root = repository(ctx)
    from sitecert.cli.selection import select_one
    from sitecert.load.given import STANDARD_INPUT, read_all_given, read_passwords
    from sitecert.pipeline.intake import take_in
    from sitecert.pipeline.survey import survey

    if [str(path) for path in (*files, *password_files)].count(STANDARD_INPUT) > 1:
        raise click.UsageError("standard input can be read once: `-` stands more than once", ctx)
    moment = datetime.combine(at, time(12), UTC) if at else datetime.now(UTC)
    with nullcontext() if dry_run else locked(ctx, root):
        found = survey(root)
        name = select_one(ctx, found, site)
        given, unfit = read_all_given(files)
        passwords = read_passwords(password_files)
        taken = take_in(found, name, given, passwords, moment, accepted, unfit, dry_run=dry_run)
    return _report(ctx, name, taken, found, dry_run=dry_run)


def _report(ctx: click.Context, name: str, taken: Intake, found: Survey, *, dry_run: bool) -> ExitCode:
    """Print the verdict, what was filed, and what comes of it."""
    from sitecert.problems.registry import acceptable_codes
    from sitecert.report.intake import filed_text, intake_json, refused_text, verdict_text

    changes = taken.outcome.changes if taken.outcome is not None else ()
    run = session(ctx)
    if run.output_format == "json":
        is_filed = taken.filed is not None
        document = intake_json(
            name, taken.generation, taken.findings, taken.problems, changes, filed=is_filed
        )
        click.echo(document, nl=False)
    else:
        if run.output_format == "text" and run.verbosity >= 0:
            click.echo(verdict_text(taken.findings, style_for(sys.stdout)), nl=False)
        tell(ctx, taken.problems, found.texts, changes, found.names)
    result = verdict(taken.problems)
    if result is ExitCode.PROBLEM:
        say(ctx, refused_text(name, taken.problems, acceptable_codes()))
    elif taken.filed is not None:
        say(ctx, filed_text(name, taken.filed, is_new=bool(changes)))
    elif dry_run:
        say(ctx, f"{name}: this may be filed; nothing was")
    return result
