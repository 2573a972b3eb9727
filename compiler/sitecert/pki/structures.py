"""Requests and certificates taken apart, so that nothing in them stays unseen (RFC 2986, RFC 5280 4.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from sitecert.pki.der import BOOLEAN, Element, read_element, read_object_identifier
from sitecert.pki.errors import DerError

EXTENSION_REQUEST = "1.2.840.113549.1.9.14"
ATTRIBUTES_TAG = 0xA0
VERSION_TAG = 0xA0
EXTENSIONS_TAG = 0xA3


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension: its OID in dots, whether it is critical, and the DER of its value."""

    oid: str
    critical: bool
    value: bytes


@dataclass(frozen=True, slots=True)
class RequestAttribute:
    """One attribute of a request: its OID in dots and its values."""

    oid: str
    values: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class RequestStructure:
    """The parts of a PKCS#10 request; `subject` and `spki` are DER, the algorithm is an OID in dots."""

    subject: bytes
    spki: bytes
    attributes: tuple[RequestAttribute, ...]
    extensions: tuple[Extension, ...]
    signature_algorithm: str


@dataclass(frozen=True, slots=True)
class CertificateStructure:
    """The parts of a certificate; names and `spki` are DER, the algorithm is an OID in dots."""

    serial_number: int
    issuer: bytes
    subject: bytes
    spki: bytes
    extensions: tuple[Extension, ...]
    signature_algorithm: str

    @property
    def serial(self) -> str:
        """The serial number in lower-case hexadecimal, in whole octets as `openssl x509` prints it."""
        digits = f"{abs(self.serial_number):x}"
        return f"{'-' if self.serial_number < 0 else ''}{'0' * (len(digits) % 2)}{digits}"

    def extension(self, oid: str) -> bytes | None:
        """Return the value of an extension, or None where the certificate does not have it."""
        return next((each.value for each in self.extensions if each.oid == oid), None)


def read_request_structure(der: bytes) -> RequestStructure:
    """Take a DER request apart; raises DerError."""
    information, algorithm, _ = _parts(read_element(der), 3)
    _, subject, spki, *rest = _at_least(information, 3)
    attributes = tuple(
        _read_attribute(each) for part in rest if part.tag == ATTRIBUTES_TAG for each in part.children
    )
    requested = [value for each in attributes if each.oid == EXTENSION_REQUEST for value in each.values]
    return RequestStructure(
        subject=subject.der,
        spki=spki.der,
        attributes=attributes,
        extensions=tuple(each for value in requested for each in _read_extensions(value.children)),
        signature_algorithm=_algorithm(algorithm),
    )


def read_certificate_structure(certificate: x509.Certificate) -> CertificateStructure:
    """Take a certificate apart; raises DerError."""
    body, algorithm, _ = _parts(read_element(certificate.public_bytes(Encoding.DER)), 3)
    fields = [each for each in body.children if each.tag != VERSION_TAG]
    if len(fields) < 6:  # noqa: PLR2004 - serial, signature, issuer, validity, subject, SPKI
        raise DerError("a certificate is damaged")
    extensions = [each for part in fields[6:] if part.tag == EXTENSIONS_TAG for each in part.children]
    return CertificateStructure(
        serial_number=int.from_bytes(fields[0].content, signed=True),
        issuer=fields[2].der,
        subject=fields[4].der,
        spki=fields[5].der,
        extensions=tuple(each for row in extensions for each in _read_extensions(row.children)),
        signature_algorithm=_algorithm(algorithm),
    )


def _read_attribute(element: Element) -> RequestAttribute:
    oid, values = _parts(element, 2)
    return RequestAttribute(read_object_identifier(oid), values.children)


def _read_extensions(elements: Iterable[Element]) -> Iterable[Extension]:
    for element in elements:
        oid, *middle, value = _at_least(element, 2)
        critical = any(each.tag == BOOLEAN and any(each.content) for each in middle)
        yield Extension(read_object_identifier(oid), critical, value.content)


def _algorithm(element: Element) -> str:
    return read_object_identifier(_at_least(element, 1)[0])


def _parts(element: Element, count: int) -> tuple[Element, ...]:
    if len(element.children) != count:
        raise DerError("the DER is not what it should be")
    return element.children


def _at_least(element: Element, count: int) -> tuple[Element, ...]:
    if len(element.children) < count:
        raise DerError("the DER is not what it should be")
    return element.children
