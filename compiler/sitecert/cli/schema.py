"""`sitecert schema NAME`."""

from __future__ import annotations

import click

from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.terminal import talk_options


def complete_schemas(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the schemas whose names begin with what was typed."""
    from sitecert.load.data import schema_names

    del ctx, param
    return [name for name in schema_names() if name.startswith(incomplete)]


@talk_options
@click.command("schema")
@click.argument("name", required=False, shell_complete=complete_schemas)
@click.pass_context
def command(ctx: click.Context, name: str | None) -> ExitCode:
    """Print the published JSON Schema NAME; without a name, list them."""
    from sitecert.load.data import read_schema, schema_names

    names = schema_names()
    if name is None:
        click.echo("\n".join(names))
    elif name in names:
        click.echo(read_schema(name), nl=False)
    else:
        raise click.UsageError(f"there is no schema {name!r}; there are: {', '.join(names)}", ctx)
    return ExitCode.FINE
