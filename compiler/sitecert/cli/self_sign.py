"""`sitecert self-sign SITE`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from sitecert.cli.arguments import AT, complete_sites
from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.private_key import IDENTITIES, KEY, KeyOptions
from sitecert.cli.terminal import format_option, locked, repository, say, talk_options, tell, verdict
from sitecert.pki.self_signing import LONGEST_DAYS


@talk_options
@click.command("self-sign")
@click.argument("site", shell_complete=complete_sites)
@IDENTITIES
@KEY
@click.option(
    "--days",
    type=click.IntRange(1, LONGEST_DAYS),
    default=LONGEST_DAYS,
    show_default=True,
    metavar="DAYS",
    help="How long the certificate is valid.",
)
@click.option("--again", is_flag=True, help="Replace an interim certificate that has not expired.")
@format_option(tells_changes=True)
@AT
@click.pass_context
def command(
    ctx: click.Context,
    site: str,
    identities: tuple[Path, ...],
    key: str | None,
    days: int,
    at: datetime | None,
    *,
    again: bool,
) -> ExitCode:
    """Sign SITE's request with its own key: an interim certificate until the CA answers.

    It is filed beside the request and never takes the place of the CA's certificate. Of a site with
    `issuer: self-signed` it is the certificate itself. It is valid from the date of --at on.
    """
    options = KeyOptions(identities, key)
    if wrong := options.wrong():
        raise click.UsageError(wrong, ctx)
    root = repository(ctx)
    from sitecert.cli.selection import select_one
    from sitecert.pipeline.self_sign import KeySource, Order, sign_own
    from sitecert.pipeline.survey import survey
    from sitecert.report.handoff import self_signed_lines

    # The day begins in UTC, as validity does: a certificate is never one of tomorrow.
    order = Order((at or datetime.now(UTC)).date(), days, again)
    source = KeySource(options.read_identities(), options.read_key())
    with locked(ctx, root):
        found = survey(root)
        name = select_one(ctx, found, site)
        signed = sign_own(found, name, source, order)
    changes = signed.outcome.changes if signed.outcome is not None else ()
    tell(ctx, signed.problems, found.texts, changes, found.names)
    if signed.filed is not None and signed.issued is not None:
        lines = self_signed_lines(name, signed.filed, signed.issued, is_interim=signed.is_interim)
        for line in lines:
            say(ctx, line)
    return verdict(signed.problems)
