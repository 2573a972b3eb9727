"""A document as plain values, for a JSON Schema to judge.

Only a plain `true` or `false` is a boolean. A plain whole number is a number as well as text, for the
schema says which is meant. Everything else is text.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Any, TypeAlias

from jsonschema import TypeChecker

from sitecert.model.document import Mapping, Node, Scalar

# Eighteen digits are more than any number that a schema allows, and less than `int` refuses.
WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")
BOOLEANS = {"true": True, "false": False}
NOTHINGS = frozenset({"", "~", "null", "Null", "NULL"})


class Nothing(Enum):
    """A key or an item without a value; it is a problem of its own, and of no kind that a schema has."""

    VALUE = 0


class Digits(str):
    """Text that may be read as a whole number."""

    __slots__ = ()


Value: TypeAlias = "bool | str | Nothing | list[Value] | dict[str, Value]"


def to_value(node: Node) -> Value:
    """Return a node as plain values: dict, list, str, Digits, bool, or Nothing."""
    if isinstance(node, Scalar):
        return _scalar_value(node)
    if isinstance(node, Mapping):
        return {entry.key.text: to_value(entry.value) for entry in node.entries}
    return [to_value(item) for item in node.items]


def _scalar_value(scalar: Scalar) -> bool | str | Nothing:
    text = scalar.text
    if not scalar.plain:
        return text
    if text in NOTHINGS:
        return Nothing.VALUE
    if text in BOOLEANS:
        return BOOLEANS[text]
    return Digits(text) if WHOLE_NUMBER.fullmatch(text) else text


def _is(*types: type) -> Any:  # noqa: ANN401 - jsonschema's own type for this is not public
    return lambda _checker, value: isinstance(value, types)


TYPES = TypeChecker(
    {
        "object": _is(dict),
        "array": _is(list),
        "string": _is(str),
        "boolean": _is(bool),
        "integer": _is(Digits),
        "number": _is(Digits),
    }
)
