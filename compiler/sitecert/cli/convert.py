"""`sitecert convert IN...`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitecert.cli.arguments import FILE_OR_INPUT, GIVEN_FILES, PASSWORD_FILES, identity_option
from sitecert.cli.convert_options import Given
from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.terminal import say, talk_options, tell
from sitecert.problems import Problem, errors

if TYPE_CHECKING:  # the command imports it when it runs, so that help and the version stay quick
    from sitecert.pipeline.convert import Choice, Contents, GivenFile, Wish

TARGETS = ("pem", "der", "p7b", "pfx", "crt")
MOST_ATTEMPTS = 3


@talk_options
@click.command("convert")
@click.argument("inputs", nargs=-1, required=True, metavar="IN...", type=GIVEN_FILES)
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
@identity_option("a repository's server.key.age")
@PASSWORD_FILES
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

    wish = given.wish()
    taken = None if given.show_openssl else output_taken(given.place)
    if taken is not None:
        return _refuse(ctx, taken)
    files, contents = _read(ctx, given, wish)
    choice, problems = choose(contents, wish)
    tell(ctx, problems, {})
    if choice is None:
        return ExitCode.PROBLEM
    if given.show_openssl:
        return _show_commands(ctx, given, files, contents, choice)
    passphrase = None if choice.key is None else _passphrase(ctx, given, choice)
    names = write_conversion(choice, wish, passphrase, given.place)
    if isinstance(names, Problem):
        return _refuse(ctx, names)
    for line in made_lines(names, choice.labels, choice.root_label, _key_words(given, choice)):
        say(ctx, line)
    return ExitCode.FINE


def _read(ctx: click.Context, given: Given, wish: Wish) -> tuple[Sequence[GivenFile], Contents]:
    """Return the files and what they hold; a terminal is asked for the passwords that are missing.

    Exits 1 where something is not read.
    """
    from sitecert.load.given import read_all_given, read_identities, read_passwords
    from sitecert.pipeline.convert import is_age, missing_password, read_files

    files, unfit = read_all_given(given.inputs)
    if given.identities and not any(is_age(each.content) for each in files):
        raise click.UsageError("-i: no file that is named is encrypted with age", ctx)
    identities = read_identities(given.identities)
    passwords = list(read_passwords(given.password_files))
    contents, problems = read_files(files, identities, passwords, wish)
    attempts = MOST_ATTEMPTS if sys.stdin.isatty() else 0
    while attempts and (locked := missing_password(contents, wish)):
        passwords.append(click.prompt(f"Password of {locked}", hide_input=True, err=True))
        contents, problems = read_files(files, identities, passwords, wish)
        attempts -= 1
    tell(ctx, (*unfit, *problems), {})
    if errors([*unfit, *problems]):
        ctx.exit(ExitCode.PROBLEM)
    return files, contents


def _passphrase(ctx: click.Context, given: Given, choice: Choice) -> str | None:
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
        ctx.exit(_refuse(ctx, unprotected(given.place, choice, given.wish())))
    passphrase = read_output_passphrase(content, name)
    if isinstance(passphrase, Problem):
        ctx.exit(_refuse(ctx, passphrase))
    return passphrase


def _show_commands(
    ctx: click.Context, given: Given, files: Sequence[GivenFile], contents: Contents, choice: Choice
) -> ExitCode:
    """Print the openssl commands that do the same."""
    from sitecert.load.given import read_passwords
    from sitecert.pipeline.convert import Passwords, as_commands
    from sitecert.report.convert import commands_text

    sole = given.password_files if len(read_passwords(given.password_files)) == 1 else ()
    passwords = Passwords(
        given=next(map(str, sole), None),
        made=None if given.passphrase_file is None else str(given.passphrase_file),
        identity=next(map(str, given.identities), None),
        in_the_clear=given.insecure,
    )
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
