"""Arguments and options that several commands have, and how a shell completes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., object])

STANDARD_INPUT = "-"


def complete_sites(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the sites whose names begin with what was typed."""
    from sitecert.load.root import find_root
    from sitecert.load.sites import find_sites

    del param
    root = find_root(Path(ctx.find_root().params.get("directory") or ".").absolute())
    files = find_sites(root)[0] if root else ()
    return [file.name for file in files if file.name.startswith(incomplete)]


SITES = click.argument("sites", nargs=-1, metavar="[SITE]...", shell_complete=complete_sites)
AT = click.option(
    "--at", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The date to judge by; default: today."
)
GIVEN_FILES = click.Path(exists=True, allow_dash=True, path_type=Path)
"""A file, a folder of files, or `-` for standard input."""

FILE_OR_INPUT = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
"""A file, or `-` for standard input."""

PASSWORD_FILES = click.option(
    "--password-file",
    "password_files",
    type=FILE_OR_INPUT,
    multiple=True,
    metavar="FILE",
    help="Passwords to try on a PFX, a keystore or a key, one a line; may be repeated.",
)


def identity_option(opens: str, *, required: bool = False) -> Callable[[Command], Command]:
    """Return the option `-i`: the paths of files with identities, for what it `opens`."""
    return click.option(
        "-i",
        "--identity",
        "identities",
        multiple=True,
        required=required,
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help=f"An age identity, or an SSH private key, that opens {opens}; may be repeated.",
    )
