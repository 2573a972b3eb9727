"""What commands share of the terminal: data on stdout, talk on stderr, colour where someone looks."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import click

from sitecert.cli.exit_codes import ExitCode
from sitecert.model.artifact import Change
from sitecert.model.document import Place
from sitecert.problems import Problem, Severity, errors
from sitecert.problems.codes.environment import LOCKED, NO_REPOSITORY
from sitecert.report.style import Style, coloured, plain, printable


@dataclass
class Session:
    """What the options that every command has say of this run.

    `start` is where the repository is looked for; `verbosity` counts `-v` less `-q`; `tells_changes` is
    set for commands whose JSON is a plan and not problems alone.
    """

    start: Path = field(default_factory=Path)
    verbosity: int = 0
    output_format: str = "text"
    tells_changes: bool = False


def session(ctx: click.Context) -> Session:
    """Return the run's session."""
    found: Session = ctx.find_root().obj
    return found


def talk_options(command: click.Command) -> click.Command:
    """Add `-q` and `-v` to a command; they count wherever they stand on the line."""

    def louder(step: int) -> Callable[[click.Context, click.Parameter, int], None]:
        def callback(ctx: click.Context, _: click.Parameter, count: int) -> None:
            session(ctx).verbosity += step * count

        return callback

    command.params += [
        click.Option(
            ["-q", "--quiet"],
            count=True,
            expose_value=False,
            callback=louder(-1),
            help="Say less: no totals; twice: no warnings.",
        ),
        click.Option(
            ["-v", "--verbose"],
            count=True,
            expose_value=False,
            callback=louder(1),
            help="Say more: notes too, and every place of a repeated warning.",
        ),
    ]
    return command


def format_option(*, tells_changes: bool) -> Callable[[Callable[..., ExitCode]], Callable[..., ExitCode]]:
    """Return the option `--format`; its JSON holds problems, or changes and problems."""

    def callback(ctx: click.Context, _: click.Parameter, value: str) -> None:
        session(ctx).output_format = value
        session(ctx).tells_changes = tells_changes

    return click.option(
        "--format",
        type=click.Choice(["text", "json", "github"]),
        default="text",
        show_default=True,
        is_eager=True,
        expose_value=False,
        callback=callback,
        help="How the result is written.",
    )


def style_for(stream: TextIO) -> Style:
    """Return colours for a terminal that has them, none for a file, none where `NO_COLOR` is set."""
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return coloured if wanted and stream.isatty() else plain


def say(ctx: click.Context, text: str, *, level: int = 0) -> None:
    """Write talk to stderr, unless `-q` asks for less than `level`."""
    if session(ctx).verbosity >= level:
        click.echo(printable(text), err=True)


def say_wrong(message: str, help_text: str = "") -> None:
    """Write what stopped the command to stderr, as problems are written."""
    style = style_for(sys.stderr)
    text = printable(message.rstrip(".").replace("\n", " "))
    click.echo(f"{style('error', 'error')}: {text[:1].lower()}{text[1:]}", err=True)
    if help_text:
        click.echo(f"  {style('help', 'help:')} {help_text}", err=True)


def tell(
    ctx: click.Context,
    problems: Sequence[Problem],
    texts: Mapping[str, str],
    changes: Sequence[Change] = (),
    sites: Sequence[str] = (),
) -> None:
    """Print problems and changes: for people problems on stderr and changes on stdout, else all on stdout.

    `texts` holds the text of files by path, to show a line of them; `sites` are the names by which
    changes are grouped.
    """
    from sitecert.report.plan import changes_text, plan_json
    from sitecert.report.problems import problems_github, problems_json, problems_text

    run = session(ctx)
    if run.output_format == "json":
        document = plan_json(changes, problems) if run.tells_changes else problems_json(problems)
        click.echo(document, nl=False)
    elif run.output_format == "github":
        click.echo(problems_github(problems), nl=False)
        click.echo(changes_text(changes, sites, plain), nl=False)
    else:
        unseen = hidden(run)
        shown = [problem for problem in problems if problem.severity not in unseen]
        told = problems_text(shown, texts, style_for(sys.stderr), every=run.verbosity > 0)
        click.echo(told, err=True, nl=False)
        click.echo(changes_text(changes, sites, style_for(sys.stdout)), nl=False)


def hidden(run: Session) -> frozenset[Severity]:
    """Return the severities that people are not shown: notes unless with `-v`, warnings with `-qq`."""
    notes = {Severity.NOTE} if run.verbosity < 1 else set()
    warnings = {Severity.WARNING} if run.verbosity < -1 else set()
    return frozenset(notes | warnings)


def repository(ctx: click.Context) -> Path:
    """Return the root of the repository that the command works on; exits 1 where there is none."""
    from sitecert.load.root import find_root

    start = session(ctx).start
    root = find_root(start.absolute())
    if root is None:
        message = "there is no sitecert.yaml in this folder or above it"
        tell(ctx, [NO_REPOSITORY.at(Place(str(start), 1, 1), message)], {})
        ctx.exit(ExitCode.PROBLEM)
    return root


def verdict(problems: Sequence[Problem], *, due: bool = False) -> ExitCode:
    """Return 1 where there is an error, 2 where something is due, else 0."""
    if errors(list(problems)):
        return ExitCode.PROBLEM
    return ExitCode.DUE if due else ExitCode.FINE


@contextmanager
def locked(ctx: click.Context, root: Path) -> Iterator[None]:
    """Hold the repository's lock; exits 1 where another command writes."""
    from sitecert.write.lock import RepositoryLocked, repository_lock

    try:
        with repository_lock(root):
            yield
    except RepositoryLocked:
        message = "another sitecert is writing to this repository"
        tell(ctx, [LOCKED.at(Place("sitecert.yaml", 1, 1), message)], {})
        ctx.exit(ExitCode.PROBLEM)


@contextmanager
def progress_bar(ctx: click.Context, total: int, label: str) -> Iterator[Callable[[str], None]]:
    """Yield a function to call as each site is done; it moves a bar where someone looks."""
    if total < 2 or not sys.stderr.isatty() or session(ctx).verbosity < 0:  # noqa: PLR2004 - one is quick
        yield lambda _name: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda _name: bar.advance(task)
