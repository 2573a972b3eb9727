"""Prepared schemas, and the problems of a document that is not what its schema asks for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import groupby, islice
from typing import Any

from jsonschema import ValidationError

from sitecert.model.document import Document, Node, Place
from sitecert.model.document import Mapping as MappingNode
from sitecert.model.document import Sequence as SequenceNode
from sitecert.problems import Problem
from sitecert.problems.codes.files import TOO_MANY
from sitecert.problems.codes.schema import NO_VALUE
from sitecert.validate.keywords import SchemaValidator
from sitecert.validate.values import Nothing, to_value
from sitecert.validate.wording import name_of, word

Path = tuple[str | int, ...]

MOST_SHOWN = 100


class Validator:
    """Schemas, parsed once, that documents are compared with."""

    def __init__(self, schemas: Mapping[str, str]) -> None:
        """Prepare schemas, given by name as JSON text; raises ValueError for text that is no JSON."""
        parsed = {name: _without_references(json.loads(text)) for name, text in schemas.items()}
        self._validators = {name: SchemaValidator(schema) for name, schema in parsed.items()}
        self._homes = {name: _homes(schema) for name, schema in parsed.items()}

    def check(self, document: Document, schema: str, *, site: str | None = None) -> tuple[Problem, ...]:
        """Return what is wrong with a document, by the schema of that name, in the order of the places.

        `site` names the site that the problems stop.
        """
        value = to_value(document.root)
        errors = (cause for error in self._validators[schema].iter_errors(value) for cause in _causes(error))
        found = [self._problem(document, schema, error, site) for error in islice(errors, MOST_SHOWN)]
        nothings = islice(_paths_to_nothing(document.root), MOST_SHOWN)
        found += [_no_value(document, path, site) for path in nothings]
        if len(found) >= MOST_SHOWN:
            found.append(TOO_MANY.at(found[-1].place, "there may be more problems in this file", site=site))
        return tuple(sorted(found, key=lambda problem: problem.order))

    def _problem(self, document: Document, schema: str, error: ValidationError, site: str | None) -> Problem:
        wording = word(error, self._homes[schema])
        path = tuple(error.absolute_path)
        if error.validator == "additionalProperties":
            path = (*path, error.message)
        at_key = error.validator in {"additionalProperties", "required"}
        place = _place(document, path, at_key=at_key)
        return wording.rule.at(place, wording.message, hint=wording.hint, pointer=_pointer(path), site=site)


def _causes(error: ValidationError) -> Iterator[ValidationError]:
    """Yield what an error comes down to: of several alternatives, what is wrong with the one that was meant.

    That is the one whose type fits. A key without a value is no cause: it is a problem of its own.
    """
    if error.instance is Nothing.VALUE:
        return
    if error.validator != "anyOf":
        yield error
        return
    branches = [
        list(errors) for _, errors in groupby(error.context or (), key=lambda each: each.schema_path[0])
    ]
    meant = [
        errors
        for errors in branches
        if not any(each.validator == "type" and not each.path for each in errors)
    ]
    if not meant:
        yield error
        return
    for each in meant[0]:
        yield from _causes(each)


def _no_value(document: Document, path: Path, site: str | None) -> Problem:
    place = _place(document, path, at_key=True)
    return NO_VALUE.at(place, f"{name_of(path)} has no value", pointer=_pointer(path), site=site)


def _paths_to_nothing(node: Node, path: Path = ()) -> Iterator[Path]:
    if isinstance(node, MappingNode):
        for entry in node.entries:
            yield from _paths_to_nothing(entry.value, (*path, entry.key.text))
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.items):
            yield from _paths_to_nothing(item, (*path, index))
    elif to_value(node) is Nothing.VALUE:
        yield path


def _place(document: Document, path: Path, *, at_key: bool) -> Place:
    """Return where a value stands, or its key; an item has no key, and the whole file starts at its top."""
    node: Node = document.root
    place = Place(document.path, 1, 1)
    for step in path:
        if isinstance(node, MappingNode):
            entry = next(entry for entry in node.entries if entry.key.text == step)
            node, place = entry.value, entry.key.place if at_key else entry.value.place
        elif isinstance(node, SequenceNode) and isinstance(step, int):
            node = node.items[step]
            place = node.place
    return place


def _pointer(path: Path) -> str:
    """Return a path as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _without_references(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with each `$ref` to its `$defs` replaced by what that names.

    jsonschema would look them up again for every value; what stands beside a `$ref` is description.
    """
    definitions = schema.pop("$defs", {})

    def expand(part: Any) -> Any:  # noqa: ANN401 - JSON
        if isinstance(part, list):
            return [expand(each) for each in part]
        if not isinstance(part, dict):
            return part
        name = part.get("$ref", "").removeprefix("#/$defs/")
        merged = {**definitions[name], **part} if name else part
        return {key: expand(value) for key, value in merged.items() if key != "$ref"}

    expanded: dict[str, Any] = expand(schema)
    return expanded


def _homes(schema: dict[str, Any], name: str = "") -> dict[str, list[str]]:
    """Map every key that a schema knows to the names of the mappings that have it."""
    homes: dict[str, list[str]] = {}
    for key, part in schema.get("properties", {}).items():
        homes.setdefault(key, []).append(name)
        for inner, names in _homes(part, f"{name}.{key}" if name else key).items():
            homes.setdefault(inner, []).extend(names)
    return homes
