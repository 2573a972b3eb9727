"""What was found in files that somebody sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file as it was given: the path as the person wrote it, and the bytes.

    `is_part` says that it was not named itself, but lay in a folder that was.
    """

    path: str
    content: bytes = field(repr=False)
    is_part: bool = False


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


class RefusalKind(StrEnum):
    """Why something was not read."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    """Nothing that sitecert knows."""
    WEB_PAGE = "web page"
    DOCUMENT = "document"
    PICTURE = "picture"
    OTHER_KIND = "other kind"
    """Something known that is no certificate, request or private key: a CRL, a public key."""
    CUT_OFF = "cut off"
    DAMAGED = "damaged"
    UNSUPPORTED = "unsupported"
    """Protected or packed by a method that sitecert does not know."""
    LOCKED = "locked"
    """Under a password, and none was given."""
    WRONG_PASSWORD = "wrong password"  # noqa: S105 - a kind of refusal
    TOO_MUCH = "too much"
    """Larger than a file may be."""
    EXPANDS = "expands"
    """An archive that unpacks to more than is read."""
    TOO_DEEP = "too deep"
    TOO_MANY = "too many"
    TOO_COSTLY = "too costly"
    """To open it would take more computing than is done for a file that somebody sent."""
    NOT_A_FILE = "not a file"
    """An entry of a folder or of an archive that is a link or a device."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file, or a part of one, that was not read; `clause` says why (`is empty`) and holds no secret.

    `is_part` says that it lay in an archive or a folder beside others.
    """

    kind: RefusalKind
    clause: str
    origin: str
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A private key, which must never be shown.

    `key` is None where it did not open, and `refusal` then says why: mostly that it is under a password
    that was not given. `protected` says that it lay under one at all: a key that did not came in the clear.
    An empty password protects nothing.
    """

    key: PrivateKeyTypes | None = field(repr=False)
    protected: bool
    origin: str
    refusal: Refusal | None = None


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
