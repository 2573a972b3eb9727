"""`sitecert intake`."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from sitecert.cli.arguments import AT, GIVEN_FILES, PASSWORD_FILES, complete_sites
from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.terminal import format_option, locked, repository, say, talk_options, tell, verdict
from sitecert.problems.codes.certificates import ACCEPTABLE


def _acceptable(_: click.Context, __: click.Parameter, codes: tuple[str, ...]) -> frozenset[str]:
    """Return the codes in upper case; refuse those that nobody may overrule."""
    given = frozenset(code.upper() for code in codes)
    for code in sorted(given - ACCEPTABLE):
        raise click.BadParameter(f"{code} cannot be overruled; allowed are {', '.join(sorted(ACCEPTABLE))}")
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
    help=f"File it although this is wrong ({', '.join(sorted(ACCEPTABLE))}); may be repeated.",
)
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
) -> ExitCode:
    """Take in what the CA returned for SITE: certificates in whatever form, leaf and chain in any order.

    FILE is told by its content: PEM as mail and tickets leave it, DER, base64, PKCS#7, PFX, a Java
    keystore, a zip or tar archive of these. It may be a folder, or `-` for standard input. For a site whose
    server makes the key, the server's request is taken in in the same way; for one whose customer makes
    it, the private key comes with the certificate.
    """
    root = repository(ctx)
    from sitecert.cli.selection import select_one
    from sitecert.load.given import STANDARD_INPUT, read_all_given, read_passwords
    from sitecert.pipeline.intake import take_in
    from sitecert.pipeline.survey import survey
    from sitecert.report.intake import filed_text

    if [str(path) for path in (*files, *password_files)].count(STANDARD_INPUT) > 1:
        raise click.UsageError("standard input can be read once: `-` stands more than once", ctx)
    today = at.date() if at else date.today()  # noqa: DTZ011 - the user's own calendar
    with locked(ctx, root):
        found = survey(root)
        name = select_one(ctx, found, site)
        given, unfit = read_all_given(files)
        taken = take_in(found, name, given, read_passwords(password_files), today, accepted, unfit)
    changes = taken.outcome.changes if taken.outcome is not None else ()
    tell(ctx, taken.problems, found.texts, changes, found.names)
    result = verdict(taken.problems)
    if taken.filed is not None and result is ExitCode.FINE:
        say(ctx, filed_text(name, taken.filed, is_new=bool(changes)))
    return result
