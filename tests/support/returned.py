"""Certificates as a CA may return them, right in everything but what a test asks to be wrong."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    NameOID,
)

from support.authority import AUTHORITY_USAGE, NOT_BEFORE, SERVER_USAGE, pem, rsa_key

ORGANIZATION = "Park Nicollet Health Services"
NAMES = ("smartweb.parknicollet.com", "smartweb-dr.parknicollet.com")
ISSUED = datetime.combine(NOT_BEFORE.date().replace(month=6), NOT_BEFORE.timetz())
"""When they are issued: under the limit of 200 days."""

FIELDS = {
    "C": NameOID.COUNTRY_NAME,
    "ST": NameOID.STATE_OR_PROVINCE_NAME,
    "L": NameOID.LOCALITY_NAME,
    "O": NameOID.ORGANIZATION_NAME,
    "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "CN": NameOID.COMMON_NAME,
    "serialNumber": NameOID.SERIAL_NUMBER,
}
OV = x509.ObjectIdentifier("2.23.140.1.2.2")
TIMESTAMPS = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
SERIAL = 0x5C0FFEE5_5C0FFEE5_5C0FFEE5
"""The same for all: who orders the same gets the same bytes."""
Extension = tuple[x509.ExtensionType, bool]


def name(**fields: str) -> x509.Name:
    """Return a distinguished name."""
    return x509.Name([x509.NameAttribute(FIELDS[key], value) for key, value in fields.items()])


def dns_names(*names: str) -> tuple[x509.GeneralName, ...]:
    """Return alternative names of the DNS kind, as they stand."""
    return tuple(x509.DNSName(each) for each in names)


def another_usage(base: x509.KeyUsage, **bits: bool) -> x509.KeyUsage:
    """Return a keyUsage with other bits."""
    flags = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "key_cert_sign", "crl_sign"),
    )
    said = {flag: getattr(base, flag) for flag in flags}
    return x509.KeyUsage(**{**said, **bits}, encipher_only=False, decipher_only=False)


def unknown(oid: str, *, critical: bool, value: bytes = b"\x05\x00") -> Extension:
    """Return an extension that nobody knows."""
    return x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value), critical


A_TIMESTAMP = bytes(1) + b"log" * 10 + b"id" + (1_780_000_000_000).to_bytes(8) + bytes(2) + b"\4\3\0\2\x30\0"
"""Of the form of RFC 6962 section 3.2, signed by nobody: nothing here verifies one."""
A_LIST = (len(A_TIMESTAMP) + 2).to_bytes(2) + len(A_TIMESTAMP).to_bytes(2) + A_TIMESTAMP

PUBLIC_EXTENSIONS: tuple[Extension, ...] = (
    (x509.CertificatePolicies([x509.PolicyInformation(OV, None)]), False),
    (
        x509.AuthorityInformationAccess(
            [
                x509.AccessDescription(
                    AuthorityInformationAccessOID.OCSP,
                    x509.UniformResourceIdentifier("http://ocsp.example.org"),
                ),
                x509.AccessDescription(
                    AuthorityInformationAccessOID.CA_ISSUERS,
                    x509.UniformResourceIdentifier("http://ca.example.org/issuing.crt"),
                ),
            ]
        ),
        False,
    ),
    (
        x509.CRLDistributionPoints(
            [
                x509.DistributionPoint(
                    [x509.UniformResourceIdentifier("http://crl.example.org/issuing.crl")], None, None, None
                )
            ]
        ),
        False,
    ),
    unknown(TIMESTAMPS.dotted_string, critical=False, value=b"\x04" + bytes([len(A_LIST)]) + A_LIST),
)
"""What a public CA writes beside the server's own extensions."""


