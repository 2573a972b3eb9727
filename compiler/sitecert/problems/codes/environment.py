"""SC9xx: the machine that sitecert runs on, and sitecert itself."""

from __future__ import annotations

from sitecert.problems.rule import Rule

NO_REPOSITORY = Rule(
    code="SC901",
    title="no certificate repository here",
    rule="Commands run in a folder with a `sitecert.yaml`, or below one.",
    why="Without it there are no recipients and no sites.",
    source="docs/design.md, a certificate repository",
    fix="change to the repository, or make one with `sitecert init DIR`",
)
CANNOT_WRITE = Rule(
    code="SC902",
    title="a file could not be written",
    rule="`out/` can be written, and the disk has room.",
    why="Each file is replaced as a whole: those written before stand, the others are as they were.",
    source="docs/design.md, a generation's folder is replaced as a whole",
    fix="make room or mend the permissions, then run the same command again: it completes what was begun",
)
LOCKED = Rule(
    code="SC903",
    title="another compile is running",
    rule="One command at a time writes to a repository.",
    why="Two could each make a key for the same site.",
    source="docs/design.md, compile, write",
    fix="wait for the other one; its lock goes when it ends, however it ends",
)
NO_SUCH_SITE = Rule(
    code="SC904",
    title="no such site",
    rule="A site is named as under `sites/`, without `.yaml`: `park-nicollet`, `group/site`, or a pattern.",
    why="A mistyped name must not look like a run with nothing to do.",
    source="docs/design.md, promise 7",
    fix="see the names with `sitecert plan`",
)
IDENTITY_IN_TREE = Rule(
    code="SC905",
    title="an identity would lie in a work tree",
    rule="An age identity is made outside every git work tree and every certificate repository.",
    why="One `git add .` would publish what opens every private key of the repository.",
    source="docs/design.md, sitecert.yaml",
    fix="set XDG_CONFIG_HOME to a folder outside, or name a public key with `--recipient`",
)
NO_IDENTITY = Rule(
    code="SC906",
    title="an identity that cannot be used",
    rule="The identity in your configuration folder is an age identity, as `age-keygen` writes it.",
    why="Its public half is to become the recipient of the new repository's keys.",
    source="age specification; docs/design.md, sitecert.yaml",
    fix="mend the file, move it away so that a new one is made, or name a public key with `--recipient`",
)
TEMPLATE_FAILS = Rule(
    code="SC910",
    title="a template of the repository that fails",
    rule="A repository's own template renders for every site, to at most 1 MiB. It sees the values that "
    "sitecert's own sees, and reaches no file, no program and nothing of Python.",
    why="Anybody who opens a pull request can write one.",
    source="docs/design.md, a certificate repository",
    fix="mend the template, or remove it so that sitecert's own is used",
)
INTERNAL = Rule(
    code="SC999",
    title="a fault in sitecert itself",
    rule="sitecert reports every problem of a user's files as one; this is none of them.",
    why="What was written before stands; nothing was half written.",
    source="docs/design.md, bad input",
    fix="report the lines that it prints: they hold no secret and no value of your files",
)
