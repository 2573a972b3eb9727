"""The questions that returns are judged by, and returns that are right but for what a test changes.

Everything but the named defect is right. What a test changes in the question is the site, what is filed,
or the roots that are known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sitecert.intake.case import Question
from sitecert.model.certificate import IssuedCertificate
from sitecert.model.generation import Generation
from sitecert.model.site import Custody, IssuerKind, KeyPolicy, KeySecurity
from sitecert.model.verdict import Field, KeyHolder
from sitecert.pki.anchors import Anchors
from sitecert.pki.certificates import issued_certificate
from sitecert.pki.formats.contents import (
    Contents,
    FoundCertificate,
    FoundKey,
    FoundRequest,
    Refusal,
    RefusalKind,
)
from sitecert.pki.requests import build_request, read_request
from support.authority import rsa_key
from support.returned import (
    ISSUED,
    LEAF,
    NAMES,
    PUBLIC,
    issuing,
    mint,
    resigned,
    root,
    signed_by_openssl,
)
from support.sites import a_site, dns

AT = ISSUED + timedelta(days=9, hours=12)
DAY = timedelta(days=1)
SITE = a_site(issuer=IssuerKind.INTERNAL, alternative_names=dns(*NAMES))
PUBLIC_SITE = replace(SITE, issuer=IssuerKind.PUBLIC)
OPENSSL_EXTENSIONS = f"""\
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth
subjectAltName = {", ".join(f"DNS:{each}" for each in NAMES)}
"""
EXTFILE = ("-extfile", "server.ext")
Returned = Callable[[], Contents]
Asked = Callable[[], Question]


@cache
def anchors(*labels: str) -> Anchors:
    """Return the roots of these names as the known ones."""
    return Anchors([root(label) for label in labels])


def custody(kind: Custody, number: int = 1) -> dict[str, Any]:
    """Return the change of a site whose key is born elsewhere."""
    return {"key": KeyPolicy(KeySecurity.STANDARD, kind, number, passphrase=False)}


@cache
def a_request(label: str = "leaf", number: int = 1) -> Generation:
    """Return a generation that waits for its certificate."""
    return Generation(number, read_request(build_request(rsa_key(label), SITE.request)))


def filed(certificate: x509.Certificate) -> IssuedCertificate:
    """Return a certificate as it is filed."""
    return issued_certificate(certificate, [issuing()])


def internal(**changes: Any) -> Question:
    """Return the question of a site with a CA of its own, whose root is known."""
    generations = changes.pop("generations", (a_request(),))
    site = replace(SITE, **changes.pop("site", {}))
    by_number = {each.number: each for each in generations}
    return Question(site, by_number, **{"at": AT, "internal": anchors("root"), **changes})


def public(**changes: Any) -> Question:
    """Return the question of a site with a public CA, which the tests' own stands for."""
    question = Question(PUBLIC_SITE, {1: a_request()}, AT, public=anchors("root"))
    return replace(question, **changes)


def came(*found: x509.Certificate, keys: tuple[FoundKey, ...] = ()) -> Contents:
    """Return certificates, and keys, as they are found in one file."""
    certificates = tuple(FoundCertificate(each, "a.pem: block 1") for each in found)
    return Contents(certificates, keys=keys)


def leaf(**changes: Any) -> Contents:
    """Return the certificate of an internal CA with something else in it, and its issuer."""
    return came(mint(LEAF.but(**changes)), issuing())


def public_leaf(**changes: Any) -> Contents:
    """Return the certificate of a public CA with something else in it, and its issuer."""
    return came(mint(PUBLIC.but(**changes)), issuing())


