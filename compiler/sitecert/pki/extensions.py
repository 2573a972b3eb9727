"""Extensions in words (RFC 5280 4.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address

from sitecert.pki.der import BIT_STRING, BOOLEAN, DNS_NAME, IP_NAME, SEQUENCE, Element, read_element
from sitecert.pki.der import read_object_identifier as read_oid
from sitecert.pki.errors import DerError
from sitecert.pki.names import describe_name
from sitecert.pki.structures import Extension
from sitecert.pki.visible import quote_octets_visibly

BASIC_CONSTRAINTS = "2.5.29.19"
KEY_USAGE = "2.5.29.15"
EXTENDED_KEY_USAGE = "2.5.29.37"
SUBJECT_ALTERNATIVE_NAME = "2.5.29.17"
NAME_CONSTRAINTS = "2.5.29.30"
CERTIFICATE_POLICIES = "2.5.29.32"
SIGNED_TIMESTAMPS = "1.3.6.1.4.1.11129.2.4.2"
PRECERTIFICATE_POISON = "1.3.6.1.4.1.11129.2.4.3"
TLS_FEATURE = "1.3.6.1.5.5.7.1.24"
SUBJECT_KEY_IDENTIFIER = "2.5.29.14"
AUTHORITY_KEY_IDENTIFIER = "2.5.29.35"

KEY_USAGES = (
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
)
PURPOSES = {
    "1.3.6.1.5.5.7.3.1": "serverAuth",
    "1.3.6.1.5.5.7.3.2": "clientAuth",
    "1.3.6.1.5.5.7.3.3": "codeSigning",
    "1.3.6.1.5.5.7.3.4": "emailProtection",
    "1.3.6.1.5.5.7.3.8": "timeStamping",
    "1.3.6.1.5.5.7.3.9": "OCSPSigning",
    "2.5.29.37.0": "anyExtendedKeyUsage",
}
POLICIES = {
    "2.23.140.1.2.1": "domain validated",
    "2.23.140.1.2.2": "organization validated",
    "2.23.140.1.2.3": "individual validated",
    "2.23.140.1.1": "extended validation",
}
ACCESS_METHODS = {"1.3.6.1.5.5.7.48.1": "OCSP", "1.3.6.1.5.5.7.48.2": "CA issuers"}
TEXT_NAMES = {0x81: "email", DNS_NAME: "DNS", 0x86: "URI"}
OTHER_NAMES = {
    0xA0: "otherName",
    0xA3: "x400Address",
    0xA5: "ediPartyName",
    IP_NAME: "IP",
    0x88: "registeredID",
}
DIRECTORY_NAME = 0xA4
KEY_IDENTIFIER_TAG = 0x80


@dataclass(frozen=True, slots=True)
class ExtensionWords:
    """An extension's name and how to say its value; `itemised` values stand one to a line."""

    name: str
    describe: Callable[[bytes], tuple[str, ...]]
    itemised: bool = False


def extension_name(oid: str) -> str:
    """Return an extension's name as OpenSSL has it, or its OID."""
    known = EXTENSIONS.get(oid)
    return known.name if known else oid


def describe_value(extension: Extension) -> tuple[str, ...]:
    """Return what an extension says, one fact to an item.

    What is not known, or does not read as it should, is given by its length and SHA-256.
    """
    known = EXTENSIONS.get(extension.oid)
    try:
        return known.describe(extension.value) if known else _digest(extension.value)
    except DerError:
        return (f"unreadable, {_digest(extension.value)[0]}",)


def is_itemised(extension: Extension) -> bool:
    """Whether the facts of an extension stand one to a line."""
    known = EXTENSIONS.get(extension.oid)
    return known is not None and known.itemised


def read_general_names(value: bytes) -> tuple[Element, ...]:
    """Return the GeneralNames of a subjectAltName; raises DerError (RFC 5280 4.2.1.6)."""
    return _sequence(value).children


def read_basic_constraints(value: bytes) -> bool:
    """Return whether basicConstraints says CA:TRUE; raises DerError (RFC 5280 4.2.1.9)."""
    return any(each.tag == BOOLEAN and any(each.content) for each in _sequence(value).children)


def read_path_length(value: bytes) -> int | None:
    """Return how many CAs basicConstraints allows below; None for any number; raises DerError."""
    lengths = [each.content for each in _sequence(value).children if each.tag != BOOLEAN]
    return int.from_bytes(lengths[0][:2]) if lengths else None


def read_policies(value: bytes) -> tuple[str, ...]:
    """Return the OIDs of certificatePolicies; raises DerError (RFC 5280 4.2.1.4)."""
    return tuple(read_oid(each.children[0]) for each in _sequence(value).children if each.children)


