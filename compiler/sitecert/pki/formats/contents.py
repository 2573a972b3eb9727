"""What was found in files that somebody sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file as it was given: the path as the person wrote it, and the bytes."""

    path: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FoundCertificate:
    """A certificate; `origin` is the trail to it (`returned.zip: site.p7b: certificate 2`)."""

    certificate: x509.Certificate
    origin: str


@dataclass(frozen=True, slots=True)
class FoundRequest:
    """A certificate request as DER."""

    der: bytes
    origin: str


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A private key, which must never be shown.

    `key` is None where it is under a password that was not given; `protected` says that it lay under one
    at all: a key that did not came in the clear. An empty password protects nothing.
    """

    key: PrivateKeyTypes | None = field(repr=False)
    protected: bool
    origin: str


class RefusalKind(StrEnum):
    """Why something was not read."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    LOCKED = "locked"
    TOO_MUCH = "too much"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file, or a part of one, that was not read; `clause` says why (`is empty`) and holds no secret."""

    kind: RefusalKind
    clause: str
    origin: str


@dataclass(frozen=True, slots=True)
class Repair:
    """A deviation that was read all the same; `clause` names it (`line ends are CR alone`)."""

    clause: str
    origin: str


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that was found, in the order in which it stood, and what was not read."""

    certificates: tuple[FoundCertificate, ...] = ()
    requests: tuple[FoundRequest, ...] = ()
    keys: tuple[FoundKey, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    repairs: tuple[Repair, ...] = ()
