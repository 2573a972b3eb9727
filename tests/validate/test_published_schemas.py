"""The published schemas: valid, described, exemplified, and in agreement with each other and with us."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from sitecert.load.data import read_schema
from sitecert.load.strict_yaml import parse
from sitecert.model.site import Custody, InstallOn, IssuerKind, KeySecurity, Vendor
from sitecert.model.suite import ServiceManager
from sitecert.validate.schema import Validator
from sitecert.validate.wording import WORDINGS
from support.sites import a_site

NAMES = ("site", "repository")
SCHEMAS: dict[str, dict[str, Any]] = {name: json.loads(read_schema(name)) for name in NAMES}
VALIDATOR = Validator({name: read_schema(name) for name in NAMES})
ANNOTATIONS = {"title", "description", "examples", "default", "patternErrorMessage"}
STRUCTURE = {
    "$schema",
    "$id",
    "$defs",
    "$ref",
    "properties",
    "patternProperties",
    "items",
    "additionalProperties",
}


def parts(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema inside a schema, with where it is."""
    yield path, schema
    for keyword in ("properties", "patternProperties", "$defs"):
        for name, inner in schema.get(keyword, {}).items():
            yield from parts(inner, f"{path}/{keyword}/{name}")
    if isinstance(schema.get("items"), dict):
        yield from parts(schema["items"], f"{path}/items")
    for index, inner in enumerate(schema.get("anyOf", ())):
        yield from parts(inner, f"{path}/anyOf/{index}")


ALL = [(name, path, part) for name in NAMES for path, part in parts(SCHEMAS[name])]


def resolved(name: str, part: dict[str, Any]) -> dict[str, Any]:
    """Return a part of a schema that can be used alone."""
    return {**part, "$defs": SCHEMAS[name]["$defs"]}


@pytest.mark.parametrize("name", NAMES)
def test_schemas_are_valid_json_schema(name: str) -> None:
    """As the dialect that they declare."""
    schema = SCHEMAS[name]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"https://sitecert.dev/schema/{name}.schema.json"
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", NAMES)
def test_schemas_are_written_as_a_diff_wants_them(name: str) -> None:
    """Two spaces, a line feed at the end, nothing escaped that need not be."""
    assert read_schema(name) == json.dumps(SCHEMAS[name], indent=2, ensure_ascii=False) + "\n"


def test_every_property_is_described_and_has_examples() -> None:
    """An editor shows both."""
    bare = [
        (name, path)
        for name, path, part in ALL
        if re.search(r"/(?:patternP|p)roperties/[^/]+$", path)
        and not {"description", "examples"} <= set(part)
    ]
    assert bare == []


def test_every_mapping_is_closed() -> None:
    """A misspelled key is never taken."""
    assert [
        path
        for _, path, part in ALL
        if part.get("type") == "object" and part.get("additionalProperties") is not False
    ] == []


@pytest.mark.parametrize(("name", "path", "part"), [each for each in ALL if "examples" in each[2]])
def test_examples_are_valid(name: str, path: str, part: dict[str, Any]) -> None:
    """By jsonschema's own judgement, as an editor's."""
    del path
    for example in part["examples"]:
        Draft202012Validator(resolved(name, part)).validate(example)


@pytest.mark.parametrize("name", NAMES)
def test_whole_examples_are_valid_as_yaml_too(name: str) -> None:
    """Our judgement of the same file is the same."""
    for example in SCHEMAS[name]["examples"]:
        document, problems = parse("a.yaml", yaml.safe_dump(example, sort_keys=False).encode())
        assert document is not None
        assert problems + VALIDATOR.check(document, name) == ()


def test_every_keyword_has_words() -> None:
    """No error of a schema is without a message, and `format` is not relied upon."""
    used = {keyword for _, _, part in ALL for keyword in part}
    assert used - ANNOTATIONS - STRUCTURE <= set(WORDINGS)


def test_patterns_are_anchored_and_explained() -> None:
    """A pattern judges the whole text, is linear, and has words for people."""
    for _, path, part in ALL:
        if "pattern" in part:
            assert part["pattern"].startswith("^"), path
            assert part["pattern"].endswith("$"), path
            assert "patternErrorMessage" in part, path


def test_what_stands_beside_a_reference_only_describes() -> None:
    """References are replaced by what they name, so nothing beside them may judge."""
    for _, path, part in ALL:
        if "$ref" in part:
            assert set(part) - {"$ref"} <= ANNOTATIONS, path


def test_every_definition_is_used() -> None:
    """Nothing is left over."""
    for name in NAMES:
        text = read_schema(name)
        assert all(f'"#/$defs/{definition}"' in text for definition in SCHEMAS[name]["$defs"])


def test_defaults_are_a_sites_fields() -> None:
    """All but names, servers, the generation and waivers, in the very same words."""
    site, defaults = (
        SCHEMAS["site"]["properties"],
        SCHEMAS["repository"]["properties"]["defaults"]["properties"],
    )
    assert set(site) - set(defaults) == {"common_name", "alt_names", "servers", "waive"}
    key = dict(site["key"]["properties"])
    del key["generation"]
    assert defaults["key"]["properties"] == key
    assert {name: part for name, part in defaults.items() if name != "key"} == {
        name: part for name, part in site.items() if name in defaults and name != "key"
    }
    shared = SCHEMAS["repository"]["$defs"]
    assert shared == {name: part for name, part in SCHEMAS["site"]["$defs"].items() if name in shared}


def test_choices_are_those_of_the_model() -> None:
    """The schema offers what the model knows, no more and no less."""
    site, defs = SCHEMAS["site"]["properties"], SCHEMAS["site"]["$defs"]
    assert site["issuer"]["enum"] == list(IssuerKind)
    assert site["install_on"]["enum"] == list(InstallOn)
    assert site["key"]["properties"]["security"]["enum"] == list(KeySecurity)
    assert site["key"]["properties"]["custody"]["enum"] == list(Custody)
    assert site["service_manager"]["enum"] == list(ServiceManager)
    assert defs["load_balancer"]["properties"]["vendor"]["enum"] == list(Vendor)
    assert a_site().servers[0].https_port == defs["server"]["properties"]["https_port"]["default"]


def test_dates_of_the_pattern_are_dates() -> None:
    """The pattern takes what looks like a date; 30 February is for a later stage."""
    pattern = re.compile(SCHEMAS["site"]["$defs"]["date"]["pattern"])
    assert pattern.match(date(2027, 3, 1).isoformat())
    assert not pattern.match("2027-3-1")
    assert not pattern.match("2027-13-01")
