"""A generation: one key, one request, one certificate."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sitecert.model.certificate import IssuedCertificate
from sitecert.model.request import RequestContent


class Stage(StrEnum):
    """Where a generation stands in its life."""

    OPEN = "open"
    SEALED = "sealed"
    CERTIFIED = "certified"


@dataclass(frozen=True, slots=True)
class Request:
    """A certificate request: its PEM, what it says, and the SHA-256 (hex) of its public key."""

    pem: bytes
    content: RequestContent
    spki_sha256: str


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation as it stands under `out/`, parsed and found whole.

    `encrypted_key` is the age file; `recipients` are the fingerprints of those who can open it;
    `disclosed` says that the key once came in the clear.
    """

    number: int
    request: Request | None = None
    encrypted_key: bytes | None = None
    certificate: IssuedCertificate | None = None
    interim_pem: bytes | None = None
    recipients: tuple[str, ...] = ()
    sealed: bool = False
    disclosed: bool = False

    @property
    def stage(self) -> Stage:
        """Open, sealed or certified."""
        if self.certificate is not None:
            return Stage.CERTIFIED
        return Stage.SEALED if self.sealed else Stage.OPEN

    @property
    def spki_sha256(self) -> str | None:
        """SHA-256 (hex) of the public key, once there is one."""
        if self.request is not None:
            return self.request.spki_sha256
        return self.certificate.leaf.spki_sha256 if self.certificate else None
