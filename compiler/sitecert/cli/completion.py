"""`sitecert completion SHELL`."""

from __future__ import annotations

import click

from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.terminal import talk_options


@talk_options
@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> ExitCode:
    r"""Print what makes SHELL complete commands, options, sites and codes.

    \b
    bash:  eval "$(sitecert completion bash)"   in ~/.bashrc
    zsh:   eval "$(sitecert completion zsh)"    in ~/.zshrc, after compinit
    fish:  sitecert completion fish | source    in ~/.config/fish/config.fish
    """
    from click.shell_completion import get_completion_class

    from sitecert.cli.commands import cli

    known = get_completion_class(shell)
    if known is None:
        raise AssertionError(shell)
    completion = known(cli, {}, "sitecert", "_SITECERT_COMPLETE")
    click.echo(completion.source_template % completion.source_vars())
    return ExitCode.FINE
