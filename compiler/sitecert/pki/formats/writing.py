"""Certificates and keys in the forms that servers, Windows and Java read."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sitecert.pki.der import SET
from sitecert.pki.der_writer import (
    write_element,
    write_integer,
    write_object_identifier,
    write_sequence,
)
from sitecert.pki.keys import ServerKey
from sitecert.pki.pem import write_pem
from sitecert.pki.protected_keys import protect_as_der

P7B_LABEL = "PKCS7"
PLAIN_LABEL, PROTECTED_LABEL = "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"
SIGNED_DATA = "1.2.840.113549.1.7.2"
DATA = "1.2.840.113549.1.7.1"
IN_CONTEXT_0 = 0xA0
"""The tag `[0]`, constructed: of the content, and of the certificates (RFC 2315 7 and 9.1)."""


def write_p7b(certificates: Sequence[x509.Certificate], encoding: Encoding) -> bytes:
    """Return certificates as PKCS#7 signed data that nobody signed, PEM or DER (RFC 2315 9.1).

    They keep their order, as openssl's do: many readers take them as they stand, though PKCS#7 means a set.
    """
    held = write_element(IN_CONTEXT_0, *(each.public_bytes(Encoding.DER) for each in certificates))
    nobody = write_element(SET)
    content = write_sequence(write_object_identifier(DATA))
    signed = write_sequence(write_integer(1), nobody, content, held, nobody)
    der = write_sequence(write_object_identifier(SIGNED_DATA), write_element(IN_CONTEXT_0, signed))
    return der if encoding is Encoding.DER else write_pem(P7B_LABEL, der)


def write_key(key: ServerKey, passphrase: str | None, encoding: Encoding) -> bytes:
    """Return a key as PKCS#8, PEM or DER, under a passphrase (ASCII), or in the clear where there is none.

    PKCS#8 is what Java reads (kb39324 step 9: ORDS's `server.der`), and every openssl.
    """
    if passphrase is None:
        label, der = PLAIN_LABEL, key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    else:
        label, der = PROTECTED_LABEL, protect_as_der(key, passphrase)
    return der if encoding is Encoding.DER else write_pem(label, der)
