"""What a certificate says: the fields that documents, runbooks and verdicts need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sitecert.model.names import AlternativeName


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """The facts of one certificate, read from its ASN.1.

    `subject` and `issuer` are readable distinguished names (`CN=..., O=...`); `serial` is lower-case
    hexadecimal; `fingerprint` and `spki_sha256` are lower-case hexadecimal SHA-256 of the DER
    certificate and of its SubjectPublicKeyInfo; the times are in UTC.
    """

    subject: str
    issuer: str
    common_name: str | None
    alternative_names: tuple[AlternativeName, ...]
    serial: str
    not_before: datetime
    not_after: datetime
    fingerprint: str
    spki_sha256: str
    key_bits: int
    self_signed: bool


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """A leaf and its chain in canonical PEM.

    `chain` holds the intermediates, the leaf's issuer first, without the root; it may be empty.
    `leaf_pem` and `chain_pem` are what `leaf.crt` and `chain.crt` hold.
    """

    leaf: CertificateFacts
    chain: tuple[CertificateFacts, ...]
    leaf_pem: bytes
    chain_pem: bytes

    @property
    def served_pem(self) -> bytes:
        """What is installed as `server.crt`: the leaf followed by its chain (Apache 2.4.8 and above)."""
        return self.leaf_pem + self.chain_pem
