"""The public key of a request or a certificate, for what looks at keys alone."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa


def request_rsa_key(pem: bytes) -> rsa.RSAPublicKey | None:
    """Return the RSA public key of a PEM request that was read before; None for another kind of key."""
    key = x509.load_pem_x509_csr(pem).public_key()
    return key if isinstance(key, rsa.RSAPublicKey) else None


def certificate_rsa_key(pem: bytes) -> rsa.RSAPublicKey | None:
    """Return the RSA public key of a PEM certificate that was read before; None for another kind of key."""
    key = x509.load_pem_x509_certificate(pem).public_key()
    return key if isinstance(key, rsa.RSAPublicKey) else None
