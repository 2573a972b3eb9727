"""`sitecert handoff SITE`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import click

from sitecert.cli.arguments import complete_sites
from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.terminal import repository, say, talk_options, tell
from sitecert.model.runbook import KeyDelivery

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FILE_OR_INPUT = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Secrets:
    """The options that say where secrets come from."""

    identities: tuple[Path, ...]
    key: str | None
    passphrase_file: Path | None

    def wrong_without_key(self, site: str) -> str:
        """Return what is wrong with the options for a pack without a key, or nothing."""
        options = {"-i": self.identities, "--key": self.key, "--passphrase-file": self.passphrase_file}
        given = [option for option, value in options.items() if value]
        if not given:
            return ""
        return f"{' and '.join(given)}: the key of {site} is on its server; its pack holds none"

    def wrong_with_key(self) -> str:
        """Return what is wrong first with the options for a pack that holds the key, or nothing."""
        faults = (
            (
                self.key not in (None, STANDARD_INPUT),
                "--key: only `-`, standard input, is allowed: a key in the clear belongs in no file",
            ),
            (self.key and self.identities, "-i and --key: one of them opens the key, not both"),
            (
                not self.key and not self.identities,
                "-i FILE is missing: the identity that opens the site's key",
            ),
            (
                self.key and str(self.passphrase_file) == STANDARD_INPUT,
                "--key and --passphrase-file: both would read standard input",
            ),
            (self.key and sys.stdin.isatty(), "--key: standard input is a terminal; pipe the key in"),
            (
                self.passphrase_file is None and not sys.stderr.isatty(),
                "there is no terminal to show a new passphrase on; give one with --passphrase-file FILE",
            ),
        )
        return next((message for is_so, message in faults if is_so), "")

    def read_identities(self) -> tuple[str, ...]:
        """Return the texts of the identity files; raises OSError."""
        from sitecert.load.given import read_given

        return tuple(read_given(path).decode("utf-8", "replace") for path in self.identities)

    def read_key(self) -> bytes | None:
        """Return the key that is piped in, if it is."""
        from sitecert.load.given import read_given

        return read_given(Path(STANDARD_INPUT)) if self.key else None


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
    help="The folder to make, or a file that ends in .tar; nothing is overwritten.",
)
@click.option(
    "-i",
    "--identity",
    "identities",
    multiple=True,
    type=FILE,
    metavar="FILE",
    help="An age identity, or an SSH private key, that opens the site's key; may be repeated.",
)
@click.option("--key", metavar="-", help="Read the private key itself from standard input, as PEM.")
@click.option(
    "--passphrase-file",
    type=FILE_OR_INPUT,
    metavar="FILE",
    help="Protect the key by the first line of FILE; else by a passphrase that is shown once.",
)
@click.pass_context
def command(
    ctx: click.Context,
    site: str,
    server: str | None,
    output: Path,
    identities: tuple[Path, ...],
    key: str | None,
    passphrase_file: Path | None,
) -> ExitCode:
    """Make the pack that takes SITE's certificate to a server: runbook, certificate, key, checksums.

    The key is opened in memory and written under a passphrase, never in the clear. A site whose server
    made the key needs none of that.
    """
    if server is None:
        raise click.UsageError("--server NAME is missing: the server that the pack is for", ctx)
    root = repository(ctx)
    from sitecert.cli.selection import select_one
    from sitecert.pipeline.handoff import KeySource, find_delivery, hand_over
    from sitecert.pipeline.survey import survey
    from sitecert.problems import Problem
    from sitecert.report.handoff import pack_lines

    found = survey(root)
    delivery, problems = find_delivery(found, select_one(ctx, found, site), server)
    tell(ctx, problems, found.texts)
    if delivery is None:
        return ExitCode.PROBLEM
    secrets = Secrets(identities, key, passphrase_file)
    _check_options(ctx, secrets, delivery.site, needs_key=delivery.needs_key)
    passphrase = _read_passphrase(ctx, passphrase_file, delivery.key)
    source = KeySource(secrets.read_identities(), secrets.read_key())
    made = hand_over(delivery, source, passphrase, output)
    if isinstance(made, Problem):
        tell(ctx, [made], {})
        return ExitCode.PROBLEM
    folder = made.pack.folder if made.is_tar else None
    for line in pack_lines(str(output), folder, made.pack.files, server, has_key=delivery.needs_key):
        say(ctx, line)
    if passphrase is None and made.passphrase is not None:  # whatever `-q` says: nobody could ask again
        click.echo(f"The passphrase of the key, shown this once:\n\n    {made.passphrase}\n", err=True)
    return ExitCode.FINE


def _check_options(ctx: click.Context, secrets: Secrets, site: str, *, needs_key: bool) -> None:
    """Refuse options that contradict one another, or that something is missing beside."""
    wrong = secrets.wrong_with_key() if needs_key else secrets.wrong_without_key(site)
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
