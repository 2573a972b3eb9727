"""Distinguished names and alternative names, read from DER exactly as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sitecert.pki.der import SEQUENCE, Element, read_element, read_object_identifier
from sitecert.pki.errors import DerError
from sitecert.pki.visible import quote_visibly


class StringType(StrEnum):
    """The ASN.1 string types that names are written in."""

    UTF8 = "UTF8String"
    NUMERIC = "NumericString"
    PRINTABLE = "PrintableString"
    TELETEX = "T61String"
    IA5 = "IA5String"
    VISIBLE = "VisibleString"
    UNIVERSAL = "UniversalString"
    BMP = "BMPString"


_STRING_TYPES = {
    0x0C: (StringType.UTF8, "utf-8"),
    0x12: (StringType.NUMERIC, "ascii"),
    0x13: (StringType.PRINTABLE, "ascii"),
    0x14: (StringType.TELETEX, "latin-1"),  # T.61 in name, Latin-1 in practice (OpenSSL, X509_NAME_print)
    0x16: (StringType.IA5, "ascii"),
    0x1A: (StringType.VISIBLE, "ascii"),
    0x1C: (StringType.UNIVERSAL, "utf-32-be"),
    0x1E: (StringType.BMP, "utf-16-be"),
}
_LABELS = {
    "2.5.4.3": "CN",
    "2.5.4.4": "SN",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "street",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.12": "title",
    "2.5.4.15": "businessCategory",
    "2.5.4.17": "postalCode",
    "2.5.4.42": "GN",
    "2.5.4.97": "organizationIdentifier",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
    "1.2.840.113549.1.9.1": "emailAddress",
    "1.3.6.1.4.1.311.60.2.1.1": "jurisdictionL",
    "1.3.6.1.4.1.311.60.2.1.2": "jurisdictionST",
    "1.3.6.1.4.1.311.60.2.1.3": "jurisdictionC",
}


@dataclass(frozen=True, slots=True)
class NameAttribute:
    """One attribute of a name: its OID in dots, its tag and the octets of its value."""

    oid: str
    tag: int
    octets: bytes

    @property
    def label(self) -> str:
        """The attribute's short name as OpenSSL has it, or its OID."""
        return _LABELS.get(self.oid, self.oid)

    @property
    def string_type(self) -> StringType | None:
        """The string type of the value, or None where it is no string that names have."""
        known = _STRING_TYPES.get(self.tag)
        return known and known[0]

    @property
    def string_type_name(self) -> str:
        """The string type in words, for every tag."""
        return self.string_type or f"ASN.1 tag {self.tag}"

    @property
    def text(self) -> str | None:
        """The value as text, or None where its octets are not what its type says."""
        known = _STRING_TYPES.get(self.tag)
        try:
            return known and self.octets.decode(known[1])
        except UnicodeDecodeError:
            return None

    @property
    def shown(self) -> str:
        """The value for a reader: quoted text with escapes, or hexadecimal octets."""
        return f"hex {self.octets.hex()}" if self.text is None else quote_visibly(self.text)


def read_name(der: bytes) -> tuple[tuple[NameAttribute, ...], ...]:
    """Read a DER Name: its RDNs in order, each with its attributes; raises DerError."""
    sequence = read_element(der)
    if sequence.tag != SEQUENCE:
        raise DerError("a name is damaged")
    return tuple(tuple(_read_attribute(each) for each in rdn.children) for rdn in sequence.children)


def describe_name(der: bytes) -> str:
    """Return a name on one line, the most specific field first: `CN=..., O=..., C=...` (RFC 4514 order).

    Values are quoted where they would otherwise be ambiguous.
    """
    groups = ["+".join(f"{each.label}={_plain(each)}" for each in group) for group in read_name(der)]
    return ", ".join(reversed(groups))


def _read_attribute(element: Element) -> NameAttribute:
    parts = element.children
    if element.tag != SEQUENCE or len(parts) != 2:  # noqa: PLR2004 - type and value
        raise DerError("a name is damaged")
    return NameAttribute(read_object_identifier(parts[0]), parts[1].tag, parts[1].content)


def _plain(attribute: NameAttribute) -> str:
    """Return the value as it is where that can not be misread."""
    text = attribute.text
    if text and attribute.shown == f'"{text}"' and text == text.strip() and not set(text) & set(',+="\\;<>#'):
        return text
    return attribute.shown
