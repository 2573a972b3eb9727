"""Private keys: making them, encrypting them to people, opening them again.

A private key lives in memory only; what leaves this module is encrypted (docs/design.md, promise 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeAlias

import pyrage
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from sitecert.pki.errors import KeyMaterialError
from sitecert.pki.recipients import Recipient, RecipientKind

KEY_BITS = (2048, 3072, 4096)
PUBLIC_EXPONENT = 65537

ServerKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
"""The kinds of key that a server's certificate may have (BR 6.1.5); sitecert itself makes RSA keys alone."""


def generate_key(bits: int) -> rsa.RSAPrivateKey:
    """Make an RSA key of 2048, 3072 or 4096 bits with exponent 65537 (BR 6.1.5, 6.1.6).

    Randomness is the operating system's. Raises KeyMaterialError for another size.
    """
    if bits not in KEY_BITS:
        raise KeyMaterialError(f"an RSA key of {bits} bits; 2048, 3072 or 4096 are allowed")
    return rsa.generate_private_key(public_exponent=PUBLIC_EXPONENT, key_size=bits)


def spki_sha256(public_key: PublicKeyTypes) -> str:
    """Return the lower-case hexadecimal SHA-256 of the DER SubjectPublicKeyInfo (RFC 5280 4.1.2.7)."""
    der = public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return sha256(der).hexdigest()


def encrypt_key(key: rsa.RSAPrivateKey, recipients: Sequence[Recipient]) -> bytes:
    """Return the key as PKCS#8 PEM, encrypted to every recipient, as an armored age file.

    Each of the recipients can open it alone. Two calls never give the same bytes. Raises
    KeyMaterialError where there is no recipient.
    """
    if not recipients:
        raise KeyMaterialError("there is no recipient to encrypt the private key to")
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    encrypted: bytes = pyrage.encrypt(pem, [_public_half(each) for each in recipients], armored=True)
    return encrypted


def check_identity(text: str) -> None:
    """Raise KeyMaterialError where the text of an identity file holds no identity that can be used."""
    _identities(text)


def decrypt_key(age_file: bytes, identities: Sequence[str]) -> rsa.RSAPrivateKey:
    """Open an age file that `encrypt_key` wrote.

    `identities` are the texts of identity files: age identities, one a line, with comments, or an SSH
    private key. Raises KeyMaterialError, which never holds an identity or a key.
    """
    parsed = [identity for text in identities for identity in _identities(text)]
    try:
        pem = pyrage.decrypt(age_file, parsed)
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise KeyMaterialError(
                "the private key is not encrypted to any of the identities given"
            ) from None
        raise KeyMaterialError("the encrypted private key is damaged") from None
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise KeyMaterialError("what was encrypted is not a private key") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise KeyMaterialError("what was encrypted is not an RSA key")
    return key


def prove_same_key(opened: object, key: ServerKey) -> None:
    """Hold what was read from a form just made against the key; raises KeyMaterialError."""
    if not isinstance(opened, ServerKey) or opened.private_numbers() != key.private_numbers():
        raise KeyMaterialError("what was made of the private key does not open to the key")


def _public_half(recipient: Recipient) -> object:
    if recipient.kind is RecipientKind.AGE:
        return pyrage.x25519.Recipient.from_str(recipient.text)
    return pyrage.ssh.Recipient.from_str(recipient.text)


def _identities(text: str) -> list[object]:
    """Parse one identity file (age(1), IDENTITY FILES)."""
    if "PRIVATE KEY-----" in text:
        return [_ssh_identity(text)]
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if not lines:
        raise KeyMaterialError("an identity file holds no identity")
    return [_age_identity(line) for line in lines]


def _age_identity(line: str) -> object:
    try:
        return pyrage.x25519.Identity.from_str(line)
    except pyrage.IdentityError:
        raise KeyMaterialError(
            "an identity is not one that sitecert reads (AGE-SECRET-KEY-1..., or an SSH private key); "
            "open the file with `age -d -i IDENTITY`"
        ) from None


def _ssh_identity(text: str) -> object:
    try:
        return pyrage.ssh.Identity.from_buffer(text.encode())
    except pyrage.IdentityError as error:
        if "decrypted first" in str(error):
            raise KeyMaterialError(
                "the SSH identity has a passphrase, which sitecert does not ask for; "
                "open the file with `age -d -i IDENTITY`"
            ) from None
        raise KeyMaterialError("an SSH identity is not a whole private key") from None
