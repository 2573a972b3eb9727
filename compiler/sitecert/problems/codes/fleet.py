"""SC80x and SC81x: the sites of a repository together, and their renewal."""

from __future__ import annotations

from sitecert.problems.rule import Rule

NOTHING_TO_RENEW = Rule(
    code="SC801",
    title="there is no certificate to renew",
    rule="A generation that has its certificate can be renewed; one that waits for it is finished first.",
    why="A key and request that are with a CA would be left behind, and what comes back would fit nothing.",
    source="docs/design.md, the life of a generation",
    fix="see what is awaited with `sitecert status SITE`",
)
NOT_RAISED = Rule(
    code="SC802",
    title="key.generation cannot be raised in this file",
    rule="Only `key.generation` changes: the file, read again, says the same of everything else.",
    why="An edit that changes anything more is not the one that was asked for.",
    source="docs/design.md, promise 1",
    fix="raise `key.generation` by hand, then run `sitecert compile`",
)
