"""ASN.1 of every kind that is sent, told apart by its shape and read."""

from __future__ import annotations

from enum import StrEnum

from sitecert.pki.der import BIT_STRING, SEQUENCE, Element
from sitecert.pki.formats.ber import INTEGER, children_of, identifier, is_public_key, shape
from sitecert.pki.formats.pkcs7 import is_pkcs7
from sitecert.pki.formats.private_keys import is_encrypted_private_key, is_private_key


class Kind(StrEnum):
    """What an element is."""

    CERTIFICATE = "certificate"
    REQUEST = "certificate request"
    REVOCATIONS = "certificate revocation list"
    PKCS7 = "PKCS#7"
    PFX = "PFX"
    PRIVATE_KEY = "private key"
    ENCRYPTED_PRIVATE_KEY = "encrypted private key"
    PUBLIC_KEY = "public key"
    UNKNOWN = "unknown"


SIGNED = (SEQUENCE, SEQUENCE, BIT_STRING)
"""Certificates, requests and revocation lists: content, algorithm, signature."""

VERSION_TAG = 0xA0
TIMES = {0x17, 0x18}


def kind_of(element: Element) -> Kind:
    """Return what an element is; UNKNOWN where nothing known has its shape."""
    tags = shape(element)
    if is_pkcs7(identifier(element)):
        return Kind.PKCS7
    if tags[:3] == SIGNED:
        return _signed_kind(children_of(element, 1)[0])
    if tags[:2] == (INTEGER, SEQUENCE) and is_pkcs7(identifier(children_of(element, 2)[1])):
        return Kind.PFX
    tests = (
        (is_public_key, Kind.PUBLIC_KEY),
        (is_encrypted_private_key, Kind.ENCRYPTED_PRIVATE_KEY),
        (is_private_key, Kind.PRIVATE_KEY),
    )
    return next((kind for test, kind in tests if test(element)), Kind.UNKNOWN)


def _signed_kind(content: Element) -> Kind:
    """Tell what was signed (RFC 5280 4.1 and 5.1, RFC 2986 4.1)."""
    tags = shape(content)
    if tags[:1] == (VERSION_TAG,) or tags[:6] == (INTEGER, *(SEQUENCE,) * 5):
        return Kind.CERTIFICATE
    if tags[:3] == (INTEGER, SEQUENCE, SEQUENCE) and len(tags) in {3, 4}:
        return Kind.REQUEST
    if TIMES & set(tags[:4]):
        return Kind.REVOCATIONS
    return Kind.UNKNOWN
