"""A site as it is meant: defaults merged, names normalised, contradictions refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sitecert.model.document import Place
from sitecert.model.names import AlternativeName, WrittenName
from sitecert.model.request import RequestContent, SubjectAttribute, SubjectField
from sitecert.model.suite import SuiteTraits


class IssuerKind(StrEnum):
    """Who signs: a publicly trusted CA, the customer's own, or nobody else."""

    PUBLIC = "public"
    INTERNAL = "internal"
    SELF_SIGNED = "self-signed"


class InstallOn(StrEnum):
    """Where the certificate is installed."""

    SERVERS = "servers"
    LOAD_BALANCER = "load-balancer"
    BOTH = "both"


class KeySecurity(StrEnum):
    """The article's two choices (kb39324 step 2): RSA 2048 or RSA 4096."""

    STANDARD = "standard"
    HIGH = "high"


class Custody(StrEnum):
    """Where the private key is born: in this repository, on the server, or with the customer."""

    REPOSITORY = "repository"
    SERVER = "server"
    CUSTOMER = "customer"


class Vendor(StrEnum):
    """Load balancers that we know how to talk about."""

    F5 = "f5"
    NETSCALER = "netscaler"
    HAPROXY = "haproxy"
    NGINX = "nginx"
    OTHER = "other"


SUBJECT_POINTERS: Mapping[SubjectField, str] = {
    SubjectField.COUNTRY: "/subject/country",
    SubjectField.STATE: "/subject/state",
    SubjectField.LOCALITY: "/subject/locality",
    SubjectField.ORGANIZATION: "/subject/organization",
    SubjectField.ORGANIZATIONAL_UNIT: "/subject/organizational_unit",
    SubjectField.COMMON_NAME: "/common_name",
    SubjectField.EMAIL: "/subject/email",
}
"""Where a site says each field of its subject."""


@dataclass(frozen=True, slots=True)
class LoadBalancer:
    """The load balancer in front of a site; `name` is its object or host name where one is given."""

    vendor: Vendor
    name: str | None


@dataclass(frozen=True, slots=True)
class Server:
    """One server of a site.

    `name` is lower case, in A-labels, and also the name of its folder under `runbooks/`; `role` is for
    the document alone; ports are TCP ports.
    """

    name: str
    role: str | None
    https_port: int
    ords: bool
    ords_port: int


@dataclass(frozen=True, slots=True)
class KeyPolicy:
    """How the key is made; `passphrase` chooses the article's primary method on the server."""

    security: KeySecurity
    custody: Custody
    generation: int
    passphrase: bool

    @property
    def bits(self) -> int:
        """The RSA modulus in bits."""
        return 4096 if self.security is KeySecurity.HIGH else 2048


@dataclass(frozen=True, slots=True)
class Change:
    """The customer's change record: every field may still be unknown."""

    number: str | None = None
    window: str | None = None
    contact: str | None = None
    approvers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiver:
    """A problem's code that this site is excused from, why, and until when."""

    code: str
    reason: str
    until: date
    place: Place


@dataclass(frozen=True, slots=True)
class OmittedName:
    """A server's name that the issuer would refuse, left out of the request (docs/design.md section 2)."""

    name: str
    server: str


@dataclass(frozen=True, slots=True)
class Site:
    """One site, resolved.

    `name` is `site` or `group/site`, as under `sites/` and `out/`. `places` maps a JSON pointer of the
    site (`/subject/country`) to where its value was written: in the site's own file, or in the
    defaults of `sitecert.yaml`. `alternative_names` stand in their final order, the common name first;
    `written_names` are those of `common_name` and `alt_names` as they were written, equal ones included.
    `ords_key` is the file that ORDS reads its key from: `server.der`, or `server.key` (both PKCS#8).
    """

    name: str
    customer: str
    version: str
    suite: SuiteTraits
    common_name: AlternativeName
    alternative_names: tuple[AlternativeName, ...]
    omitted_names: tuple[OmittedName, ...]
    load_balancer: LoadBalancer | None
    install_on: InstallOn
    servers: tuple[Server, ...]
    issuer: IssuerKind
    subject: tuple[SubjectAttribute, ...]
    key: KeyPolicy
    change: Change
    waivers: tuple[Waiver, ...]
    source: str
    places: Mapping[str, Place] = field(repr=False)
    ords_key: str = "server.der"
    written_names: tuple[WrittenName, ...] = ()

    @property
    def request(self) -> RequestContent:
        """What a request for this site asks for today."""
        return RequestContent(self.subject, self.alternative_names, self.key.bits)

    def place(self, pointer: str) -> Place:
        """Return where the value at `pointer`, or the nearest thing around it, was written."""
        while pointer and pointer not in self.places:
            pointer = pointer.rpartition("/")[0]
        return self.places[pointer]
