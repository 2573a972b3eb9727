"""SC0xx: files and YAML, before their meaning is looked at."""

from __future__ import annotations

from sitecert.problems.rule import Rule

NOT_UTF8 = Rule(
    code="SC001",
    title="file is not UTF-8",
    rule="Every YAML file is UTF-8 text without a byte order mark.",
    why="Another encoding turns names into different names, and a byte order mark hides in a diff.",
    source="DESIGN: strict loading; YAML 1.2.2 section 5.2",
    fix="save the file as UTF-8 without a byte order mark",
)
