"""`sitecert new SITE`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import click

from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.in_use import InUse, in_use_options
from sitecert.cli.terminal import locked, repository, say, talk_options, tell, verdict
from sitecert.model.draft import SiteDraft
from sitecert.model.layout import site_path

if TYPE_CHECKING:
    from sitecert.pipeline.draft import FromCertificate

SUBJECT = ("country", "state", "locality", "organization")
QUESTIONS = {
    "customer": "Customer's legal name",
    "common_name": "Name that users type",
    "country": "Country of the customer, two letters such as US",
    "state": "State or province, written out",
}


@talk_options
@click.command("new")
@click.argument("site")
@click.option("--customer", help="The customer's legal name.")
@click.option("--version", "suite_version", help="Smart Suite's version: 5.x, 7.x, 8.0-1, 8.1, 8.10.")
@click.option("--common-name", help="The name that users type.")
@click.option(
    "--alt-name", "alt_names", multiple=True, help="A further DNS name or IP address; may be repeated."
)
@click.option("--server", "servers", multiple=True, help="A server's host name; may be repeated.")
@click.option("--load-balancer", type=click.Choice(["f5", "netscaler", "haproxy", "nginx", "other"]))
@click.option("--issuer", type=click.Choice(["public", "internal", "self-signed"]))
@click.option("--country", help="Two letters, such as US.")
@click.option("--state", help="State or province, written out.")
@click.option("--locality", help="City.")
@click.option("--organization", help="The subject's organization; default: the customer.")
@in_use_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    site: str,
    suite_version: str | None,
    issuer: str | None,
    **options: Any,  # noqa: ANN401 - of a type of its own for each option
) -> ExitCode:
    """Write a commented file for SITE under sites/, from options, prompts, or the certificate in use.

    What is not given is asked for, where there is a terminal. Nothing is ever overwritten; with
    --from-cert or --from-host, a site whose file is there gets the certificate in use filed, if it has
    none yet.
    """
    in_use = InUse.taken_from(options, ctx)
    root = repository(ctx)
    from sitecert.load.sites import check_site_name
    from sitecert.pipeline.layout import missing_in_defaults

    wrong = check_site_name(site)
    if wrong is not None:
        tell(ctx, [wrong], {})
        return ExitCode.PROBLEM
    exists = (root / site_path(site)).exists()
    if exists and not in_use.is_asked_for:
        raise click.ClickException(f"{site_path(site)} is there already; edit it, or choose another name")
    taken = in_use.read(ctx, site, issuer)
    draft = None
    if not exists:
        options |= {"version": suite_version, "issuer": issuer}
        draft = _draft(ctx, options, taken.draft if taken else None, missing_in_defaults(root))
    return _write(ctx, root, site, draft, taken)


def _write(
    ctx: click.Context, root: Path, site: str, draft: SiteDraft | None, taken: FromCertificate | None
) -> ExitCode:
    """Write the site's file and file the certificate in use; show the new file's problems."""
    from sitecert.pipeline.draft import file_generation_zero
    from sitecert.pipeline.layout import write_site_file
    from sitecert.pipeline.survey import survey

    with locked(ctx, root):
        if draft is not None:
            if not write_site_file(root, site, draft):
                raise click.ClickException(f"{site_path(site)} is there already")
            say(ctx, f"made {site_path(site)}; next: read it, then `sitecert compile {site}`")
        found = survey(root)
        if taken is not None:
            for clause in taken.left_out if draft is not None else ():
                say(ctx, f"  left out: {clause}")
            say(ctx, file_generation_zero(found, site, taken.generation))
    problems = [problem for problem in found.problems if problem.site in (None, site)]
    tell(ctx, problems, found.texts)
    return verdict(problems)


def _draft(
    ctx: click.Context,
    options: dict[str, str | tuple[str, ...] | None],
    known: SiteDraft | None,
    needed: tuple[str, ...],
) -> SiteDraft:
    """Join the options to what a certificate gave; ask for what is still missing."""
    given = {key: _tidy(value) for key, value in options.items() if value}
    known = known or SiteDraft("", "", "")
    if "version" not in given:
        given["version"] = _ask(ctx, "--version", "Smart Suite version")
    for key in ("customer", "common_name"):
        if key not in given and not getattr(known, key):
            given[key] = _ask(ctx, f"--{key.replace('_', '-')}", QUESTIONS[key])
    for key in needed:
        if key not in given and key not in known.subject and sys.stdin.isatty():
            given[key] = _ask(ctx, f"--{key}", QUESTIONS[key])
    subject = {key: str(given.pop(key)) for key in SUBJECT if key in given}
    return replace(known, **given, subject={**known.subject, **subject})  # type: ignore[arg-type]


def _tidy(value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """Return text as YAML files have it: in normal form C, without white space around."""
    if isinstance(value, tuple):
        return tuple(normalize("NFC", each.strip()) for each in value)
    return normalize("NFC", value.strip())


def _ask(ctx: click.Context, option: str, question: str) -> str:
    """Ask at a terminal; without one, say which option is missing."""
    if not sys.stdin.isatty():
        raise click.UsageError(f"{option} is missing, and there is no terminal to ask at", ctx)
    answer: str = click.prompt(question, err=True)
    return normalize("NFC", answer.strip())
