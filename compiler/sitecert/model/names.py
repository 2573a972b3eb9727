"""Names that a certificate answers for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NameKind(StrEnum):
    """The two kinds of name that a TLS server certificate may carry (BR 7.1.2.7.12)."""

    DNS = "DNS"
    IP = "IP"


@dataclass(frozen=True, slots=True, order=True)
class AlternativeName:
    """One subject alternative name in its canonical form.

    A DNS name is lower case and made of A-labels (`xn--...`); an IP address is written as
    `ipaddress` writes it.
    """

    kind: NameKind
    value: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"
