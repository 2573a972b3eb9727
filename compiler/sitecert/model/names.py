"""Names that a certificate answers for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


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

    @property
    def is_wildcard(self) -> bool:
        """Whether the name stands for all names of one level (`*.example.org`)."""
        return self.value.startswith("*.")

    @property
    def is_short(self) -> bool:
        """Whether the name is a DNS name of one label (`spokwb1`)."""
        return self.kind is NameKind.DNS and "." not in self.value


@dataclass(frozen=True, slots=True)
class WrittenName:
    """A name that a person wrote: what it means, how it was written, and its JSON pointer."""

    name: AlternativeName
    text: str
    pointer: str


class PublicSuffixes(Protocol):
    """Knows the top-level domains, and the suffixes under which the public registers names."""

    def suffix_of(self, name: str) -> str | None:
        """Return the public suffix of a DNS name in A-labels (`co.uk` of `a.co.uk` and of `co.uk`).

        None for a name that does not end in a top-level domain of the public DNS.
        """
