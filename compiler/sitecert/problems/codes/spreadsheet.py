"""SC82x: sites from a spreadsheet."""

from __future__ import annotations

from sitecert.problems.problem import Severity
from sitecert.problems.rule import Rule

SOURCE = "docs/design.md, the command line; RFC 4180"

UNREADABLE_SHEET = Rule(
    code="SC820",
    title="a spreadsheet that cannot be read",
    rule="The file is CSV of at most 1 MiB and 5000 rows: UTF-8, UTF-16 or Windows-1252.",
    why="What is guessed of a damaged file becomes certificates for the wrong names.",
    source=SOURCE,
    fix="save it anew from the spreadsheet as `CSV UTF-8`",
)
NO_COLUMN = Rule(
    code="SC821",
    title="a column is missing",
    rule="One column holds the common name; every column that `--map` names is there.",
    why="Without its common name a site is none.",
    source=SOURCE,
    fix="name the column in the first row, or say which it is with `--map COLUMN=FIELD`",
)
COLUMN_NOT_READ = Rule(
    code="SC822",
    title="a column is not read",
    rule="Every column has a heading that names a field of a site.",
    why="What stands in it would be missing from the sites without a word.",
    source=SOURCE,
    fix="say what it is with `--map COLUMN=FIELD`, or leave it: it is passed over",
    severity=Severity.WARNING,
)
COLUMN_TWICE = Rule(
    code="SC823",
    title="two columns for one field",
    rule="Each field of a site comes from one column.",
    why="Which of two values is meant is not for a program to choose.",
    source=SOURCE,
    fix="remove one of the columns, or map it to what it is with `--map COLUMN=FIELD`",
)
CELL = Rule(
    code="SC824",
    title="a cell that says nothing that can be used",
    rule="A cell stands under a heading; where yes or no is asked for it says `yes` or `no`.",
    why="A value in a wrong column, or of a wrong kind, is a slip that the person can see at once.",
    source=SOURCE,
    fix="correct the cell",
)
SITE_EXISTS = Rule(
    code="SC825",
    title="a site of this name is there already",
    rule="Import makes new sites; a site's file that is there is never touched.",
    why="It may have been reviewed, and its certificate be in service.",
    source="docs/design.md, the command line",
    fix="remove the row, or give the new site another name in a column `site`",
)
ROW_TWICE = Rule(
    code="SC826",
    title="two rows for one site",
    rule="Each row is a site with a name of its own.",
    why="The second would overwrite the first.",
    source="docs/design.md, the command line",
    fix="remove one of the rows, or name the sites apart in a column `site`",
)
