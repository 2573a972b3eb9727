"""Names of signature algorithms, and public keys in words."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

LONGEST_SHOWN_EXPONENT = 64
SHA256_WITH_RSA = "1.2.840.113549.1.1.11"
SIGNATURE_ALGORITHMS = {
    "1.2.840.113549.1.1.2": "md2WithRSAEncryption",
    "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
    "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
    "1.2.840.113549.1.1.10": "rsassaPss",
    SHA256_WITH_RSA: "sha256WithRSAEncryption",
    "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
    "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
    "1.2.840.113549.1.1.14": "sha224WithRSAEncryption",
    "1.2.840.10040.4.3": "dsa-with-SHA1",
    "1.2.840.10045.4.1": "ecdsa-with-SHA1",
    "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
    "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
    "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
    "1.3.101.112": "Ed25519",
    "1.3.101.113": "Ed448",
}
USUAL_SIGNATURES = frozenset(
    {
        SHA256_WITH_RSA,
        *("1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13"),
        *("1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4"),
    }
)
"""What public CAs may sign with, RSASSA-PSS apart (BR 7.1.3.2)."""

BROKEN_SIGNATURES = frozenset(
    {
        *("1.2.840.113549.1.1.2", "1.2.840.113549.1.1.4", "1.2.840.113549.1.1.5"),
        *("1.2.840.10045.4.1", "1.2.840.10040.4.3"),
    }
)
"""Signatures over MD2, MD5 and SHA-1."""


def algorithm_name(oid: str) -> str:
    """Return the name of a signature algorithm as OpenSSL has it, or its OID."""
    return SIGNATURE_ALGORITHMS.get(oid, oid)


def describe_exponent(exponent: int) -> str:
    """Return an RSA exponent as a number, or its length where the number would fill the page."""
    bits = exponent.bit_length()
    return str(exponent) if bits <= LONGEST_SHOWN_EXPONENT else f"of {bits} bits"


def describe_public_key(key: PublicKeyTypes) -> str:
    """Return the kind and size of a public key: `RSA 2048 bits, exponent 65537`."""
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size} bits, exponent {describe_exponent(key.public_numbers().e)}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}"
    if isinstance(key, dsa.DSAPublicKey):
        return f"DSA {key.key_size} bits"
    return type(key).__name__.removesuffix("PublicKey")
