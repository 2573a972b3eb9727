"""The labels of PEM blocks, and what belongs under each (RFC 7468, `openssl/pem.h`)."""

from __future__ import annotations

from sitecert.pki.formats.asn1 import Kind

TRUSTED = "TRUSTED CERTIFICATE"
"""A certificate with OpenSSL's trust settings behind it."""

PARAMETERS = frozenset(
    {"EC PARAMETERS", "DSA PARAMETERS", "DH PARAMETERS", "X9.42 DH PARAMETERS", "X942 DH PARAMETERS"}
)
"""What `openssl ecparam -genkey` writes before a key: nothing that anyone sent."""

EXPECTED = {
    "CERTIFICATE": Kind.CERTIFICATE,
    "X509 CERTIFICATE": Kind.CERTIFICATE,
    TRUSTED: Kind.CERTIFICATE,
    "CERTIFICATE REQUEST": Kind.REQUEST,
    "NEW CERTIFICATE REQUEST": Kind.REQUEST,
    "PKCS7": Kind.PKCS7,
    "PKCS #7 SIGNED DATA": Kind.PKCS7,
    "CMS": Kind.PKCS7,
    "PKCS12": Kind.PFX,
    "PFX": Kind.PFX,
    "PRIVATE KEY": Kind.PRIVATE_KEY,
    "RSA PRIVATE KEY": Kind.PRIVATE_KEY,
    "EC PRIVATE KEY": Kind.PRIVATE_KEY,
    "DSA PRIVATE KEY": Kind.PRIVATE_KEY,
    "ENCRYPTED PRIVATE KEY": Kind.ENCRYPTED_PRIVATE_KEY,
}

OTHER_LABELS = frozenset(
    {
        "ATTRIBUTE CERTIFICATE",
        "PGP MESSAGE",
        "PGP PUBLIC KEY BLOCK",
        "PGP PRIVATE KEY BLOCK",
        "PGP SIGNATURE",
        "PGP SIGNED MESSAGE",
        "SSH2 PUBLIC KEY",
        "AGE ENCRYPTED FILE",
        "SSL SESSION PARAMETERS",
    }
)
"""What is known and is neither certificate, request nor private key of a server."""