def read_key_usage(value: bytes) -> tuple[str, ...]:
    """Return the names of the bits that are set; raises DerError (RFC 5280 4.2.1.3)."""
    element = read_element(value)
    if element.tag != BIT_STRING or not element.content:
        raise DerError("keyUsage is damaged")
    bits = "".join(f"{octet:08b}" for octet in element.content[1:])
    return tuple(name for name, bit in zip(KEY_USAGES, bits, strict=False) if bit == "1")


def read_authority_key_identifier(value: bytes) -> bytes | None:
    """Return the key identifier of the issuer, where it is given; raises DerError (RFC 5280 4.2.1.1)."""
    elements = _sequence(value).children
    return next((each.content for each in elements if each.tag == KEY_IDENTIFIER_TAG), None)


def read_subject_key_identifier(value: bytes) -> bytes:
    """Return the subject's key identifier; raises DerError (RFC 5280 4.2.1.2)."""
    return read_element(value).content


def describe_general_name(name: Element) -> str:
    """Return one name with its kind; text is quoted, so that one name never looks like two."""
    if name.tag in TEXT_NAMES:
        return f"{TEXT_NAMES[name.tag]} {quote_octets_visibly(name.content)}"
    if name.tag == IP_NAME and len(name.content) in {4, 16}:
        return f"IP {ip_address(name.content)}"
    if name.tag == DIRECTORY_NAME:
        return f"directoryName {describe_name(name.content)}"
    return f"{OTHER_NAMES.get(name.tag, f'tag {name.tag}')} hex {name.content.hex()}"


def _sequence(value: bytes) -> Element:
    element = read_element(value)
    if element.tag != SEQUENCE:
        raise DerError("an extension is damaged")
    return element


def _digest(value: bytes) -> tuple[str, ...]:
    return (f"{len(value)} octets, SHA-256 {sha256(value).hexdigest()}",)


def _basic_constraints(value: bytes) -> tuple[str, ...]:
    authority = "TRUE" if read_basic_constraints(value) else "FALSE"
    length = read_path_length(value)
    return (f"CA:{authority}" + (f", at most {length} CAs below" if length is not None else ""),)


def _purposes(value: bytes) -> tuple[str, ...]:
    oids = [read_oid(each) for each in _sequence(value).children]
    return tuple(PURPOSES.get(oid, oid) for oid in oids)


def _policies(value: bytes) -> tuple[str, ...]:
    return tuple(f"{oid} ({POLICIES[oid]})" if oid in POLICIES else oid for oid in read_policies(value))


def _access(value: bytes) -> tuple[str, ...]:
    pairs = [each.children for each in _sequence(value).children]
    if any(len(pair) != 2 for pair in pairs):  # noqa: PLR2004 - method and location
        raise DerError("an extension is damaged")
    methods = [(read_oid(method), location) for method, location in pairs]
    return tuple(f"{ACCESS_METHODS.get(oid, oid)} {describe_general_name(name)}" for oid, name in methods)


def _authority_key(value: bytes) -> tuple[str, ...]:
    identifier = read_authority_key_identifier(value)
    return _digest(value) if identifier is None else (identifier.hex(),)


EXTENSIONS = {
    BASIC_CONSTRAINTS: ExtensionWords("basicConstraints", _basic_constraints),
    KEY_USAGE: ExtensionWords("keyUsage", read_key_usage),
    EXTENDED_KEY_USAGE: ExtensionWords("extendedKeyUsage", _purposes),
    SUBJECT_ALTERNATIVE_NAME: ExtensionWords(
        "subjectAltName",
        lambda value: tuple(describe_general_name(each) for each in read_general_names(value)),
        itemised=True,
    ),
    SUBJECT_KEY_IDENTIFIER: ExtensionWords(
        "subjectKeyIdentifier", lambda value: (read_subject_key_identifier(value).hex(),)
    ),
    AUTHORITY_KEY_IDENTIFIER: ExtensionWords("authorityKeyIdentifier", _authority_key),
    CERTIFICATE_POLICIES: ExtensionWords("certificatePolicies", _policies, itemised=True),
    "1.3.6.1.5.5.7.1.1": ExtensionWords("authorityInfoAccess", _access, itemised=True),
    "2.5.29.31": ExtensionWords("crlDistributionPoints", _digest),
    SIGNED_TIMESTAMPS: ExtensionWords("signedCertificateTimestamps", _digest),
    TLS_FEATURE: ExtensionWords("tlsFeature", _digest),
}
