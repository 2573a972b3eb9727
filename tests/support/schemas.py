"""The published schemas, as a program that reads our JSON would use them."""

from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

SCHEMAS = Path(__file__).parents[2] / "schema"


def validator(name: str) -> Draft202012Validator:
    """Return the validator of a published schema, which may refer to the others."""
    schemas = {path.name: json.loads(path.read_text()) for path in SCHEMAS.iterdir()}
    resources = [(schema["$id"], Resource.from_contents(schema)) for schema in schemas.values()]
    return Draft202012Validator(schemas[f"{name}.schema.json"], registry=Registry().with_resources(resources))
