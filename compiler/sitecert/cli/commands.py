"""The table of commands, and what becomes of a fault, a Ctrl-C and a wrong word."""

from __future__ import annotations

import os
import sys
import traceback
from difflib import get_close_matches
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path

import click

from sitecert import __version__
from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.terminal import Session, say_wrong, talk_options

COMMANDS = {
    "init": ("sitecert.cli.init", "Lay out a certificate repository."),
    "new": ("sitecert.cli.new", "Write a commented site file."),
    "import": ("sitecert.cli.import_sites", "Write site files from a spreadsheet."),
    "validate": ("sitecert.cli.validate", "Check every site; write nothing."),
    "plan": ("sitecert.cli.plan", "Say what compile would do, and why; write nothing."),
    "compile": ("sitecert.cli.compile", "Make out/ what the sites say."),
    "review": ("sitecert.cli.review", "Say what a change means, for whom, and how risky it is."),
    "intake": ("sitecert.cli.intake", "Take in what the CA returned."),
    "self-sign": ("sitecert.cli.self_sign", "Sign a request with its own key, until the CA answers."),
    "convert": ("sitecert.cli.convert", "Convert certificates and keys: PEM, DER, P7B, PFX, CRT, JKS."),
    "handoff": ("sitecert.cli.handoff", "Make the pack for the customer, or for a server."),
    "verify": (
        "sitecert.cli.verify",
        "See whether the certificate is served, everywhere and for every name.",
    ),
    "leaks": ("sitecert.cli.leaks", "Search files and commits for private keys."),
    "status": ("sitecert.cli.status", "Say where every site stands, and what is due."),
    "renew": ("sitecert.cli.renew", "Open the next generation of sites that are due."),
    "key": ("sitecert.cli.key", "Prove the private keys; encrypt them anew to changed recipients."),
    "explain": ("sitecert.cli.explain", "Print the rule behind a code."),
    "schema": ("sitecert.cli.schema", "Print a published JSON Schema."),
    "completion": ("sitecert.cli.completion", "Print what makes a shell complete sitecert's words."),
}


class NoSuchCommandError(click.UsageError):
    """A mistyped command, and the commands like it."""

    def __init__(self, name: str, ctx: click.Context) -> None:
        """Look for names that are near."""
        super().__init__(f"no such command {name!r}", ctx)
        self.near = get_close_matches(name, COMMANDS, n=2)


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of a site's life."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, or the names like it."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            raise NoSuchCommandError(args[0], ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="sitecert %(version)s")
@click.option(
    "-C",
    "--directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Work on the repository of this folder; default: the current one.",
)
@click.pass_context
def cli(ctx: click.Context, directory: Path | None) -> None:
    """Compile one reviewed YAML file per site into everything that a certificate change needs."""
    session: Session = ctx.obj
    session.start = directory or Path()


talk_options(cli)


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    if isinstance(sys.stdout, TextIOWrapper):  # a name that the terminal's encoding lacks is no fault
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except OSError as error:
        return _lost_output(error)
    return code


def _run(arguments: list[str] | None) -> int:
    try:
        result = cli.main(args=arguments, prog_name="sitecert", standalone_mode=False, obj=Session())
    except click.ClickException as error:
        return _report_refusal(error)
    except click.Abort:
        click.echo("interrupted: what was written stands whole; run the command again to go on", err=True)
        return ExitCode.PROBLEM
    except OSError as error:
        if error.filename is None:  # it is no file of the user's: a stream, which the caller knows about
            raise
        say_wrong(f"{os.fsdecode(error.filename)}: {(error.strerror or type(error).__name__).lower()}")
        return ExitCode.PROBLEM
    except Exception as error:  # noqa: BLE001 - a fault of ours must not look like a user's
        return _report_fault(error)
    return int(result) if isinstance(result, int) else ExitCode.FINE


def _report_refusal(error: click.ClickException) -> ExitCode:
    """Say what is wrong with the command line, or what a command refused."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return ExitCode.USAGE
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "sitecert"
        near = _near(error)
        message = error.message if near else error.format_message()
        say_wrong(message, f"did you mean {near}?" if near else f"see `{command} --help`")
        return ExitCode.USAGE
    say_wrong(error.format_message())
    return ExitCode.PROBLEM


def _near(error: click.UsageError) -> str:
    """Return the options or commands that are like a mistyped one."""
    if isinstance(error, click.NoSuchOption):
        return " or ".join(error.possibilities or ())
    return " or ".join(error.near) if isinstance(error, NoSuchCommandError) else ""


def _lost_output(error: OSError) -> ExitCode:
    """Say that standard output is gone, unless its reader has simply had enough (`| head`)."""
    if not isinstance(error, BrokenPipeError):
        say_wrong(f"cannot write to standard output: {(error.strerror or '').lower()}")
    # What is still buffered can never be written, and Python would complain about it at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.PROBLEM


def _report_fault(error: Exception) -> ExitCode:
    """Say that this is a fault of sitecert, without the values that a traceback could carry."""
    frames = [
        each for each in traceback.extract_tb(error.__traceback__) if "click" not in Path(each.filename).parts
    ]
    where = "\n".join(f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames)
    click.echo(
        f"error[SC999]: a fault in sitecert itself ({type(error).__name__}); out/ is whole\n"
        f"sitecert {__version__}, Python {sys.version.split()[0]}\n{where}\n"
        "  help: please report these lines; they hold no secret and no value of your files",
        err=True,
    )
    return ExitCode.PROBLEM
