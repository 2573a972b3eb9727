"""What an error of a schema is called in the user's words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from jsonschema import ValidationError

from sitecert.problems import Rule
from sitecert.problems.codes.schema import (
    FORM,
    LENGTH,
    LISTED_TWICE,
    MISSING_KEY,
    NOT_ONE_OF,
    OUT_OF_RANGE,
    UNKNOWN_KEY,
    WRONG_TYPE,
)
from sitecert.problems.wording import quoted
from sitecert.validate.values import Digits

LONGEST_INLINE = 80
SIMPLE_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")
KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """The rule that an error breaks, what is wrong, and what to do where that is more than the rule says."""

    rule: Rule
    message: str
    hint: str = ""


def word(error: ValidationError, homes: Mapping[str, Sequence[str]]) -> Wording:
    """Return how an error is told.

    `homes` maps every key of the schema to the names of the mappings that have it, for a key that
    stands in the wrong one.
    """
    keyword = str(error.validator)
    if keyword == "additionalProperties":
        return _unknown_key(error, homes)
    return WORDINGS[keyword](error, name_of(error.absolute_path))


def name_of(path: Sequence[str | int]) -> str:
    """Return a path as people write it: `servers[1].ords_port`."""
    name = ""
    for step in path:
        if isinstance(step, int):
            name += f"[{step}]"
        else:
            shown = step if SIMPLE_KEY.fullmatch(step) else quoted(step)
            name += f".{shown}" if name else shown
    return name


def _unknown_key(error: ValidationError, homes: Mapping[str, Sequence[str]]) -> Wording:
    key, schema, around = error.message, _schema(error), name_of(error.absolute_path)
    known = list(schema.get("properties", ()))
    message = f"{quoted(key)} is not a key {f'of {around}' if around else 'here'}"
    if not known:
        examples = " ".join(name for example in schema.get("examples", ()) for name in example)
        return Wording(UNKNOWN_KEY, message, f"write keys as in {examples}")
    message += f"; allowed are {', '.join(known)}"
    close = get_close_matches(key.casefold().replace("-", "_").replace(" ", "_"), known, n=1)
    if close:
        return Wording(UNKNOWN_KEY, message, f"did you mean {close[0]}?")
    home = next((home for home in homes.get(key, ()) if home != around), None)
    if home is not None:
        where = f"under {home}" if home else "at the top level"
        return Wording(UNKNOWN_KEY, message, f"{key} belongs {where}")
    return Wording(UNKNOWN_KEY, message)


def _missing_key(error: ValidationError, name: str) -> Wording:
    key = error.message
    examples = _schema(error).get("properties", {}).get(key, {}).get("examples", ())
    hint = f"add it, for example `{key}: {_inline(examples[0])}`" if examples else ""
    return Wording(MISSING_KEY, f"{name}.{key} is missing" if name else f"{key} is missing", hint)


def _wrong_type(error: ValidationError, name: str) -> Wording:
    kinds = allowed_types(error)
    wanted = " or ".join(KINDS[kind] for kind in kinds if not (kind == "number" and "string" in kinds))
    value: Any = error.instance
    if isinstance(value, bool) and "string" in kinds:
        hint = f"put it in quotes if it is text: '{_inline(value)}'"
    elif isinstance(value, str) and kinds == ["array"]:
        hint = f"write a list, even of one: [{_inline(value)}]"
    elif isinstance(value, str) and "boolean" in kinds:
        hint = "write true or false, without quotes"
    elif isinstance(value, str) and kinds == ["integer"]:
        hint = "write digits alone, without quotes"
    elif isinstance(value, dict) and "string" in kinds:
        hint = "put text that holds `: ` in quotes"
    else:
        hint = _example_hint(_schema(error))
    return Wording(WRONG_TYPE, f"{name} must be {wanted}, not {_describe(value)}", hint)


def _not_one_of(error: ValidationError, name: str) -> Wording:
    allowed = [str(each) for each in _allowed(error)]
    message = f"{name} must be {_listed(allowed)}, not {_describe(error.instance)}"
    close = get_close_matches(str(error.instance).casefold(), allowed, n=1)
    return Wording(NOT_ONE_OF, message, f"did you mean {close[0]}?" if close else "")


def _too_few(error: ValidationError, name: str) -> Wording:
    what = "at least one item" if error.validator_value == 1 else f"at least {error.validator_value} items"
    return Wording(LENGTH, f"{name} must have {what}", "add an item, or remove the key")


def _too_short(error: ValidationError, name: str) -> Wording:
    least = error.validator_value
    message = f"{name} must not be empty" if least == 1 else f"{name} must have at least {least} characters"
    return Wording(LENGTH, message, "write a value, or remove the key")


def _too_long(error: ValidationError, name: str) -> Wording:
    length, most = len(str(error.instance)), error.validator_value
    return Wording(LENGTH, f"{name} has {length} characters; at most {most} are allowed", "make it shorter")


def _form(error: ValidationError, name: str) -> Wording:
    schema = _schema(error)
    message = f"{name} must be {schema['patternErrorMessage']}; it is {quoted(str(error.instance))}"
    return Wording(FORM, message, _example_hint(schema))


def _out_of_range(error: ValidationError, name: str) -> Wording:
    schema = _schema(error)
    least, most = schema.get("minimum"), schema.get("maximum")
    return Wording(OUT_OF_RANGE, f"{name} must be from {least} to {most}, not {error.instance}")


def _listed_twice(error: ValidationError, name: str) -> Wording:
    return Wording(LISTED_TWICE, f"{name} is listed twice: {quoted(str(error.instance))}")


WORDINGS: Mapping[str, Callable[[ValidationError, str], Wording]] = {
    "required": _missing_key,
    "type": _wrong_type,
    "anyOf": _wrong_type,
    "enum": _not_one_of,
    "minItems": _too_few,
    "minLength": _too_short,
    "maxLength": _too_long,
    "pattern": _form,
    "minimum": _out_of_range,
    "maximum": _out_of_range,
    "uniqueItems": _listed_twice,
}


def allowed_types(error: ValidationError) -> list[str]:
    """Return the JSON types that a `type` or `anyOf` error would have allowed."""
    values: Any = error.validator_value
    if error.validator == "anyOf":
        return [branch["type"] for branch in values]
    return [values] if isinstance(values, str) else list(values)


def _describe(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return _inline(value)
    return str(value) if isinstance(value, Digits) else quoted(str(value))


def _example_hint(schema: Mapping[str, Any]) -> str:
    examples = schema.get("examples", ())
    return f"write it as in {_inline(examples[0])}" if examples else ""


def _inline(value: object) -> str:
    """Return a value as YAML that fits into a line of a hint."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_inline(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, str):
        return value if value.isprintable() and len(value) <= LONGEST_INLINE else quoted(value)
    return json.dumps(value)


def _listed(words: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _allowed(error: ValidationError) -> list[object]:
    values: Any = error.validator_value
    return list(values)


def _schema(error: ValidationError) -> dict[str, Any]:
    schema: Any = error.schema
    return dict(schema)
