"""What was looked at where a site's certificate should be served, and what was seen there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sitecert.model.certificate import CertificateFacts, IssuedCertificate
from sitecert.model.names import AlternativeName

LOAD_BALANCER = "load-balancer"
"""The word by which a user names the load balancer where others are named by their host names."""


class Service(StrEnum):
    """What answers at a place."""

    APACHE = "Apache"
    ORDS = "ORDS"
    LOAD_BALANCER = "load balancer"


@dataclass(frozen=True, slots=True)
class Address:
    """A host (a name, or an IP address without brackets) and a TCP port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Redirection:
    """One `--connect NAME[:PORT]=ADDR[:PORT]`.

    `name` is what is redirected: a server, `load-balancer` or the common name, with `port` that port of
    it alone. `host` and `to_port` say where to connect instead; without `to_port` the port stays.
    """

    name: str
    port: int | None
    host: str
    to_port: int | None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A place where the certificate should be served.

    `target` is the server's name or `load-balancer`; `address` is where the site says that it answers
    and `connect` where it is asked, which `--connect` makes another. `pointer` is the JSON pointer of
    what stands for it in the site.
    """

    target: str
    service: Service
    address: Address
    connect: Address
    pointer: str


class Served(StrEnum):
    """Which certificate a place serves, of those that the repository knows."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    INTERIM = "interim"
    OTHER = "other"
    NOTHING = "nothing"

    @property
    def is_due(self) -> bool:
        """Whether one of ours is served, but not the one that belongs there: somebody has yet to act."""
        return self in (Served.SUPERSEDED, Served.INTERIM)


@dataclass(frozen=True, slots=True)
class SentCertificate:
    """One certificate as a server sent it: its SHA-256 (hex), and its facts where it can be read."""

    fingerprint: str
    facts: CertificateFacts | None


@dataclass(frozen=True, slots=True)
class Check:
    """What one handshake showed.

    `server_name` is what was asked for by SNI (RFC 6066 section 3), None for an IP address.
    `generation` is the number of the generation whose certificate is served, where it is one of ours.
    `reached` is the IP address that was connected to; `protocol` and `cipher` are what was negotiated;
    `chain` holds every certificate in the order in which the server sent them, its own first. Where no
    handshake came about, the last three are None or empty.
    """

    endpoint: Endpoint
    name: AlternativeName
    server_name: str | None
    served: Served
    generation: int | None = None
    reached: Address | None = None
    protocol: str | None = None
    cipher: str | None = None
    chain: tuple[SentCertificate, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """One look at all places of a site.

    `generation` and `issued` are the newest generation that has a certificate, None where there is only
    an interim one. `made_at` is when it was looked, `judged_at` the moment by which validity was judged;
    both in UTC.
    """

    site: str
    generation: int | None
    issued: IssuedCertificate | None
    made_at: datetime
    judged_at: datetime
    checks: tuple[Check, ...]
