"""`sitecert convert IN...`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.terminal import say, talk_options, tell
from sitecert.problems import Problem, errors

if TYPE_CHECKING:  # the command imports it when it runs, so that help and the version stay quick
    from sitecert.pipeline.convert import Choice, Contents, GivenFile, Wish

STANDARD_INPUT = "-"
TARGETS = ("pem", "der", "p7b", "pfx", "crt")
FILE_OR_INPUT = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Given:
    """The options as they were given."""

    inputs: tuple[Path, ...]
    output: Path | None
    target: str
    split: Path | None
    leaf_only: bool
    with_root: bool
    alias: str | None
    compatibility: str | None
    encoding: str | None
    identities: tuple[Path, ...]
    password_files: tuple[Path, ...]
    passphrase_file: Path | None
    insecure: bool
    show_openssl: bool

    @property
    def place(self) -> Path:
        """Where the result goes."""
        return self.split or self.output or Path()

    def contradiction(self) -> str:
        """Return what is wrong first with the options together, or nothing."""
        to = f"--to {self.target}"
        faults = (
            (self.output and self.split, "-o and --split: the result is one file or a folder, not both"),
            (not self.output and not self.split, "-o OUT is missing: the file to make"),
            (
                str(self.output) == STANDARD_INPUT,
                "-o: name a file; a result is not written to standard output",
            ),
            (self.split and self.target != "pem", f"--split and {to}: the parts are PEM"),
            (self.split and self.leaf_only, "--split and --leaf-only: the parts hold the chain too"),
            (
                self.leaf_only and self.with_root,
                "--leaf-only and --with-root: one leaves out what the other keeps",
            ),
            (self.alias is not None and self.target != "pfx", f"--alias and {to}: only a PFX has one"),
            (
                self.compatibility and self.target != "pfx",
                f"--compat and {to}: it says how a PFX is encrypted",
            ),
            (self.encoding and self.target != "p7b", f"--encoding and {to}: only a P7B is one or the other"),
            (
                self.insecure and self.passphrase_file,
                "--insecure and --passphrase-file: a key is in the clear or under a passphrase",
            ),
            (
                self.insecure and self.target == "pfx",
                f"--insecure and {to}: a PFX is always under a passphrase",
            ),
            (
                (self.insecure or self.passphrase_file) and self.target in {"crt", "p7b"},
                f"{'--insecure' if self.insecure else '--passphrase-file'} and {to}: it holds no private key",
            ),
            (self._readers_of_standard_input > 1, "`-` is named more than once: standard input is read once"),
        )
        return next((message for is_so, message in faults if is_so), "")

    def wish(self) -> Wish:
        """Return what is wanted."""
        from sitecert.pipeline.convert import Compatibility, Encoding, Target, Wish

        return Wish(
            Target(self.target),
            split=self.split is not None,
            leaf_only=self.leaf_only,
            with_root=self.with_root,
            alias=self.alias or "",
            compatibility=Compatibility(self.compatibility or "modern"),
            encoding=Encoding.DER if self.encoding == "der" else Encoding.PEM,
        )

    def files(self) -> tuple[GivenFile, ...]:
        """Return the inputs as they are; raises OSError."""
        from sitecert.load.given import read_given
        from sitecert.pipeline.convert import GivenFile

        return tuple(GivenFile(self.name_of(path), read_given(path)) for path in self.inputs)

    def name_of(self, path: Path) -> str:
        """Return what a file is called in problems."""
        return "standard input" if str(path) == STANDARD_INPUT else str(path)

    @property
    def _readers_of_standard_input(self) -> int:
        named = (*self.inputs, *self.identities, *self.password_files, self.passphrase_file)
        return sum(str(each) == STANDARD_INPUT for each in named)


@talk_options
@click.command("convert")
@click.argument("inputs", nargs=-1, required=True, metavar="IN...", type=FILE_OR_INPUT)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="The file to make; nothing is overwritten.",
)
@click.option(
    "--to",
    "target",
    required=True,
    type=click.Choice(TARGETS),
    help="The form: crt is the leaf followed by its chain, pfx is what Windows and Java read.",
)
@click.option(
    "--split",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="With --to pem: a folder with certificate.cer, CACert.cer and privateKey.key instead of one file.",
)
@click.option("--leaf-only", is_flag=True, help="Leave the chain out.")
@click.option("--with-root", is_flag=True, help="Keep the root, which servers do not send.")
@click.option("--alias", metavar="NAME", help="The friendly name in a PFX; default: the common name.")
@click.option(
    "--compat",
    "compatibility",
    type=click.Choice(["modern", "windows2016"]),
    help="Who reads the PFX: modern (the default) is AES-256, windows2016 is 3DES, which all read.",
)
@click.option(
    "--encoding", type=click.Choice(["pem", "der"]), help="How a P7B is written; pem is the default."
)
@click.option(
    "-i",
    "--identity",
    "identities",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="An age identity, or an SSH private key, that opens a repository's server.key.age; may be repeated.",
)
@click.option(
    "--password-file",
    "password_files",
    multiple=True,
    type=FILE_OR_INPUT,
    metavar="FILE",
    help="Open what is given by the first line of FILE; may be repeated.",
)
@click.option(
    "--passphrase-file",
    type=FILE_OR_INPUT,
    metavar="FILE",
    help="Protect the key that is written by the first line of FILE; else a terminal is asked.",
)
@click.option("--insecure", is_flag=True, help="Write the key in the clear.")
@click.option(
    "--show-openssl", is_flag=True, help="Print the openssl commands that do the same, and write nothing."
)
@click.pass_context
def command(ctx: click.Context, /, **_: object) -> ExitCode:
    """Convert certificates and keys: whatever form IN has, to the one that is named.

    The leaf goes first and its chain follows in order; what does not belong to it is left out and named.
    Java keystores are read; what is written for Java is PKCS12 (`--to pfx`).
    """
    given = Given(**ctx.params)
    if wrong := given.contradiction():
        raise click.UsageError(wrong, ctx)
    from sitecert.pipeline.convert import choose, output_taken, write_conversion
    from sitecert.report.convert import made_lines

    wish, files = given.wish(), given.files()
    taken = None if given.show_openssl else output_taken(given.place)
    if taken is not None:
        return _refuse(ctx, taken)
    contents, problems = _read(ctx, given, wish, files)
    choice, others = choose(contents, wish)
    tell(ctx, (*problems, *others), {})
    if choice is None or errors(list(problems)):
        return ExitCode.PROBLEM
    if given.show_openssl:
        return _show_commands(ctx, given, files, contents, choice)
    passphrase = None if choice.key is None else _passphrase(ctx, given)
    names = write_conversion(choice, wish, passphrase, given.place)
    if isinstance(names, Problem):
        return _refuse(ctx, names)
    for line in made_lines(names, *choice.labels, _key_words(given, choice)):
        say(ctx, line)
    return ExitCode.FINE


def _read(
    ctx: click.Context, given: Given, wish: Wish, files: Sequence[GivenFile]
) -> tuple[Contents, tuple[Problem, ...]]:
    """Return what the files hold; a terminal is asked for the passwords that are missing."""
    from sitecert.load.given import read_given
    from sitecert.pipeline.convert import is_age, needs_password, read_files

    if given.identities and not any(is_age(each.content) for each in files):
        raise click.UsageError("-i: no file that is named is encrypted with age", ctx)
    identities = [read_given(path).decode("utf-8", "replace") for path in given.identities]
    passwords = [_first_line(read_given(path)) for path in given.password_files]
    contents, problems = read_files(files, identities, passwords)
    for _ in range(MOST_ATTEMPTS):
        locked = needs_password(contents, wish)
        if not locked or not sys.stdin.isatty():
            break
        passwords.append(
            click.prompt(
                f"Password of {locked[0]}", hide_input=True, default="", show_default=False, err=True
            )
        )
        contents, problems = read_files(files, identities, passwords)
    for repair in contents.repairs:
        say(ctx, f"{repair.origin}: {repair.clause}; read all the same", level=1)
    return contents, problems


def _passphrase(ctx: click.Context, given: Given) -> str | None:
    """Return the passphrase of the key that is written, None in the clear; exits 1 for an unfit one."""
    from sitecert.load.given import read_given
    from sitecert.pipeline.convert import read_output_passphrase, unprotected

    if given.insecure:
        return None
    if given.passphrase_file is not None:
        content, name = read_given(given.passphrase_file), given.name_of(given.passphrase_file)
    elif sys.stdin.isatty():
        typed = click.prompt(
            "Passphrase of the new file", hide_input=True, confirmation_prompt=True, err=True
        )
        content, name = typed.encode(), "the passphrase"
    else:
        ctx.exit(_refuse(ctx, unprotected(given.place, given.wish())))
    passphrase = read_output_passphrase(content, name)
    if isinstance(passphrase, Problem):
        ctx.exit(_refuse(ctx, passphrase))
    return passphrase


def _show_commands(
    ctx: click.Context, given: Given, files: Sequence[GivenFile], contents: Contents, choice: Choice
) -> ExitCode:
    """Print the openssl commands that do the same."""
    from sitecert.pipeline.convert import Passwords, as_commands
    from sitecert.report.convert import commands_text

    opening = (given.password_files, given.identities)
    password, identity = (str(each[0]) if len(each) == 1 else None for each in opening)
    made = None if given.passphrase_file is None else str(given.passphrase_file)
    passwords = Passwords(password, made, identity, in_the_clear=given.insecure)
    commands = as_commands(files, contents, choice, given.wish(), str(given.place), passwords)
    if isinstance(commands, tuple):
        tell(ctx, commands, {})
        return ExitCode.PROBLEM
    click.echo(commands_text(commands.old, commands.new, commands.order), nl=False)
    return ExitCode.FINE


def _refuse(ctx: click.Context, problem: Problem) -> ExitCode:
    tell(ctx, [problem], {})
    return ExitCode.PROBLEM


def _key_words(given: Given, choice: Choice) -> str:
    if choice.key is None:
        return ""
    return "in the clear: guard the file" if given.insecure else "under its passphrase"


def _first_line(content: bytes) -> str:
    """Return the first line of a password file, without its line end."""
    return content.partition(b"\n")[0].removesuffix(b"\r").decode("utf-8", "replace")
