"""`sitecert review`."""

from __future__ import annotations

import sys
from datetime import date, datetime

import click

from sitecert.cli.arguments import AT
from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.terminal import repository, say, session, style_for, talk_options, tell, verdict

FORMATS = ("text", "markdown", "json", "github", "sarif")


def _keep_format(ctx: click.Context, _: click.Parameter, value: str) -> str:
    session(ctx).output_format = value
    return value


@talk_options
@click.command("review")
@click.option(
    "--base",
    metavar="REF",
    help="What the change is for; compared is the commit where it left. Default: origin/main, or main.",
)
@click.option("--head", metavar="REF", help="The change; default: HEAD.")
@click.option("--worktree", is_flag=True, help="Review the work tree instead: what is not committed, too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    is_eager=True,
    callback=_keep_format,
    help="How the result is written.",
)
@AT
@click.pass_context
def command(
    ctx: click.Context,
    base: str | None,
    head: str | None,
    form: str,
    at: datetime | None,
    *,
    worktree: bool,
) -> ExitCode:
    """Say what a change means: for which site, for whose names and keys, and how risky it is.

    Exits 1 where a problem is an error, however well the change is meant. Nothing is written.
    """
    if worktree and head is not None:
        raise click.UsageError("--worktree reviews the work tree, --head a commit: give one of them", ctx)
    root = repository(ctx)
    from sitecert.pipeline.review import Asked, review
    from sitecert.report.review import RENDERERS
    from sitecert.report.review_text import review_text, review_total

    today = at.date() if at else date.today()  # noqa: DTZ011 - the user's own calendar
    reviewed = review(root, Asked(base, head, work_tree=worktree), today)
    found, problems = reviewed.review, reviewed.problems
    if form != "text":
        click.echo(RENDERERS[form](found, problems, reviewed.texts), nl=False)
    else:
        click.echo(review_text(found, style_for(sys.stdout)) if found else "", nl=False)
        tell(ctx, problems, reviewed.texts)
    if found is not None:
        say(ctx, review_total(found))
    return verdict(problems)