@dataclass(frozen=True)
class Order:
    """What a certificate says; `key` and `signer` are labels of the tests' RSA keys."""

    subject: x509.Name = name(C="US", ST="Minnesota", O=ORGANIZATION, CN=NAMES[0])  # noqa: RUF009 - frozen
    names: tuple[x509.GeneralName, ...] | None = dns_names(*NAMES)
    key: str = "leaf"
    bits: int = 2048
    public_key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey | None = None
    issuer: str = "issuing"
    signer: str = ""
    first: datetime = ISSUED
    length: timedelta = timedelta(days=198, seconds=-1)
    constraints: x509.BasicConstraints | None = x509.BasicConstraints(ca=False, path_length=None)  # noqa: RUF009
    usage: x509.KeyUsage | None = SERVER_USAGE
    purposes: tuple[x509.ObjectIdentifier, ...] | None = (ExtendedKeyUsageOID.SERVER_AUTH,)
    further: tuple[Extension, ...] = ()

    def but(self, **changes: Any) -> Order:
        """Return the order with something else in it."""
        return replace(self, **changes)

    @property
    def extensions(self) -> Iterator[Extension]:
        """The extensions, and whether each is critical."""
        if self.constraints is not None:
            yield self.constraints, True
        if self.usage is not None:
            yield self.usage, True
        if self.purposes is not None:
            yield x509.ExtendedKeyUsage(self.purposes), False
        if self.names is not None:
            yield x509.SubjectAlternativeName(self.names), False
        yield from self.further


LEAF = Order()
PUBLIC = Order(further=PUBLIC_EXTENSIONS)
CA = Order(
    names=None,
    first=NOT_BEFORE - timedelta(days=365),
    length=timedelta(days=7300),
    constraints=x509.BasicConstraints(ca=True, path_length=None),
    usage=AUTHORITY_USAGE,
    purposes=None,
)
"""The certificate of a CA, whose name and key are given by `ca`."""


def mint(order: Order) -> x509.Certificate:
    """Sign what is ordered."""
    signing = rsa_key(f"CA {order.signer or order.issuer}")
    labels = (order.key,) if order.bits == Order.bits else (order.key, order.bits)
    own = order.public_key or rsa_key(*labels).public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(order.subject)
        .issuer_name(ca_name(order.issuer))
        .public_key(own)
        .serial_number(SERIAL)
        .not_valid_before(order.first)
        .not_valid_after(order.first + order.length)
    )
    for extension, is_critical in order.extensions:
        builder = builder.add_extension(extension, is_critical)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
    return builder.add_extension(identifier, critical=False).sign(signing, hashes.SHA256())


def ca_name(label: str) -> x509.Name:
    """Return the name of a CA of the tests."""
    return name(C="US", O="Example Trust Services", CN=f"{label} example CA")


def ca(label: str, issuer: str = "root", **changes: Any) -> x509.Certificate:
    """Return the certificate of a CA, signed by another, or by itself as a root."""
    key = str(changes.pop("key", label))
    return mint(CA.but(subject=ca_name(label), key=f"CA {key}", issuer=issuer, **changes))


@cache
def root(label: str = "root") -> x509.Certificate:
    """Return a root."""
    return ca(label, label)


@cache
def issuing() -> x509.Certificate:
    """Return the intermediate that issues what `LEAF` orders."""
    return ca("issuing")


def edited(certificate: x509.Certificate, signer: str = "issuing", **body: Any) -> x509.Certificate:
    """Return a certificate with other fields, signed anew; no builder of today would write them."""
    copy = _copy(certificate)
    for field, value in body.items():
        copy["tbs_certificate"][field] = value
    return _signed(copy, signer, hashes.SHA256())


def resigned(
    certificate: x509.Certificate, signer: str, algorithm: str, digest: hashes.HashAlgorithm
) -> x509.Certificate:
    """Return a certificate signed with another hash."""
    copy = _copy(certificate)
    copy["tbs_certificate"]["signature"] = copy["signature_algorithm"] = {"algorithm": algorithm}
    return _signed(copy, signer, digest)


def _copy(certificate: x509.Certificate) -> Any:
    return asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _signed(copy: Any, signer: str, digest: hashes.HashAlgorithm) -> x509.Certificate:
    body = copy["tbs_certificate"].dump(force=True)
    copy["signature_value"] = rsa_key(f"CA {signer}").sign(body, PKCS1v15(), digest)
    return x509.load_der_x509_certificate(copy.dump(force=True))


def signed_by_openssl(folder: Path, *options: str, request: bytes, days: int = 198) -> x509.Certificate:
    """Return what `openssl x509 -req` makes of a request with the issuing CA's key."""
    (folder / "ca.crt").write_bytes(pem(issuing()))
    secret = rsa_key("CA issuing").private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "ca.key").write_bytes(secret)
    (folder / "server.csr").write_bytes(request)
    command = ["openssl", "x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key"]
    command += ["-set_serial", "0x1234567890abcdef", "-days", str(days), *options]
    made = subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return x509.load_pem_x509_certificate(made.stdout)
