"""`sitecert compile`."""

from __future__ import annotations

import os
from contextlib import nullcontext
from datetime import datetime

import click

from sitecert.cli.arguments import AT, SITES
from sitecert.cli.commit import commit_changes, refuse_unready
from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.shard import SHARD, Shard, part
from sitecert.cli.terminal import (
    format_option,
    locked,
    progress_bar,
    repository,
    say,
    talk_options,
    tell,
    verdict,
)


@talk_options
@click.command("compile")
@SITES
@click.option("--check", is_flag=True, help="Write nothing; exit 2 where out/ is not what the sites say.")
@click.option(
    "--jobs", type=click.IntRange(1, 256), metavar="N", help="Threads that make keys; default: all cores."
)
@click.option("--shard", type=SHARD, metavar="I/N", help="Compile only the I-th of N parts of the sites.")
@click.option("--prune-keys", is_flag=True, help="Let go of keys that no site claims any more.")
@click.option("--commit", is_flag=True, help="Commit each site that changed, with what `review` says of it.")
@format_option(tells_changes=True)
@AT
@click.pass_context
def command(
    ctx: click.Context,
    sites: tuple[str, ...],
    jobs: int | None,
    shard: Shard | None,
    *,
    at: datetime | None,
    check: bool,
    commit: bool,
    prune_keys: bool,
) -> ExitCode:
    """Make out/ what the sites say: keys and requests, runbooks, documents.

    No date changes what is made; --at is for what the review in a commit says of waivers.
    """
    if check and commit:
        raise click.UsageError("--check writes nothing that --commit could commit", ctx)
    root = repository(ctx)
    from sitecert.cli.selection import select
    from sitecert.pipeline.compile import Compilation, Options
    from sitecert.pipeline.survey import survey
    from sitecert.report.plan import total

    with nullcontext() if check else locked(ctx, root):
        found = survey(root)
        chosen, idle = select(found, sites)
        chosen = part(chosen, shard)
        if commit:
            refuse_unready(ctx, root, chosen)
        options = Options(jobs=jobs or os.cpu_count() or 1, prune_keys=prune_keys)
        compilation = Compilation(found, chosen, options)
        if check:
            outcome = compilation.foresee()
        else:
            with progress_bar(ctx, len(chosen), "compiling") as progress:
                outcome = compilation.write(progress)
    problems = (*idle, *outcome.problems)
    tell(ctx, problems, found.texts, outcome.changes, found.names)
    say(ctx, total(outcome.changes, problems, chosen, done=not check))
    if commit:
        problems += commit_changes(ctx, root, outcome.changes, found.names, at)
    return verdict(problems, due=check and bool(outcome.changes))
