"""The certificate that is in use today, for a new site: from a file, or from the host that serves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sitecert.cli.arguments import GIVEN_FILES, PASSWORD_FILES
from sitecert.cli.connect import AddressType, RedirectionType, timeout_option
from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.terminal import tell
from sitecert.model.document import Place
from sitecert.model.layout import site_path
from sitecert.model.verification import Address, Redirection

if TYPE_CHECKING:
    from sitecert.pipeline.draft import FromCertificate

Command = Callable[..., ExitCode]


@dataclass(frozen=True, slots=True)
class InUse:
    """Where the certificate in use is to be had from: a file, a host, or neither."""

    file: Path | None
    password_files: tuple[Path, ...]
    host: Address | None
    redirections: tuple[Redirection, ...]
    seconds: float

    @classmethod
    def taken_from(cls, options: dict[str, Any], ctx: click.Context) -> InUse:
        """Take the options of `in_use_options` out of a command's; refuse two sources at once."""
        names = ("from_cert", "password_files", "from_host", "redirections", "seconds")
        asked = cls(*(options.pop(name) for name in names))
        if asked.file is not None and asked.host is not None:
            raise click.UsageError("--from-cert and --from-host: one certificate is in use, not two", ctx)
        if asked.password_files and asked.file is None:
            raise click.UsageError("--password-file opens what --from-cert names; that is not given", ctx)
        if asked.redirections and asked.host is None:
            raise click.UsageError("--connect says where --from-host connects; that is not given", ctx)
        return asked

    @property
    def is_asked_for(self) -> bool:
        """Whether there is a certificate to look at."""
        return self.file is not None or self.host is not None

    def read(self, ctx: click.Context, site: str, issuer: str | None) -> FromCertificate | None:
        """Return what the certificate gives for a site; exits 1 where none can be had."""
        from sitecert.load.given import read_all_given, read_passwords
        from sitecert.pipeline.draft import draft_from_certificate
        from sitecert.pipeline.served import NotServedError, RedirectionError, draft_from_host
        from sitecert.pki.errors import PkiError

        try:
            if self.file is not None:
                files, _ = read_all_given([self.file])
                return draft_from_certificate(files, read_passwords(self.password_files), issuer)
            if self.host is not None:
                return draft_from_host(self.host, self.redirections, self.seconds, issuer)
        except PkiError as error:
            raise click.ClickException(f"{self.file or self.host}: {error}") from error
        except RedirectionError as error:
            raise click.UsageError(f"--connect: {error}", ctx) from error
        except NotServedError as error:
            tell(ctx, [error.rule.at(Place(site_path(site), 1, 1), error.message)], {})
            ctx.exit(ExitCode.PROBLEM)
        return None


def in_use_options(command: Command) -> Command:
    """Add the options that say where the certificate in use is to be had from."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


OPTIONS = (
    click.option(
        "--from-cert",
        type=GIVEN_FILES,
        metavar="FILE",
        help="Fill the file from the certificate in use today, and file that as generation-0.",
    ),
    PASSWORD_FILES,
    click.option(
        "--from-host",
        type=AddressType(),
        metavar="HOST[:PORT]",
        help="The same from the certificate that HOST serves, trusted or not; port 443 unless given.",
    ),
    click.option(
        "--connect",
        "redirections",
        type=RedirectionType(),
        multiple=True,
        metavar="HOST=ADDR:PORT",
        help="With --from-host: connect elsewhere, and ask there for HOST.",
    ),
    timeout_option("With --from-host: how long the connection may take."),
)
