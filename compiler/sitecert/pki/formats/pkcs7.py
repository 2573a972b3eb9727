"""The certificates in PKCS#7 and CMS, in the order in which they stand (RFC 2315, RFC 5652)."""

from __future__ import annotations

from dataclasses import dataclass

from sitecert.pki.der import SEQUENCE, SET
from sitecert.pki.errors import DerError
from sitecert.pki.formats.ber import INTEGER, children_of, element_of, identifier
from sitecert.pki.formats.bounds import MOST_OBJECTS
from sitecert.pki.formats.contents import RefusalKind
from sitecert.pki.formats.errors import NotReadError

SIGNED_DATA = "1.2.840.113549.1.7.2"
CONTENT_KINDS = {
    "1.2.840.113549.1.7.1": "is PKCS#7 data without certificates",
    "1.2.840.113549.1.7.3": "is a message encrypted to the holder of a key (CMS)",
    "1.2.840.113549.1.7.5": "is a PKCS#7 digest without certificates",
    "1.2.840.113549.1.7.6": "is data under a password (CMS)",
    "1.2.840.113549.1.9.16.1.23": "is a message encrypted to the holder of a key (CMS)",
    "1.2.840.113549.1.9.16.1.9": "is compressed data (CMS)",
}
CERTIFICATES_TAG, REVOCATIONS_TAG = 0xA0, 0xA1


@dataclass(frozen=True, slots=True)
class SignedData:
    """The certificates as DER, and how many other things there are that are no X.509 certificates."""

    certificates: tuple[bytes, ...]
    others: int


def is_pkcs7(kind: str) -> bool:
    """Tell whether an object identifier is that of a PKCS#7 or CMS content."""
    return kind == SIGNED_DATA or kind in CONTENT_KINDS


def read_pkcs7(der: bytes) -> SignedData:
    """Return the certificates of SignedData with definite lengths; raises NotReadError."""
    try:
        content = element_of(der)
        kind = identifier(content)
        signed = children_of(element_of(children_of(content)[1].content)) if kind == SIGNED_DATA else ()
    except (DerError, IndexError) as error:
        raise NotReadError(RefusalKind.DAMAGED, "is PKCS#7 that is damaged") from error
    if kind != SIGNED_DATA:
        raise NotReadError(RefusalKind.OTHER_KIND, CONTENT_KINDS.get(kind, "is PKCS#7 of an unknown kind"))
    if [each.tag for each in signed[:3]] != [INTEGER, SET, SEQUENCE]:
        raise NotReadError(RefusalKind.DAMAGED, "is PKCS#7 that is damaged")
    try:
        listed = [
            found
            for each in signed[3:]
            if each.tag == CERTIFICATES_TAG
            for found in children_of(each, MOST_OBJECTS + 1)
        ]
    except DerError as error:
        raise NotReadError(RefusalKind.DAMAGED, "is PKCS#7 that is damaged") from error
    certificates = tuple(each.der for each in listed if each.tag == SEQUENCE)
    if not certificates:
        raise NotReadError(RefusalKind.OTHER_KIND, "is PKCS#7 without a certificate")
    return SignedData(certificates, len(listed) - len(certificates))
