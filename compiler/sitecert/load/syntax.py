"""What a parser's complaint means, in words that need no knowledge of parsers."""

from __future__ import annotations

import yaml

from sitecert.load.findings import Findings
from sitecert.problems.codes.files import DIRECTIVE, SYNTAX, TAG

START, SPOT = "start", "spot"

# A part of what libyaml or PyYAML's own parser says; where to point (the start of the thing that was being
# read, or the spot where it went wrong); what that means; what to do. The first that fits is taken.
COMPLAINTS = (
    ("unexpected end of stream", START, "the quote that opens here is not closed", "close the quote"),
    ("unexpected document", START, "the quote that opens here is not closed", "close the quote"),
    (
        "',' or ']'",
        START,
        "the list that opens with [ here is not closed, or lacks a comma",
        "close it with ]",
    ),
    (
        "',' or '}'",
        START,
        "the mapping that opens with { here is not closed, or lacks a comma",
        "close it with }",
    ),
    ("could not find expected ':'", START, "a line that is neither `key: value` nor part of a value", ""),
    (
        "mapping values are not allowed",
        SPOT,
        "a colon where none can stand: inside a value, or in a line that is indented too far",
        "put the whole value in quotes, or mend the indentation",
    ),
    ("mapping keys are not allowed", SPOT, "a ? where none can stand", "put the whole value in quotes"),
    (
        "sequence entries are not allowed",
        SPOT,
        "a list item where none can stand",
        "begin the list in the line below its key, or put the value in quotes if it begins with -",
    ),
    (
        "'-' indicator",
        SPOT,
        "a list goes on with a line that is no item",
        "begin it with - or mend the indentation",
    ),
    ("expected key", SPOT, "this does not belong to the mapping around it", ""),
    ("<block end>", SPOT, "this does not belong to the mapping or list around it", ""),
    ("cannot start any token", SPOT, "no value begins with {character}", "put the whole value in quotes"),
    ("node content", SPOT, "a value is missing here, or a bracket too many stands here", ""),
    (
        "escape",
        SPOT,
        'a backslash in double quotes begins an escape, and this is none, as in "\\d"',
        "use single quotes, or write \\\\ for a backslash",
    ),
    (
        "hexdecimal",
        SPOT,
        "an escape with too few hexadecimal digits",
        "use single quotes, or finish the escape",
    ),
    (
        "hexadecimal",
        SPOT,
        "an escape with too few hexadecimal digits",
        "use single quotes, or finish the escape",
    ),
    (
        "comment or line break",
        SPOT,
        "nothing but a comment can follow | or > in a line",
        "put the text in quotes",
    ),
    ("chomping", SPOT, "nothing but a comment can follow | or > in a line", "put the text in quotes"),
    (
        "indentation indicator",
        SPOT,
        "nothing but a comment can follow | or > in a line",
        "put the text in quotes",
    ),
    ("alphabetic or numeric", START, "a value that begins with & or *", "put the whole value in quotes"),
    ("document start", SPOT, "this does not belong to the mapping above it", ""),
)


def add_syntax_problem(error: yaml.MarkedYAMLError, findings: Findings) -> None:
    """Report where and why a file is no YAML."""
    problem, context = error.problem or "", error.context or ""
    spot = error.problem_mark or error.context_mark
    start = error.context_mark or spot
    if spot is None or start is None:
        raise AssertionError("a parser's complaint without a place")
    if "directive" in problem + context or "YAML document" in problem:
        place = findings.place(spot.line, 0, spot.line + 1, 0)
        findings.add(
            DIRECTIVE, place, "a line that begins with %; a value that begins with % belongs in quotes"
        )
        return
    if "tag" in problem or "tag" in context:
        findings.add(TAG, findings.place(start.line, start.column, start.line, start.column + 1), "a tag (!)")
        return
    known = (complaint[1:] for complaint in COMPLAINTS if complaint[0] in problem)
    where, words, hint = next(known, (SPOT, "this is not YAML", ""))
    mark = start if where == START else spot
    place = findings.place(mark.line, mark.column, mark.line, mark.column + 1)
    text = findings.lines[place.line - 1]
    character = text[place.column - 1 : place.column]
    findings.add(SYNTAX, place, words.replace("{character}", character or "this"), hint)
