"""Defective returns: what the server's certificate itself says."""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from intake.questions import (
    DAY,
    EXTFILE,
    Defect,
    by_openssl,
    came,
    leaf,
    public,
    public_leaf,
    utc,
)
from sitecert.model.verdict import Field
from support.authority import SERVER_USAGE
from support.returned import (
    ISSUED,
    LEAF,
    NAMES,
    ORGANIZATION,
    another_usage,
    dns_names,
    edited,
    issuing,
    mint,
    name,
    unknown,
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
        "a public one of 199 days and a second",
        lambda: public_leaf(length=199 * DAY),
        "SC555",
        Field.VALIDITY,
        "it lives 200 days; more than 199 are advised against",
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
