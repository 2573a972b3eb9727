"""`sitecert import`."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from sitecert.cli.exit_codes import ExitCode
from sitecert.cli.terminal import format_option, locked, repository, say, talk_options, tell, verdict
from sitecert.model.artifact import Change, Verb
from sitecert.model.layout import site_path
from sitecert.problems import errors

ENCODING_WORDS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}
DELIMITER_WORDS = {",": "commas", ";": "semicolons", "\t": "tabs"}


def _mapped(ctx: click.Context, _: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Read each COLUMN=FIELD; a heading may hold an equals sign, a field does not."""
    from sitecert.pipeline.import_sites import FIELDS, field_of

    mapped: dict[str, str] = {}
    for value in values:
        column, equals, name = value.rpartition("=")
        field = field_of(name)
        if not equals or not column.strip():
            raise click.BadParameter(f"{value!r} is not COLUMN=FIELD", ctx)
        if field is None:
            raise click.BadParameter(f"{name!r} is no field; there are {', '.join(FIELDS)}", ctx)
        mapped[column.strip()] = field
    return mapped


@talk_options
@click.command("import")
@click.argument(
    "file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
)
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="COLUMN=FIELD",
    callback=_mapped,
    help="Which field a column holds, where its heading does not say it; may be repeated.",
)
@click.option("--keep-going", is_flag=True, help="Write the good rows although others have problems.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be written.")
@format_option(tells_changes=True)
@click.pass_context
def command(
    ctx: click.Context, file: Path, mapped: dict[str, str], *, keep_going: bool, dry_run: bool
) -> ExitCode:
    """Write a site file for each row of a spreadsheet that was saved as CSV.

    The first row holds the headings: the fields' names, or what teams call them (CN, SANs, City).
    Several names in a cell stand apart by `;`, a space or a line break. Unless every row is good,
    nothing is written. A site that has a file already is never touched.
    """
    root = repository(ctx)
    from sitecert.load.given import read_given
    from sitecert.pipeline.import_sites import plan_import
    from sitecert.pipeline.survey import survey
    from sitecert.write.sites import create_sites

    shown = "standard input" if str(file) == "-" else str(file)
    with nullcontext() if dry_run else locked(ctx, root):
        plan = plan_import(root, shown, read_given(file), mapped)
        files = plan.files if keep_going or not errors(plan.problems) else {}
        problems, texts = plan.problems, {}
        if files and not dry_run:
            create_sites(root, {site_path(name): content for name, content in files.items()})
            found = survey(root)
            texts = dict(found.texts)
            others = [each for each in plan.problems if each.site not in files]
            problems = (*others, *(each for each in found.problems if each.site in files))
    changes = [Change(Verb.MAKE, site_path(name), "new site") for name in files]
    tell(ctx, problems, texts, changes, tuple(files))
    if plan.encoding:
        encoding, delimiter = ENCODING_WORDS[plan.encoding], DELIMITER_WORDS[plan.delimiter]
        say(ctx, f"read as {encoding}, with {delimiter} between the cells")
        made = f"{len(files)} site file{'s' * (len(files) != 1)} {'to make' if dry_run else 'made'}"
        say(ctx, f"{plan.rows} row{'s' * (plan.rows != 1)}: {made}")
    return verdict(problems)
