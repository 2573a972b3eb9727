"""SC1xx: a file that is YAML but not what its schema asks for."""

from __future__ import annotations

from sitecert.problems.rule import Rule

UNKNOWN_KEY = Rule(
    code="SC101",
    title="a key that is not known",
    rule="A file has only the keys that its schema names.",
    why="A misspelled key would be ignored, and what it says with it.",
    source="schema/site.schema.json, schema/repository.schema.json",
    fix="correct the key, or remove it",
)
MISSING_KEY = Rule(
    code="SC102",
    title="a key is missing",
    rule="A file has every key that its schema requires.",
    why="Without it there is nothing to compile.",
    source="schema/site.schema.json, schema/repository.schema.json",
    fix="add the key",
)
WRONG_TYPE = Rule(
    code="SC103",
    title="a value of the wrong kind",
    rule="A value is of the schema's kind: text, a whole number, true or false, a list or a mapping.",
    why="Guessing what was meant leads to certificates that nobody asked for.",
    source="schema/site.schema.json, schema/repository.schema.json",
    fix="write a value of that kind",
)
NOT_ONE_OF = Rule(
    code="SC104",
    title="not one of the values that are allowed",
    rule="A key that chooses has one of the values that the schema lists, in lower case.",
    why="Each value stands for one way of doing things; there is none for another word.",
    source="schema/site.schema.json, schema/repository.schema.json",
    fix="write one of those",
)
LENGTH = Rule(
    code="SC105",
    title="too short or too long",
    rule="A text or list has a length within the schema's bounds.",
    why="An empty list or a text of a thousand characters is a slip.",
    source="schema/site.schema.json, schema/repository.schema.json",
    fix="make it shorter or longer",
)
FORM = Rule(
    code="SC106",
    title="a text that is not written as it should be",
    rule="A text has the form that the schema asks for: at least, one line without spaces around it.",
    why="Programs read it, or it is shown in places that have one line.",
    source="schema/site.schema.json, schema/repository.schema.json",
    fix="write it in that form",
)
OUT_OF_RANGE = Rule(
    code="SC107",
    title="a number out of range",
    rule="A number lies within the schema's bounds.",
    why="No port is above 65535, and no generation below 1 is made.",
    source="schema/site.schema.json, schema/repository.schema.json",
    fix="write a number within the bounds",
)
LISTED_TWICE = Rule(
    code="SC108",
    title="an item is listed twice",
    rule="A list that stands for a set names each item once.",
    why="The second one has no effect; often another was meant.",
    source="schema/site.schema.json, schema/repository.schema.json",
    fix="remove one of the two",
)
NO_VALUE = Rule(
    code="SC109",
    title="a key without a value",
    rule="Every key has a value.",
    why="Nothing, `~` and `null` could mean the default or an empty text; the file should say which.",
    source="docs/design.md, strict loading",
    fix="write a value or remove the line; put it in quotes if it is text",
)
