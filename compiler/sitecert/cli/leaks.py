"""`sitecert leaks`."""

from __future__ import annotations

import click

from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.terminal import format_option, repository, say, talk_options, tell, verdict


@talk_options
@click.command("leaks")
@click.option(
    "--history",
    "commits",
    is_flag=False,
    flag_value="HEAD",
    metavar="[RANGE]",
    help="Search what these commits brought, too: `main..HEAD`; without a RANGE, all that HEAD comes from.",
)
@format_option(tells_changes=False)
@click.pass_context
def command(ctx: click.Context, commits: str | None) -> ExitCode:
    """Search for private keys, by content: every file that git does not ignore, and what is staged.

    Found are PEM, DER, PKCS#12, Java keystores, OpenSSH and PuTTY keys and age identities, in the clear or
    under a password that anybody tries first; also as base64, inside other text, and in archives.
    """
    root = repository(ctx)
    from sitecert.pipeline.leaks import search

    searched = search(root, commits)
    tell(ctx, searched.problems, {})
    result = verdict(searched.problems)
    if result is ExitCode.FINE:
        say(ctx, f"{searched.files} file{'s' * (searched.files != 1)} searched: no private key")
    return result