def by_openssl(*options: str) -> Contents:
    """Return what openssl makes of a request, and its issuer."""
    pem = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(LEAF.subject)
        .sign(rsa_key("leaf"), hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    with TemporaryDirectory() as folder:
        (Path(folder) / "server.ext").write_text(OPENSSL_EXTENSIONS)
        return came(signed_by_openssl(Path(folder), *options, request=pem), issuing())


def key_found(label: str, *, protected: bool = False, is_opened: bool = True) -> FoundKey:
    """Return a private key that came along."""
    origin = "a.pem: block 3"
    if is_opened:
        return FoundKey(rsa_key(label), protected, origin)
    refusal = Refusal(RefusalKind.LOCKED, "is under a password that was not given", origin)
    return FoundKey(None, protected, origin, refusal)


def chain(*others: x509.Certificate, **changes: Any) -> Contents:
    """Return a right certificate with other certificates than its issuer's."""
    return came(mint(LEAF.but(**changes)), *others)


@dataclass(frozen=True)
class Defect:
    """One row."""

    title: str
    returned: Returned = field(repr=False)
    code: str
    field: Field
    words: str
    asked: Asked = internal


def older(number: int = 2, **changes: Any) -> Question:
    """Return the question of a second generation, the first of which has its certificate."""
    first = replace(a_request(), certificate=filed(mint(LEAF.but(length=100 * DAY))))
    current = replace(a_request("second"), number=number)
    return internal(site=custody(Custody.REPOSITORY, number), generations=(first, current), **changes)


def holder(site: str, number: int, commit: str | None = None) -> Mapping[str, Any]:
    """Return the change of a question in which somebody has the key."""
    return {"find_key": lambda _: KeyHolder(site, number, commit)}


@cache
def weak_key() -> rsa.RSAPublicKey:
    """Return a key whose primes are neighbours."""
    prime = rsa_key("weak").private_numbers().p
    other = next(each for each in range(prime + 2, prime + 100_000, 2) if pow(3, each - 1, each) == 1)
    return rsa.RSAPublicNumbers(65537, prime * other).public_key()


CUSTOMER = custody(Custody.CUSTOMER)
NOTHING_STANDS: dict[str, Any] = {"site": CUSTOMER, "generations": ()}


def customers() -> Question:
    """Return the question of a site whose customer makes the key."""
    return internal(**NOTHING_STANDS)


def utc(moment: datetime) -> asn1.Time:
    """Return a moment as certificates have it."""
    return asn1.Time({"utc_time": moment})


@cache
def own_signed() -> x509.Certificate:
    """Return a certificate that is signed with its own key."""
    key = rsa_key("leaf")
    builder = (
        x509.CertificateBuilder()
        .subject_name(LEAF.subject)
        .issuer_name(LEAF.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ISSUED)
        .not_valid_after(ISSUED + LEAF.length)
    )
    for extension, is_critical in LEAF.extensions:
        builder = builder.add_extension(extension, is_critical)
    return builder.sign(key, hashes.SHA256())


def sha1_issuer() -> x509.Certificate:
    """Return the issuing CA's certificate, signed with SHA-1."""
    return resigned(issuing(), "root", "sha1_rsa", hashes.SHA1())  # noqa: S303 - a defect


def other_site() -> Question:
    """Return the question of a site whose CA answered another site's request."""
    return internal(**holder("spok-test-71", 3))


def in_history() -> Question:
    """Return the question of a site whose CA answered a request that git alone still has."""
    return internal(**holder("park-nicollet", 1, "0123456789abcdef" * 2))


def with_certificate() -> Question:
    """Return the question of a generation that has another certificate already."""
    return internal(generations=(replace(a_request(), certificate=filed(mint(LEAF.but(length=90 * DAY)))),))


def a_request_of(names: tuple[str, ...] = NAMES, label: str = "leaf", count: int = 1) -> Contents:
    """Return requests as a server makes them."""
    content = replace(SITE.request, alternative_names=dns(*names))
    pem = build_request(rsa_key(label), content)
    der = x509.load_pem_x509_csr(pem).public_bytes(serialization.Encoding.DER)
    return Contents(requests=(FoundRequest(der, "a.csr: block 1"),) * count)


def servers() -> Question:
    """Return the question of a site whose server makes the key."""
    return internal(site=custody(Custody.SERVER), generations=())
