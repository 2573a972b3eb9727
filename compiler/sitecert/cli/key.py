"""`sitecert key audit` and `sitecert key rewrap`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sitecert.cli.arguments import SITES, identity_option
from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.terminal import (
    format_option,
    locked,
    progress_bar,
    repository,
    say,
    session,
    style_for,
    talk_options,
    tell,
    verdict,
)

KEPT_IN_GIT = (
    "git keeps the old files, and who could open them still can: "
    "only a new generation takes access away (raise key.generation, or run `sitecert renew SITE`)"
)


def _read_identities(ctx: click.Context, paths: tuple[Path, ...]) -> tuple[str, ...]:
    """Return the texts of identity files, each found to be one."""
    from sitecert.load.given import read_identities
    from sitecert.pki.errors import KeyMaterialError
    from sitecert.pki.keys import check_identity

    texts = read_identities(paths)
    for path, text in zip(paths, texts, strict=True):
        try:
            check_identity(text)
        except KeyMaterialError as error:
            raise click.BadParameter(f"{path}: {error}", ctx, param_hint="-i") from None
    return texts


@talk_options
@click.command("audit", short_help="Open each key, and prove that it is the right one.")
@SITES
@identity_option("the keys")
@format_option(tells_changes=False)
@click.pass_context
def audit_command(ctx: click.Context, sites: tuple[str, ...], identities: tuple[Path, ...]) -> ExitCode:
    """Open each key in memory, and prove that it is the one its request and certificate were made with.

    Without -i no key is opened: then only what the files show of themselves is looked at. Exits 1 where
    something is wrong, 2 where a key is to be encrypted to other recipients. Writes nothing.
    """
    root = repository(ctx)
    opened_by = _read_identities(ctx, identities)
    from sitecert.cli.selection import select
    from sitecert.pipeline.key_audit import audit
    from sitecert.pipeline.survey import survey
    from sitecert.report.keys import audit_json, audit_text, audit_total

    found = survey(root)
    chosen, idle = select(found, sites)
    with progress_bar(ctx, len(chosen), "opening") as progress:
        audited = audit(found, chosen, opened_by, progress)
    problems = (*idle, *audited.problems)
    if session(ctx).output_format == "json":
        click.echo(audit_json(audited.keys, problems), nl=False)
    else:
        click.echo(audit_text(audited.keys, style_for(sys.stdout)), nl=False)
        tell(ctx, problems, found.texts)
    say(ctx, audit_total(audited.keys))
    if not identities and audited.keys:
        say(ctx, "no key was opened: give the identity of a recipient with -i FILE")
    return verdict(problems, due=audited.is_due)


@talk_options
@click.command("rewrap", short_help="Encrypt keys anew to today's recipients.")
@SITES
@identity_option("the keys", required=True)
@format_option(tells_changes=True)
@click.pass_context
def rewrap_command(ctx: click.Context, sites: tuple[str, ...], identities: tuple[Path, ...]) -> ExitCode:
    """Encrypt keys anew to the recipients that sitecert.yaml names today.

    Each key is opened in memory and proved first; one that is not its certificate's stays as it is. Keys
    that are for today's recipients already are not touched.
    """
    root = repository(ctx)
    opened_by = _read_identities(ctx, identities)
    from sitecert.cli.selection import select
    from sitecert.pipeline.rewrap import rewrap
    from sitecert.pipeline.survey import survey
    from sitecert.report.keys import rewrap_total

    with locked(ctx, root):
        found = survey(root)
        chosen, idle = select(found, sites)
        with progress_bar(ctx, len(chosen), "encrypting") as progress:
            done = rewrap(found, chosen, opened_by, progress)
    problems = (*idle, *done.problems)
    tell(ctx, problems, found.texts, done.changes, found.names)
    say(ctx, rewrap_total(len(done.changes), done.kept))
    if done.takes_away:
        say(ctx, KEPT_IN_GIT)
    return verdict(problems)


@click.group("key")
def command() -> None:
    """Prove the private keys under out/, and encrypt them anew when recipients change."""


command.add_command(audit_command)
command.add_command(rewrap_command)
talk_options(command)
