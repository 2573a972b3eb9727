"""Patterns that hostile text is held against: none may try the same text in exponentially many ways."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from re import _constants as constants
from re import _parser as parser
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
REPEATS = (constants.MAX_REPEAT, constants.MIN_REPEAT)
MANY = 64
"""Repeats up to this many times are no danger."""


def in_source() -> Iterator[tuple[str, str | bytes]]:
    """Yield every pattern of the package that stands there as a text, with its place."""
    for path in sorted((ROOT / "compiler").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            is_pattern = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
            if is_pattern and node.args and isinstance(node.args[0], ast.Constant):
                yield f"{path.name}:{node.lineno}", node.args[0].value


def in_schemas(part: Any) -> Iterator[str]:
    """Yield every pattern of a schema."""
    if isinstance(part, dict):
        if isinstance(part.get("pattern"), str):
            yield part["pattern"]
        for each in part.values():
            yield from in_schemas(each)
    elif isinstance(part, list):
        for each in part:
            yield from in_schemas(each)


PATTERNS = dict(in_source()) | {
    f"{path.name}: {pattern}": pattern
    for path in sorted((ROOT / "schema").glob("*.json"))
    for pattern in in_schemas(json.loads(path.read_text(encoding="utf-8")))
}


def ambiguous(items: Any) -> bool:
    """Tell whether an endless repeat can begin anew, by one character, where one inside it could go on."""
    for operator, argument in items:
        for inner in bodies(operator, argument):
            if ambiguous(inner):
                return True
        if operator in REPEATS and argument[1] > MANY:
            first = begins(argument[2])
            if any(first & last for last in endless_ends(argument[2])):
                return True
    return False


def bodies(operator: Any, argument: Any) -> Iterator[Any]:
    """Yield what stands inside an item."""
    if operator in REPEATS:
        yield argument[2]
    elif operator is constants.SUBPATTERN:
        yield argument[3]
    elif operator is constants.BRANCH:
        yield from argument[1]
    elif operator in (constants.ASSERT, constants.ASSERT_NOT):
        yield argument[1]


def begins(items: Any) -> frozenset[int]:
    """Return the characters, among the first 256, that a match can begin with."""
    found: set[int] = set()
    for operator, argument in items:
        if operator in (constants.ASSERT, constants.ASSERT_NOT, constants.AT):
            continue
        inner = list(bodies(operator, argument))
        found |= set().union(*map(begins, inner)) if inner else characters(operator, argument)
        if not (operator in REPEATS and argument[0] == 0):
            break
    return frozenset(found)


def endless_ends(items: Any) -> Iterator[frozenset[int]]:
    """Yield the characters of each endless repeat that a match can end with."""
    for operator, argument in reversed(list(items)):
        for inner in bodies(operator, argument):
            yield from endless_ends(inner)
        if operator in REPEATS and argument[1] > MANY:
            yield begins(argument[2])
        if not (operator in REPEATS and argument[0] == 0):
            return


def characters(operator: Any, argument: Any) -> set[int]:
    """Return the characters, among the first 256, that one item takes."""
    if operator is constants.LITERAL:
        return {argument}
    pattern = re.compile(parser_text(operator, argument), re.DOTALL)
    return {number for number in range(256) if pattern.fullmatch(chr(number))}


def parser_text(operator: Any, argument: Any) -> str:
    """Write an item of one character as a pattern again."""
    if operator is constants.ANY:
        return "."
    if operator is constants.NOT_LITERAL:
        return f"[^\\x{argument:02x}]"
    if operator is not constants.IN:
        return r"(?!)"
    text = ""
    for kind, value in argument:
        if kind is constants.NEGATE:
            text += "^"
        elif kind is constants.LITERAL:
            text += f"\\U{value:08x}"
        elif kind is constants.RANGE:
            text += f"\\U{value[0]:08x}-\\U{value[1]:08x}"
        else:
            text += CATEGORIES[value]
    return f"[{text}]"


CATEGORIES = {
    constants.CATEGORY_DIGIT: r"\d",
    constants.CATEGORY_NOT_DIGIT: r"\D",
    constants.CATEGORY_SPACE: r"\s",
    constants.CATEGORY_NOT_SPACE: r"\S",
    constants.CATEGORY_WORD: r"\w",
    constants.CATEGORY_NOT_WORD: r"\W",
}


@pytest.mark.parametrize(
    "pattern", [r"(a+)+", r"^([a-z0-9]+(-[a-z0-9]+)*\.?)+$", r"(?:\w+\s*)*", r"(.*)*", r"(?:x|[^y]+)*"]
)
def test_the_judge_sees_what_explodes(pattern: str) -> None:
    """Known examples, among them the usual mistake with host names."""
    assert ambiguous(parser.parse(pattern))


@pytest.mark.parametrize("pattern", [r"[a-z]+(?:-[a-z]+)*", r"(?:[a-z]+\n)*", r"a*b*", r"(?:ab?)*"])
def test_the_judge_lets_pass_what_does_not(pattern: str) -> None:
    """Where a character stands between two repeats, there is one way to read a text."""
    assert not ambiguous(parser.parse(pattern))


@pytest.mark.parametrize("place", PATTERNS)
def test_no_pattern_explodes(place: str) -> None:
    """No endless repeat begins anew where one inside it could go on."""
    assert not ambiguous(parser.parse(PATTERNS[place]))
