"""A private key under a passphrase, in forms that old servers and load balancers read, and the passphrase.

What is made is opened again and compared before it is handed on.
"""

from __future__ import annotations

import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from sitecert.model.certificate import IssuedCertificate
from sitecert.pki.certificates import read_certificates
from sitecert.pki.der_writer import (
    write_integer,
    write_object_identifier,
    write_octet_string,
    write_sequence,
)
from sitecert.pki.formats.pfx_writing import Compatibility, write_pfx
from sitecert.pki.keys import ServerKey, prove_same_key
from sitecert.pki.pem import write_pem

ITERATIONS = 600_000
"""Rounds of PBKDF2. openssl 3.0 opens such a key in 0.4 s, and a runbook opens it two or three times: a
server that is ten times as slow still answers within seconds."""

LABEL = "ENCRYPTED PRIVATE KEY"
PBES2 = "1.2.840.113549.1.5.13"
PBKDF2 = "1.2.840.113549.1.5.12"
AES_256_CBC = "2.16.840.1.101.3.4.1.42"
SALT_BYTES = 16
KEY_BYTES = 32
BLOCK_BYTES = 16

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody takes for one another, read aloud or in any typeface."""

GROUPS, GROUP = 6, 5
"""30 characters of 31: 148 bits."""


def new_passphrase(*, alphanumeric: bool) -> str:
    """Make a passphrase of 148 random bits: six groups of five letters and digits, parted by hyphens.

    Where it must be `alphanumeric`, the groups stand together.
    """
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return ("" if alphanumeric else "-").join(groups)


def protect_as_pem(key: ServerKey, passphrase: str) -> bytes:
    """Return the key as PKCS#8 PEM under a passphrase, as `protect_as_der` makes it."""
    return write_pem(LABEL, protect_as_der(key, passphrase))


def protect_as_der(key: ServerKey, passphrase: str) -> bytes:
    """Return the key as PKCS#8 DER under a passphrase: PBES2, PBKDF2 with HMAC-SHA1, AES-256-CBC (RFC 8018).

    Every openssl from 0.9.8 on reads it; with HMAC-SHA256, which cryptography and openssl 3 write, 0.9.8
    does not. HMAC-SHA1 is PBKDF2's default, and DER leaves a default out.
    """
    salt, vector = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(BLOCK_BYTES)
    sha1 = hashes.SHA1()  # noqa: S303 - in HMAC it has no known weakness, and 0.9.8 knows no other
    secret = PBKDF2HMAC(sha1, KEY_BYTES, salt, ITERATIONS).derive(passphrase.encode("ascii"))
    derivation = write_sequence(
        write_object_identifier(PBKDF2), write_sequence(write_octet_string(salt), write_integer(ITERATIONS))
    )
    encryption = write_sequence(write_object_identifier(AES_256_CBC), write_octet_string(vector))
    algorithm = write_sequence(write_object_identifier(PBES2), write_sequence(derivation, encryption))
    encrypted = write_octet_string(_encrypt(_pkcs8(key), secret, vector))
    der = write_sequence(algorithm, encrypted)
    prove_same_key(load_der_private_key(der, passphrase.encode("ascii")), key)
    return der


def protect_as_pfx(key: ServerKey, issued: IssuedCertificate, passphrase: str) -> bytes:
    """Return the key with its certificate and chain as PKCS#12 that old readers open too."""
    name = issued.leaf.common_name or "server"
    return write_pfx(key, read_certificates(issued.served_pem), name, passphrase, Compatibility.WINDOWS_2016)


def _pkcs8(key: ServerKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _encrypt(content: bytes, secret: bytes, vector: bytes) -> bytes:
    padder = PKCS7(BLOCK_BYTES * 8).padder()
    encryptor = Cipher(algorithms.AES256(secret), modes.CBC(vector)).encryptor()
    return encryptor.update(padder.update(content) + padder.finalize()) + encryptor.finalize()
