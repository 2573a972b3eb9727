"""`sitecert explain CODE`."""

from __future__ import annotations

import sys

import click

from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.terminal import style_for, talk_options
from sitecert.problems.registry import all_rules
from sitecert.problems.wording import did_you_mean


def complete_codes(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the codes that begin with what was typed."""
    del ctx, param
    return [code for code in all_rules() if code.startswith(incomplete.upper())]


@talk_options
@click.command("explain")
@click.argument("code", required=False, shell_complete=complete_codes)
@click.pass_context
def command(ctx: click.Context, code: str | None) -> ExitCode:
    """Print the rule behind CODE: what must hold, why, where that is laid down, how to mend it.

    Without CODE, list all codes.
    """
    from sitecert.report.rules import rule_text, rules_list

    rules = all_rules()
    style = style_for(sys.stdout)
    if code is None:
        click.echo(rules_list(rules.values(), style), nl=False)
        return ExitCode.FINE
    rule = rules.get(code.upper())
    if rule is None:
        message = f"there is no code {code!r}{_near(code.upper(), list(rules))}"
        raise click.UsageError(message, ctx)
    click.echo(rule_text(rule, style), nl=False)
    return ExitCode.FINE


def _near(code: str, known: list[str]) -> str:
    """Return a clause that names codes like one that there is not: digits swapped, left out, mistyped."""
    from difflib import get_close_matches

    near = get_close_matches(code.replace("O", "0").replace("I", "1"), known, n=3)
    swapped = did_you_mean(code, known)
    return swapped or (f"; did you mean {', '.join(near)}?" if near else "; `sitecert explain` lists them")
