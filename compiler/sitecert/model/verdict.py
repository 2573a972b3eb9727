"""What is thought of a returned certificate, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """What is judged, in the order in which people read it."""

    CERTIFICATE = "certificate"
    REQUEST = "request"
    KEY = "key"
    NAMES = "names"
    SUBJECT = "subject"
    VALIDITY = "validity"
    KEY_USAGE = "key usage"
    PURPOSE = "extended key usage"
    CONSTRAINTS = "basic constraints"
    EXTENSIONS = "extensions"
    SIGNATURE = "signature"
    TRANSPARENCY = "transparency"
    VALIDATION = "validation"
    ISSUER = "issuer"
    CHAIN = "chain"
    ANCHOR = "anchor"
    PRIVATE_KEY = "private key"


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Who has a public key: a generation of a site; `commit` names one in git where it stands no longer."""

    site: str
    generation: int
    commit: str | None = None
