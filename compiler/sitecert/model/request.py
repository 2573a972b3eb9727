"""What a certificate request asks for, apart from how it is written down."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sitecert.model.names import AlternativeName


class SubjectField(StrEnum):
    """The subject's fields by their OpenSSL short names, in the order in which they stand."""

    COUNTRY = "C"
    STATE = "ST"
    LOCALITY = "L"
    ORGANIZATION = "O"
    ORGANIZATIONAL_UNIT = "OU"
    COMMON_NAME = "CN"
    EMAIL = "emailAddress"


@dataclass(frozen=True, slots=True)
class SubjectAttribute:
    """One field of a subject and its text."""

    field: SubjectField
    value: str


@dataclass(frozen=True, slots=True)
class RequestContent:
    """The subject, the names and the size of the RSA key (in bits) that a request asks for.

    Everything else is the one profile of a TLS server: basicConstraints critical CA:FALSE, keyUsage
    critical digitalSignature and keyEncipherment, extendedKeyUsage serverAuth, signed with SHA-256.
    """

    subject: tuple[SubjectAttribute, ...]
    alternative_names: tuple[AlternativeName, ...]
    key_bits: int
