"""What requests and certificates really say, for a reviewer's diff: one fact to a line.

Written from the ASN.1 and from nothing else, so it can not flatter. Names and values stand quoted, each
on its own line: a name that holds a comma or a line end never looks like two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from sitecert.pki.algorithms import algorithm_name, describe_public_key
from sitecert.pki.errors import CertificateError, RequestError
from sitecert.pki.extensions import describe_value, extension_name, is_itemised
from sitecert.pki.issuance import fingerprint
from sitecert.pki.names import read_name
from sitecert.pki.requests import CHALLENGE_PASSWORD, attribute_name, request_der
from sitecert.pki.structures import (
    EXTENSION_REQUEST,
    Extension,
    RequestAttribute,
    read_certificate_structure,
    read_request_structure,
)

INDENT = "    "
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def describe_request(pem: bytes) -> str:
    """Return the text of `server.csr.txt`; raises RequestError where there is no request to read.

    It describes any request, also one that `read_request` would refuse.
    """
    der = request_der(pem)
    try:
        request, structure = x509.load_der_x509_csr(der), read_request_structure(der)
        lines = [
            "certificate request",
            *_name("subject", structure.subject),
            *_public_key(request.public_key, structure.spki),
            *_extensions("extensions asked for", structure.extensions),
            *_attributes(structure.attributes),
            *_signature(request, structure.signature_algorithm),
        ]
    except (ValueError, x509.InvalidVersion) as error:
        raise RequestError("it is no certificate request that can be read") from error
    return _text(lines)


def describe_certificates(certificates: Sequence[x509.Certificate]) -> str:
    """Return the text of `server.crt.txt`; raises CertificateError where one can not be read."""
    total = len(certificates)
    try:
        blocks = [
            _text([f"certificate {number} of {total}", *_certificate(each)])
            for number, each in enumerate(certificates, 1)
        ]
    except ValueError as error:
        raise CertificateError("a certificate can not be understood") from error
    return "\n".join(blocks)


def _certificate(certificate: x509.Certificate) -> Iterator[str]:
    structure = read_certificate_structure(certificate)
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    yield from _name("subject", structure.subject)
    yield from _name("issuer", structure.issuer)
    yield f"serial number: {structure.serial}"
    yield f"valid from: {_moment(start)}"
    yield f"valid until: {_moment(end)}"
    yield f"valid for: {_span(start, end)}"
    yield from _public_key(certificate.public_key, structure.spki)
    yield from _extensions("extensions", structure.extensions)
    yield f"signature: {algorithm_name(structure.signature_algorithm)}"
    yield f"certificate SHA-256: {fingerprint(certificate)}"


def _name(heading: str, der: bytes) -> Iterator[str]:
    """Give each field of a name a line; those of one RDN are joined by `+` at the line's beginning."""
    groups = read_name(der)
    yield f"{heading}:" if groups else f"{heading}: empty"
    for group in groups:
        for position, each in enumerate(group):
            joint = "+ " if position else ""
            yield f"{INDENT}{joint}{each.label} = {each.shown} ({each.string_type_name})"


def _public_key(read: Callable[[], PublicKeyTypes], spki: bytes) -> Iterator[str]:
    try:
        yield f"public key: {describe_public_key(read())}"
    except (ValueError, UnsupportedAlgorithm):
        yield "public key: of a kind that can not be read"
    yield f"public key SHA-256: {sha256(spki).hexdigest()}"


def _extensions(heading: str, extensions: Sequence[Extension]) -> Iterator[str]:
    yield f"{heading}:" if extensions else f"{heading}: none"
    for extension in extensions:
        critical = " (critical)" if extension.critical else ""
        name = f"{INDENT}{extension_name(extension.oid)}{critical}:"
        facts = describe_value(extension)
        if is_itemised(extension):
            yield name
            yield from (f"{INDENT}{INDENT}{fact}" for fact in facts)
        else:
            yield f"{name} {', '.join(facts) or 'empty'}"


def _attributes(attributes: Iterable[RequestAttribute]) -> Iterator[str]:
    """Name the attributes beside the extensions; a challenge password is a secret and is not shown."""
    for attribute in attributes:
        if attribute.oid == CHALLENGE_PASSWORD:
            yield f"attribute: {attribute_name(attribute.oid)}, whose value is not shown"
        elif attribute.oid != EXTENSION_REQUEST:
            value = b"".join(each.der for each in attribute.values)
            digest = f"{len(value)} octets, SHA-256 {sha256(value).hexdigest()}"
            yield f"attribute: {attribute_name(attribute.oid)}, {digest}"


def _signature(request: x509.CertificateSigningRequest, algorithm: str) -> Iterator[str]:
    try:
        verdict = "verifies" if request.is_signature_valid else "DOES NOT VERIFY"
    except (ValueError, TypeError, UnsupportedAlgorithm):
        verdict = "can not be checked"
    yield f"signature: {algorithm_name(algorithm)}, {verdict}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _span(start: datetime, end: datetime) -> str:
    """Return a validity in days, both its ends included; what is over a day counts as one (BR 6.3.2)."""
    days, rest = divmod(end - start + SECOND, DAY)
    return f"{days} days and {rest.seconds} s, which count as {days + 1} days" if rest else f"{days} days"


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
