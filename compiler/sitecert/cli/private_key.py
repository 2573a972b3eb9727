"""The options by which a command is given a site's private key."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import click

from sitecert.cli.arguments import STANDARD_INPUT, identity_option

IDENTITIES = identity_option("the site's key")
KEY = click.option("--key", metavar="-", help="Read the private key itself from standard input, as PEM.")


@dataclass(frozen=True, slots=True)
class KeyOptions:
    """Where the private key comes from, as the command line says."""

    identities: tuple[Path, ...]
    key: str | None

    @property
    def given(self) -> tuple[str, ...]:
        """The options that were given."""
        options = {"-i": self.identities, "--key": self.key}
        return tuple(option for option, value in options.items() if value)

    def wrong(self) -> str:
        """Return what is wrong first with the options, or nothing."""
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
            (self.key and sys.stdin.isatty(), "--key: standard input is a terminal; pipe the key in"),
        )
        return next((message for is_so, message in faults if is_so), "")

    def read_identities(self) -> tuple[str, ...]:
        """Return the texts of the identity files; raises OSError."""
        from sitecert.load.given import read_identities

        return read_identities(self.identities)

    def read_key(self) -> bytes | None:
        """Return the key that is piped in, if it is."""
        from sitecert.load.given import read_given

        return read_given(Path(STANDARD_INPUT)) if self.key else None
