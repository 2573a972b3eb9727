"""The keywords of JSON Schema that judge our values otherwise than jsonschema does, or say more.

Each yields one error for each key, item or value at fault, with the path to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from sitecert.validate.values import TYPES, Digits

Errors = Iterator[ValidationError]
Schema = dict[str, Any]


def _required(_validator: object, required: list[str], instance: object, _schema: Schema) -> Errors:
    if isinstance(instance, dict):
        for key in required:
            if key not in instance:
                yield ValidationError(key)


def _additional_properties(_validator: object, allowed: bool, instance: object, schema: Schema) -> Errors:  # noqa: FBT001 - jsonschema's order
    if isinstance(instance, dict) and not allowed:
        patterns = [_compiled(pattern) for pattern in schema.get("patternProperties", ())]
        for key in instance:
            if key not in schema.get("properties", ()) and not any(each.fullmatch(key) for each in patterns):
                yield ValidationError(key)


def _unique_items(_validator: object, unique: bool, instance: object, _schema: Schema) -> Errors:  # noqa: FBT001 - jsonschema's order
    if isinstance(instance, list) and unique:
        seen: set[str] = set()
        for index, item in enumerate(instance):
            if repr(item) in seen:
                yield ValidationError("listed twice", path=[index], instance=item)
            seen.add(repr(item))


def _pattern(_validator: object, pattern: str, instance: object, schema: Schema) -> Errors:
    # An empty text is too short, and one problem is enough. `fullmatch`, for in Python `$` matches before
    # a line feed at the end as well, in JSON Schema only at the very end.
    if not isinstance(instance, str) or (not instance and "minLength" in schema):
        return
    if not _compiled(pattern).fullmatch(instance):
        yield ValidationError("pattern")


def _minimum(_validator: object, minimum: int, instance: object, _schema: Schema) -> Errors:
    if isinstance(instance, Digits) and int(instance) < minimum:
        yield ValidationError("minimum")


def _maximum(_validator: object, maximum: int, instance: object, _schema: Schema) -> Errors:
    if isinstance(instance, Digits) and int(instance) > maximum:
        yield ValidationError("maximum")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


SchemaValidator = extend(  # type: ignore[no-untyped-call] # its stub says nothing of its arguments
    Draft202012Validator,
    validators={
        "required": _required,
        "additionalProperties": _additional_properties,
        "uniqueItems": _unique_items,
        "pattern": _pattern,
        "minimum": _minimum,
        "maximum": _maximum,
    },
    type_checker=TYPES,
)
