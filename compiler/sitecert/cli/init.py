"""`sitecert init DIR`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.terminal import say, talk_options, tell


@talk_options
@click.command("init")
@click.argument("directory", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--recipient",
    "recipients",
    multiple=True,
    metavar="KEY",
    help="An age or SSH public key that can open the private keys; may be repeated.",
)
@click.pass_context
def command(ctx: click.Context, directory: Path, recipients: tuple[str, ...]) -> ExitCode:
    """Lay out a certificate repository in DIR; files that are there already stay as they are.

    Without --recipient an age identity is made in your configuration folder (or the one there is used).
    """
    from sitecert.pipeline.layout import is_repository, lay_out
    from sitecert.pki.errors import PkiError
    from sitecert.problems import Problem
    from sitecert.report.style import printable

    if recipients and is_repository(directory):
        message = f"--recipient: {directory}/sitecert.yaml is there already; write its recipients there"
        raise click.UsageError(message, ctx)
    try:
        laid_out = lay_out(directory, recipients)
    except PkiError as error:
        raise click.UsageError(f"--recipient: {error}", ctx) from error
    if isinstance(laid_out, Problem):
        tell(ctx, [laid_out], {})
        return ExitCode.PROBLEM
    click.echo("".join(f"  + {printable(path)}\n" for path in laid_out.written), nl=False)
    if laid_out.kept:
        say(ctx, f"kept as they are: {', '.join(laid_out.kept)}")
    identity = laid_out.identity
    if identity is not None:
        origin = "made your age identity" if identity.is_new else "your age identity is"
        say(ctx, f"{origin} {identity.path}: it opens the keys, so keep a copy of it in a safe place")
    say(ctx, f"{len(laid_out.written)} file{'s' * (len(laid_out.written) != 1)} made in {directory}; next:")
    if directory.resolve() != Path.cwd():
        say(ctx, f"  cd {shlex.quote(str(directory))}")
    say(ctx, "  sitecert compile     # makes out/ from sites/")
    say(ctx, "  sitecert new SITE    # writes the file of your first site")
    return ExitCode.FINE
