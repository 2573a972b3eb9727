"""A private key that a customer made and sent."""

from __future__ import annotations

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sitecert.pki.errors import KeyMaterialError


def open_customer_key(pem: bytes) -> rsa.RSAPrivateKey:
    """Return the RSA key of a PEM block without a passphrase.

    Raises KeyMaterialError for a block that is encrypted, damaged or of another kind; its text never
    holds anything of the block.
    """
    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError as error:
        raise KeyMaterialError("the private key is encrypted: open it with its passphrase first") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyMaterialError("the private key cannot be read") from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise KeyMaterialError("the private key is no RSA key")
    return key
