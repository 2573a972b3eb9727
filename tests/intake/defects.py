"""The defective returns: how each was made, and what is said of it.

Everything but the named defect is right. `returned` makes what came; `field` and `code` are where the
verdict has to put it, `words` a part of what it says. What a row changes in the question (the site, what is
filed, the roots that are known) stands in `asked`.
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
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

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
from support.authority import AUTHORITY_USAGE, SERVER_USAGE, rsa_key
from support.returned import (
    ISSUED,
    LEAF,
    NAMES,
    ORGANIZATION,
    PUBLIC,
    PUBLIC_EXTENSIONS,
    another_usage,
    ca,
    dns_names,
    edited,
    issuing,
    mint,
    name,
    resigned,
    root,
    signed_by_openssl,
    unknown,
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
    return Question(site, by_number, AT, **{"internal": anchors("root"), **changes})


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


UNCONSTRAINED = ca("sub", "issuing")
"""A CA below one that allows none."""

KEYS = (
    Defect("no key of ours", lambda: leaf(key="stranger"), "SC503", Field.KEY, "not that of generation 1's"),
    Defect("an older generation's key", leaf, "SC540", Field.KEY, "of generation 1", older),
    Defect(
        "a key that git alone has",
        lambda: leaf(key="stranger"),
        "SC540",
        Field.KEY,
        "generation 1 (in git's commit 0123456789ab)",
        in_history,
    ),
    Defect(
        "another site's key",
        lambda: leaf(key="stranger"),
        "SC541",
        Field.KEY,
        "spok-test-71, generation 3",
        other_site,
    ),
    Defect(
        "the old certificate",
        lambda: leaf(length=100 * DAY),
        "SC542",
        Field.KEY,
        "the certificate of generation 1 again",
        older,
    ),
    Defect(
        "an elliptic key",
        lambda: leaf(public_key=ec.derive_private_key(2**200 + 1, ec.SECP256R1()).public_key()),
        "SC543",
        Field.KEY,
        "its key is EC secp256r1; RSA is needed",
        customers,
    ),
    Defect("a short key", lambda: leaf(bits=1024), "SC544", Field.KEY, "has 1024 bits", customers),
    Defect("a key of 2047 bits", lambda: leaf(bits=2047), "SC544", Field.KEY, "a multiple of 8", customers),
    Defect(
        "a key whose primes are neighbours",
        lambda: leaf(public_key=weak_key()),
        "SC544",
        Field.KEY,
        "Fermat",
        customers,
    ),
    Defect(
        "the customer's old key",
        leaf,
        "SC545",
        Field.KEY,
        "generation 1",
        lambda: internal(site=custody(Custody.CUSTOMER, 2), generations=(a_request(),)),
    ),
)
NAMES_AND_SUBJECT = (
    Defect(
        "a name is missing",
        lambda: leaf(names=dns_names(NAMES[0])),
        "SC504",
        Field.NAMES,
        "does not answer for smartweb-dr.parknicollet.com",
    ),
    Defect(
        "a name was added",
        lambda: leaf(names=dns_names(*NAMES, "www.parknicollet.com")),
        "SC505",
        Field.NAMES,
        "also answers for www.parknicollet.com",
    ),
    Defect(
        "a wildcard of another level",
        lambda: leaf(names=dns_names("*.com", NAMES[0])),
        "SC504",
        Field.NAMES,
        "does not answer for smartweb-dr",
    ),
    Defect("no alternative name", lambda: leaf(names=None), "SC546", Field.NAMES, "no alternative name"),
    Defect(
        "the common name is not among them",
        lambda: leaf(subject=name(C="US", ST="Minnesota", O=ORGANIZATION, CN="www.parknicollet.com")),
        "SC547",
        Field.NAMES,
        "none of its alternative names",
    ),
    Defect(
        "a mail address",
        lambda: leaf(names=(*dns_names(*NAMES), x509.RFC822Name("it@parknicollet.com"))),
        "SC548",
        Field.NAMES,
        'email "it@parknicollet.com"',
    ),
    Defect(
        "an address as a DNS name",
        lambda: leaf(names=dns_names(*NAMES, "192.0.2.1")),
        "SC549",
        Field.NAMES,
        '"192.0.2.1"',
    ),
    Defect(
        "an underscore",
        lambda: leaf(names=dns_names(*NAMES, "smart_web.parknicollet.com")),
        "SC549",
        Field.NAMES,
        "smart_web",
    ),
    Defect(
        "an address of three octets",
        lambda: leaf(
            names=None, further=(unknown("2.5.29.17", critical=False, value=b"\x30\x05\x87\x03\x0a\x00\x00"),)
        ),
        "SC550",
        Field.CERTIFICATE,
        "is no name",
    ),
    Defect(
        "the organization is left out",
        lambda: leaf(subject=name(CN=NAMES[0])),
        "SC551",
        Field.SUBJECT,
        "left out subject.country, subject.state, subject.organization",
    ),
    Defect(
        "another organization",
        lambda: leaf(subject=name(C="US", ST="Minnesota", O="Park Nicollet LLC", CN=NAMES[0])),
        "SC552",
        Field.SUBJECT,
        'subject.organization: the CA wrote "Park Nicollet LLC", not "Park Nicollet Health Services"',
    ),
    Defect(
        "a registration number",
        lambda: leaf(subject=name(C="US", ST="Minnesota", O=ORGANIZATION, serialNumber="4711", CN=NAMES[0])),
        "SC553",
        Field.SUBJECT,
        'serialNumber="4711"',
    ),
)
VALIDITY = (
    Defect("expired", lambda: leaf(length=5 * DAY), "SC516", Field.VALIDITY, "it expired on 2026-06-06"),
    Defect(
        "not valid yet", lambda: leaf(first=ISSUED + 30 * DAY), "SC517", Field.VALIDITY, "from 2026-07-01"
    ),
    Defect(
        "a public one of 200 days and a second, as `openssl -days 200` makes it",
        lambda: public_leaf(length=200 * DAY),
        "SC554",
        Field.VALIDITY,
        "it lives 201 days; a public one that was issued then may live 200",
        public,
    ),
    Defect(
        "a public one of 199 days",
        lambda: public_leaf(length=199 * DAY - timedelta(seconds=1)),
        "SC555",
        Field.VALIDITY,
        "it lives 199 days",
        public,
    ),
    Defect("ten years", lambda: leaf(length=3650 * DAY), "SC556", Field.VALIDITY, "allow 825"),
    Defect(
        "it ends before it begins",
        lambda: came(
            edited(mint(LEAF), validity={"not_before": utc(ISSUED), "not_after": utc(ISSUED - DAY)}),
            issuing(),
        ),
        "SC557",
        Field.VALIDITY,
        "2026-06-01 to 2026-05-31",
    ),
)
USAGE = (
    Defect(
        "keyUsage as the article has it",
        lambda: leaf(usage=another_usage(SERVER_USAGE, digital_signature=False, data_encipherment=True)),
        "SC570",
        Field.KEY_USAGE,
        "keyEncipherment, dataEncipherment, without digitalSignature",
    ),
    Defect(
        "dataEncipherment",
        lambda: leaf(usage=another_usage(SERVER_USAGE, data_encipherment=True)),
        "SC571",
        Field.KEY_USAGE,
        "allows dataEncipherment",
    ),
    Defect(
        "for clients alone",
        lambda: leaf(purposes=(ExtendedKeyUsageOID.CLIENT_AUTH,)),
        "SC572",
        Field.PURPOSE,
        "it is for clientAuth, not for serverAuth",
    ),
    Defect(
        "for clients too",
        lambda: leaf(purposes=(ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH)),
        "SC573",
        Field.PURPOSE,
        "serverAuth, clientAuth",
    ),
    Defect("no purpose", lambda: leaf(purposes=None), "SC579", Field.PURPOSE, "extendedKeyUsage is absent"),
    Defect(
        "a CA's certificate",
        lambda: leaf(constraints=x509.BasicConstraints(ca=True, path_length=None)),
        "SC574",
        Field.CONSTRAINTS,
        "CA:TRUE",
    ),
    Defect(
        "an unknown critical extension",
        lambda: leaf(further=(unknown("1.2.3.4", critical=True),)),
        "SC575",
        Field.EXTENSIONS,
        "1.2.3.4",
    ),
    Defect(
        "a precertificate",
        lambda: leaf(further=((x509.PrecertPoison(), True),)),
        "SC576",
        Field.EXTENSIONS,
        "precertificate",
    ),
    Defect(
        "must staple",
        lambda: leaf(further=((x509.TLSFeature([x509.TLSFeatureType.status_request]), False),)),
        "SC577",
        Field.EXTENSIONS,
        "OCSP stapling",
    ),
    Defect("version 1, by openssl", by_openssl, "SC578", Field.EXTENSIONS, "version 1"),
    Defect(
        "SHA-1, by openssl",
        lambda: by_openssl("-sha1", *EXTFILE),
        "SC580",
        Field.SIGNATURE,
        "sha1WithRSAEncryption, which can be forged",
    ),
    Defect("MD5, by openssl", lambda: by_openssl("-md5", *EXTFILE), "SC580", Field.SIGNATURE, "md5"),
    Defect(
        "RSASSA-PSS, by openssl",
        lambda: by_openssl("-sigopt", "rsa_padding_mode:pss", *EXTFILE),
        "SC581",
        Field.SIGNATURE,
        "rsassaPss",
    ),
)
CHAIN = (
    Defect("no issuer", chain, "SC506", Field.CHAIN, "issuing example CA"),
    Defect("a stranger", lambda: chain(issuing(), ca("stranger")), "SC507", Field.CHAIN, "stranger"),
    Defect("the root too", lambda: chain(issuing(), root()), "SC508", Field.CHAIN, "root example CA"),
    Defect(
        "another key under the issuer's name",
        lambda: chain(ca("issuing", key="renewed")),
        "SC567",
        Field.CHAIN,
        "bears the name of its issuer",
    ),
    Defect(
        "an issuer that has expired",
        lambda: chain(ca("issuing", length=400 * DAY)),
        "SC583",
        Field.CHAIN,
        "expired on 2026-02-05",
    ),
    Defect(
        "an issuer that is not valid yet",
        lambda: chain(ca("issuing", first=ISSUED + 30 * DAY)),
        "SC584",
        Field.CHAIN,
        "is valid from 2026-07-01 on",
    ),
    Defect(
        "an issuer that ends first",
        lambda: chain(ca("issuing", length=600 * DAY)),
        "SC585",
        Field.CHAIN,
        "before the certificate",
    ),
    Defect(
        "an issuer that is no CA",
        lambda: chain(ca("issuing", constraints=x509.BasicConstraints(ca=False, path_length=None))),
        "SC586",
        Field.CHAIN,
        "is no CA",
    ),
    Defect(
        "an issuer that may not sign",
        lambda: chain(ca("issuing", usage=another_usage(AUTHORITY_USAGE, key_cert_sign=False))),
        "SC587",
        Field.CHAIN,
        "without keyCertSign",
    ),
    Defect(
        "a CA below one that allows none",
        lambda: chain(
            UNCONSTRAINED,
            ca("issuing", constraints=x509.BasicConstraints(ca=True, path_length=0)),
            issuer="sub",
        ),
        "SC588",
        Field.CHAIN,
        "allows fewer CAs below it",
    ),
    Defect(
        "an issuer for another domain",
        lambda: chain(
            ca(
                "issuing",
                further=((x509.NameConstraints([x509.DNSName("example.org")], None), True),),
            )
        ),
        "SC589",
        Field.CHAIN,
        "forbid its names",
    ),
    Defect(
        "an issuer for mail",
        lambda: chain(ca("issuing", purposes=(ExtendedKeyUsageOID.EMAIL_PROTECTION,))),
        "SC590",
        Field.CHAIN,
        "is for emailProtection, not for serverAuth",
    ),
    Defect(
        "a cross-signed root",
        lambda: chain(issuing(), ca("root", "old root")),
        "SC591",
        Field.CHAIN,
        "root example CA",
    ),
    Defect(
        "an expired cross certificate, as AddTrust's",
        lambda: chain(issuing(), ca("root", "old root", length=400 * DAY), root("old root")),
        "SC592",
        Field.CHAIN,
        "the expired certificate",
    ),
    Defect(
        "an issuer signed with SHA-1",
        lambda: chain(sha1_issuer()),
        "SC582",
        Field.CHAIN,
        "is signed with sha1WithRSAEncryption",
    ),
    Defect(
        "two servers",
        lambda: chain(issuing(), mint(LEAF.but(key="b", subject=name(CN="b.example.org")))),
        "SC502",
        Field.CERTIFICATE,
        "CN=b.example.org",
    ),
    Defect(
        "nothing but CAs", lambda: came(issuing(), root()), "SC502", Field.CERTIFICATE, "only those of CAs"
    ),
    Defect(
        "a second certificate",
        leaf,
        "SC509",
        Field.CERTIFICATE,
        "another certificate",
        with_certificate,
    ),
    Defect(
        "before there is a request",
        leaf,
        "SC511",
        Field.CERTIFICATE,
        "has no request yet",
        lambda: internal(generations=()),
    ),
)
ISSUER = (
    Defect(
        "a root of `trust` for a public site",
        public_leaf,
        "SC560",
        Field.ANCHOR,
        "of `trust`, which is no public root",
        lambda: public(public=anchors("other"), internal=anchors("root")),
    ),
    Defect(
        "somebody's root for a public site",
        lambda: came(mint(PUBLIC), issuing(), root()),
        "SC560",
        Field.ANCHOR,
        "is not a public root",
        lambda: public(public=anchors("other")),
    ),
    Defect(
        "a public CA for an internal site",
        leaf,
        "SC561",
        Field.ISSUER,
        "is a public CA",
        lambda: internal(internal=anchors("other"), public=anchors("root")),
    ),
    Defect(
        "self-signed",
        lambda: came(own_signed()),
        "SC562",
        Field.ISSUER,
        "signed with its own key",
    ),
    Defect(
        "a CA's where a self-signed one was asked for",
        leaf,
        "SC563",
        Field.ISSUER,
        "it is not self-signed",
        lambda: internal(site={"issuer": IssuerKind.SELF_SIGNED}),
    ),
    Defect(
        "a root that is not listed",
        lambda: chain(issuing(), root()),
        "SC564",
        Field.ANCHOR,
        "root example CA",
        lambda: internal(internal=anchors("other")),
    ),
    Defect(
        "no root is listed",
        leaf,
        "SC565",
        Field.ANCHOR,
        "`trust` names none",
        lambda: internal(internal=Anchors()),
    ),
    Defect(
        "another CA than before",
        lambda: chain(ca("new issuing"), issuer="new issuing", key="second"),
        "SC566",
        Field.ISSUER,
        "generation 1 is from",
        older,
    ),
    Defect(
        "no timestamps",
        lambda: came(mint(PUBLIC.but(further=PUBLIC_EXTENSIONS[:3])), issuing()),
        "SC593",
        Field.TRANSPARENCY,
        "no signed certificate timestamps",
        public,
    ),
    Defect(
        "an organizational unit in a public certificate",
        lambda: public_leaf(subject=name(C="US", ST="Minnesota", O=ORGANIZATION, OU="Telecom", CN=NAMES[0])),
        "SC594",
        Field.VALIDATION,
        "organizational_unit_name",
        public,
    ),
    Defect(
        "an unrecognised extension in a public certificate",
        lambda: public_leaf(further=(*PUBLIC_EXTENSIONS, unknown("1.3.6.1.4.1.99999.1", critical=False))),
        "SC595",
        Field.VALIDATION,
        "pkilint finds",
        public,
    ),
)
KEYS_AND_REQUESTS = (
    Defect(
        "a private key beside it",
        lambda: came(mint(LEAF), issuing(), keys=(key_found("leaf"),)),
        "SC510",
        Field.PRIVATE_KEY,
        "holds a private key, which is not kept",
    ),
    Defect(
        "a private key under a password beside it",
        lambda: came(mint(LEAF), issuing(), keys=(key_found("leaf", protected=True),)),
        "SC510",
        Field.PRIVATE_KEY,
        "holds a private key under a password",
    ),
    Defect(
        "the customer's key is missing",
        leaf,
        "SC514",
        Field.PRIVATE_KEY,
        "no private key",
        customers,
    ),
    Defect(
        "the customer's key in the clear",
        lambda: came(mint(LEAF), issuing(), keys=(key_found("leaf"),)),
        "SC515",
        Field.PRIVATE_KEY,
        "in the clear",
        customers,
    ),
    Defect(
        "another private key",
        lambda: came(mint(LEAF), issuing(), keys=(key_found("stranger", protected=True),)),
        "SC558",
        Field.PRIVATE_KEY,
        "is not the certificate's",
        customers,
    ),
    Defect(
        "a private key that stays locked",
        lambda: came(mint(LEAF), issuing(), keys=(key_found("leaf", protected=True, is_opened=False),)),
        "SC527",
        Field.PRIVATE_KEY,
        "a password that was not given",
        customers,
    ),
    Defect(
        "a private key alone",
        lambda: came(keys=(key_found("leaf"),)),
        "SC501",
        Field.CERTIFICATE,
        "a private key alone",
        customers,
    ),
    Defect("a request from outside", a_request_of, "SC518", Field.REQUEST, "none comes from outside"),
    Defect("two requests", lambda: a_request_of(count=2), "SC518", Field.REQUEST, "2 requests", servers),
    Defect(
        "a request for other names",
        lambda: a_request_of(NAMES[:1]),
        "SC512",
        Field.REQUEST,
        "alt_names: the request says smartweb.parknicollet.com, not",
        servers,
    ),
    Defect(
        "a late request",
        lambda: a_request_of(label="second"),
        "SC518",
        Field.REQUEST,
        "is sealed with another request",
        lambda: internal(site=custody(Custody.SERVER), generations=(replace(a_request(), sealed=True),)),
    ),
)
DEFECTS = (*KEYS, *NAMES_AND_SUBJECT, *VALIDITY, *USAGE, *CHAIN, *ISSUER, *KEYS_AND_REQUESTS)
