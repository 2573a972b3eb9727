"""The parts of SARIF 2.1.0 (OASIS) that we write, transcribed from the standard as a JSON Schema.

The sections are those of the standard. What is optional there and not written by us is refused here, so
that a new property comes with its lines.
"""

from __future__ import annotations

from typing import Any


def _object(required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required.split(),
        "additionalProperties": False,
        "properties": properties,
    }


MESSAGE = _object("text", text={"type": "string", "minLength": 1})  # 3.11
LEVEL = {"enum": ["none", "note", "warning", "error"]}  # 3.27.10
URI = {"type": "string", "pattern": r"^(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+$"}  # RFC 3986
RULE = _object(  # 3.49 reportingDescriptor
    "id",
    id={"type": "string"},
    shortDescription=MESSAGE,
    fullDescription=MESSAGE,
    help=MESSAGE,
    helpUri=URI,
    defaultConfiguration=_object("", level=LEVEL),  # 3.50
)
REGION = _object(  # 3.30: lines and columns count from 1, the end column is the one after the last
    "startLine",
    startLine={"type": "integer", "minimum": 1},
    startColumn={"type": "integer", "minimum": 1},
    endColumn={"type": "integer", "minimum": 2},
)
LOCATION = _object(  # 3.28, 3.29, 3.4
    "physicalLocation",
    physicalLocation=_object(
        "artifactLocation",
        artifactLocation=_object("uri uriBaseId", uri=URI, uriBaseId={"const": "ROOT"}),
        region=REGION,
    ),
)
RESULT = _object(  # 3.27
    "message",
    ruleId={"type": "string", "pattern": "^SC[0-9]{3}$"},
    ruleIndex={"type": "integer", "minimum": 0},
    level=LEVEL,
    message=MESSAGE,
    locations={"type": "array", "items": LOCATION, "minItems": 1},
)
RUN = _object(  # 3.14
    "tool results",
    tool=_object(  # 3.18, 3.19
        "driver",
        driver=_object(
            "name",
            name={"type": "string"},
            semanticVersion={"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
            informationUri=URI,
            rules={"type": "array", "items": RULE, "uniqueItems": True},
        ),
    ),
    invocations={
        "type": "array",
        "items": _object("executionSuccessful", executionSuccessful={"type": "boolean"}),  # 3.20
    },
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},  # 3.14.17
    originalUriBaseIds=_object("ROOT", ROOT=_object("", description=MESSAGE)),  # 3.14.14
    results={"type": "array", "items": RESULT},
)
SARIF = _object(  # 3.13
    "version runs",
    **{"$schema": URI},
    version={"const": "2.1.0"},
    runs={"type": "array", "items": RUN, "minItems": 1},
)
