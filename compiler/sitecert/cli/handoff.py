"""`sitecert handoff SITE`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click

from sitecert.cli.arguments import AT, FILE_OR_INPUT, STANDARD_INPUT, complete_sites
from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.private_key import IDENTITIES, KEY, KeyOptions
from sitecert.cli.terminal import format_option, locked, repository, say, talk_options, tell, verdict
from sitecert.model.runbook import KeyDelivery


@dataclass(frozen=True, slots=True)
class Secrets:
    """The options that say where secrets come from."""

    key: KeyOptions
    passphrase_file: Path | None

    def wrong_without_key(self, why: str) -> str:
        """Return what is wrong with the options for a pack without a key, or nothing."""
        given = (*self.key.given, *(["--passphrase-file"] if self.passphrase_file else []))
        return f"{' and '.join(given)}: {why}; its pack holds none" if given else ""

    def wrong_with_key(self) -> str:
        """Return what is wrong first with the options for a pack that holds the key, or nothing."""
        faults = (
            (
                self.key.key and str(self.passphrase_file) == STANDARD_INPUT,
                "--key and --passphrase-file: both would read standard input",
            ),
            (
                self.passphrase_file is None and not sys.stderr.isatty(),
                "there is no terminal to show a new passphrase on; give one with --passphrase-file FILE",
            ),
        )
        return self.key.wrong() or next((message for is_so, message in faults if is_so), "")


@talk_options
@click.command("handoff")
@click.argument("site", shell_complete=complete_sites)
@click.option("--server", metavar="NAME", help="The server that the pack is for, or `load-balancer`.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder to make, or a file that ends in .tar or .zip; nothing is overwritten.",
)
@IDENTITIES
@KEY
@click.option(
    "--passphrase-file",
    type=FILE_OR_INPUT,
    metavar="FILE",
    help="Protect the key by the first line of FILE; else by a passphrase that is shown once.",
)
@format_option(tells_changes=True)
@AT
@click.pass_context
def command(
    ctx: click.Context,
    site: str,
    server: str | None,
    output: Path,
    identities: tuple[Path, ...],
    key: str | None,
    passphrase_file: Path | None,
    at: datetime | None,
) -> ExitCode:
    """Make a pack: for SITE's customer, or with --server for the server that installs the certificate.

    The customer's pack holds the request and what to ask the CA for. Handing it over seals the
    generation: from then on the request stays as it is.

    A server's pack holds runbook, certificate and key. The key is opened in memory and written under a
    passphrase, never in the clear. A server that makes its own key gets what makes key and request first.
    """
    secrets = Secrets(KeyOptions(identities, key), passphrase_file)
    if server is None:
        _refuse(ctx, secrets.wrong_without_key("a customer is never given a private key"))
        return _to_customer(ctx, site, output, at.date() if at else date.today())  # noqa: DTZ011 - the user's
    _refuse(ctx, "--at: a server's pack depends on no date" if at else "")
    return _to_server(ctx, site, server, output, secrets)


def _to_customer(ctx: click.Context, site: str, output: Path, at: date) -> ExitCode:
    """Write the customer's pack and seal the generation."""
    root = repository(ctx)
    from sitecert.cli.selection import select_one
    from sitecert.pipeline.customer import hand_to_customer
    from sitecert.pipeline.survey import survey
    from sitecert.report.handoff import customer_lines

    with locked(ctx, root):
        found = survey(root)
        name = select_one(ctx, found, site)
        handed = hand_to_customer(found, name, output, at)
    tell(ctx, handed.problems, found.texts, handed.changes, found.names)
    if handed.pack is not None:
        sealed = handed.sealed
        for line in customer_lines(str(output), handed.pack.files, name, sealed, is_new=handed.is_new):
            say(ctx, line)
    return verdict(handed.problems) if handed.pack is not None else ExitCode.PROBLEM


def _to_server(ctx: click.Context, site: str, server: str, output: Path, secrets: Secrets) -> ExitCode:
    """Write the pack for a server or for the load balancer."""
    root = repository(ctx)
    from sitecert.cli.selection import select_one
    from sitecert.pipeline.handoff import KeySource, find_delivery, hand_over
    from sitecert.pipeline.survey import survey
    from sitecert.problems import Problem
    from sitecert.report.handoff import pack_lines

    found = survey(root)
    delivery, problems = find_delivery(found, select_one(ctx, found, site), server)
    if delivery is None:
        tell(ctx, problems, found.texts)
        return ExitCode.PROBLEM
    is_kept_there = f"the key of {delivery.site} is on its server"
    _refuse(ctx, secrets.wrong_with_key() if delivery.needs_key else secrets.wrong_without_key(is_kept_there))
    passphrase = _read_passphrase(ctx, secrets.passphrase_file, delivery.key)
    source = KeySource(secrets.key.read_identities(), secrets.key.read_key())
    made = hand_over(delivery, source, passphrase, output)
    if isinstance(made, Problem):
        tell(ctx, [*problems, made], found.texts)
        return ExitCode.PROBLEM
    tell(ctx, problems, found.texts)
    folder = made.pack.folder if made.is_archive else None
    for line in pack_lines(str(output), folder, made.pack.files, server, has_key=delivery.needs_key):
        say(ctx, line)
    if passphrase is None and made.passphrase is not None:  # whatever `-q` says: nobody could ask again
        click.echo(f"The passphrase of the key, shown this once:\n\n    {made.passphrase}\n", err=True)
    return ExitCode.FINE


def _refuse(ctx: click.Context, wrong: str) -> None:
    """Refuse options that contradict one another, or that something is missing beside."""
    if wrong:
        raise click.UsageError(wrong, ctx)


def _read_passphrase(ctx: click.Context, path: Path | None, delivery: KeyDelivery) -> str | None:
    """Return the passphrase that a file gives, or None where one is to be made; exits 1 for an unfit one."""
    from sitecert.load.given import read_given
    from sitecert.pipeline.handoff import read_passphrase
    from sitecert.problems import Problem

    if path is None:
        return None
    name = "standard input" if str(path) == STANDARD_INPUT else str(path)
    passphrase = read_passphrase(read_given(path), name, delivery)
    if isinstance(passphrase, Problem):
        tell(ctx, [passphrase], {})
        ctx.exit(ExitCode.PROBLEM)
    return passphrase
