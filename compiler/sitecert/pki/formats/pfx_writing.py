"""PKCS#12: a private key with its certificate and chain under a passphrase (RFC 7292)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    KeySerializationEncryption,
    PrivateFormat,
    pkcs12,
)

from sitecert.pki.keys import ServerKey, prove_same_key


class Compatibility(StrEnum):
    """Who has to read a PKCS#12 file (docs/facts.md, keys under a passphrase).

    `modern` is AES-256 and SHA-256: openssl from 1.0.1 on, Java from 8u301 on, Windows Server 2019 and later.
    `windows2016` is 3DES and SHA-1: those, and the Windows Servers before.
    """

    MODERN = "modern"
    WINDOWS_2016 = "windows2016"


def write_pfx(
    key: ServerKey,
    certificates: Sequence[x509.Certificate],
    name: str,
    passphrase: str,
    compatibility: Compatibility,
) -> bytes:
    """Return a key, its certificate and the chain as PKCS#12; `certificates` have the key's own first.

    `name` is the friendly name, Java's alias. What was made is opened and compared. The passphrase (ASCII)
    alone protects it: its MAC has 2048 rounds, which cryptography cannot raise, so more rounds elsewhere
    would gain nothing.
    """
    leaf, *chain = certificates
    secret = passphrase.encode("ascii")
    protection = _protection(compatibility, secret)
    pfx = pkcs12.serialize_key_and_certificates(name.encode(), key, leaf, chain, protection)
    prove_same_key(pkcs12.load_key_and_certificates(pfx, secret)[0], key)
    return pfx


def _protection(compatibility: Compatibility, secret: bytes) -> KeySerializationEncryption:
    builder = PrivateFormat.PKCS12.encryption_builder()
    if compatibility is Compatibility.MODERN:
        cipher, mac = pkcs12.PBES.PBESv2SHA256AndAES256CBC, hashes.SHA256()
        return builder.key_cert_algorithm(cipher).hmac_hash(mac).build(secret)
    cipher, old_mac = pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC, hashes.SHA1()  # noqa: S303 - all that old readers know
    return builder.key_cert_algorithm(cipher).hmac_hash(old_mac).build(secret)
