"""Private keys of every form, opened within bounds; nothing of a key is ever in a message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from warnings import catch_warnings

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    load_der_private_key,
    load_pem_private_key,
    load_ssh_private_key,
)

from sitecert.pki.der import OBJECT_IDENTIFIER, SEQUENCE, Element
from sitecert.pki.formats.ber import INTEGER, OCTET_STRING, children_of, shape
from sitecert.pki.formats.bounds import LARGEST_RSA, Bounds
from sitecert.pki.formats.contents import RefusalKind
from sitecert.pki.formats.encryption import WrongPasswordError, decrypt
from sitecert.pki.formats.errors import NotReadError
from sitecert.pki.formats.stores import try_passwords
from sitecert.pki.pem import write_pem

OPENSSH = "OPENSSH PRIVATE KEY"
OPENSSH_MAGIC = b"openssh-key-v1\0"
PKCS8 = (INTEGER, SEQUENCE, OCTET_STRING)
ENCRYPTED_PKCS8 = (SEQUENCE, OCTET_STRING)
SEC1 = (INTEGER, OCTET_STRING)
PKCS1 = (INTEGER,) * 9
DSA = (INTEGER,) * 6
# Old kinds of keys make cryptography warn of the day on which it will no longer read them.
UNREADABLE = (TypeError, ValueError, UnsupportedAlgorithm)
DEK_INFO = re.compile("(?P<cipher>[A-Z0-9-]{1,32}),(?P<vector>[0-9A-Fa-f]{2,64})")
VECTOR_DIGITS = {
    "DES-CBC": 16,
    "DES-EDE3-CBC": 16,
    "AES-128-CBC": 32,
    "AES-192-CBC": 32,
    "AES-256-CBC": 32,
}
"""The ciphers that OpenSSL writes, and how many digits their initialization vector has."""
RSA_CHECK = 30_000
"""Microseconds in which cryptography checks an RSA key of 2048 bits; it grows with the cube of the size."""


def is_private_key(element: Element) -> bool:
    """Tell an unencrypted private key by its shape: PKCS#8, PKCS#1, SEC1, DSA."""
    tags = shape(element)
    return tags[:3] == PKCS8 or tags[:2] == SEC1 or tags in {PKCS1, DSA}


def is_encrypted_private_key(element: Element) -> bool:
    """Tell EncryptedPrivateKeyInfo by its shape (RFC 5958 3)."""
    return shape(element) == ENCRYPTED_PKCS8 and children_of(element)[0].content[:1] == bytes(
        [OBJECT_IDENTIFIER]
    )


def load_private_key(der: bytes, bounds: Bounds) -> PrivateKeyTypes:
    """Return an unencrypted key; raises NotReadError."""
    _spend_check(der, bounds)
    try:
        with catch_warnings(action="ignore"):
            return load_der_private_key(der, None)
    except UnsupportedAlgorithm as error:
        clause = "is a private key of a kind that is not known here"
        raise NotReadError(RefusalKind.UNSUPPORTED, clause) from error
    except UNREADABLE as error:
        raise NotReadError(RefusalKind.DAMAGED, "is a private key that is damaged") from error


def open_encrypted_pkcs8(
    element: Element, passwords: Sequence[str], bounds: Bounds
) -> tuple[PrivateKeyTypes, str | None]:
    """Return the key of EncryptedPrivateKeyInfo and the password that opened it; raises NotReadError."""
    algorithm, hidden = children_of(element, 2)

    def attempt(password: str | None) -> PrivateKeyTypes:
        plain = decrypt(algorithm, hidden.content, password, bounds)
        try:
            return load_private_key(plain, bounds)
        except NotReadError as error:  # a wrong password whose padding looked right
            if error.kind is RefusalKind.DAMAGED:
                raise WrongPasswordError from error
            raise

    return try_passwords(passwords, "is a private key under a password", attempt)


def open_traditional(
    label: str, headers: dict[str, str], content: bytes, passwords: Sequence[str], bounds: Bounds
) -> tuple[PrivateKeyTypes, str | None]:
    """Return a key under the headers of RFC 1421 (`Proc-Type: 4,ENCRYPTED`); raises NotReadError.

    Its password is hashed once, so that no attempt is dear.
    """
    _check_cipher(headers.get("DEK-Info", ""))
    block = write_pem(label, content).decode()
    begin, _, body = block.partition("\n")
    lines = [f"{name}: {headers[name]}" for name in ("Proc-Type", "DEK-Info") if name in headers]
    pem = "\n".join([begin, *lines, "", body]).encode()

    def attempt(password: str | None) -> PrivateKeyTypes:
        bounds.spend_work(RSA_CHECK, "a private key to be opened")
        try:
            with catch_warnings(action="ignore"):
                return load_pem_private_key(pem, (password or "").encode())
        except UnsupportedAlgorithm as error:
            clause = "is a private key under a cipher that is not known here"
            raise NotReadError(RefusalKind.UNSUPPORTED, clause) from error
        except UNREADABLE as error:
            raise WrongPasswordError from error

    return try_passwords(passwords, "is a private key under a password", attempt)


def _check_cipher(information: str) -> None:
    """Raise NotReadError for a DEK-Info header that no cipher can begin with."""
    match = DEK_INFO.fullmatch(information)
    digits = VECTOR_DIGITS.get(match["cipher"]) if match else 0
    if digits is None:
        raise NotReadError(RefusalKind.UNSUPPORTED, "is a private key under a cipher that is not known here")
    if match is None or len(match["vector"]) != digits:
        raise NotReadError(RefusalKind.DAMAGED, "is a private key whose DEK-Info header is damaged")


def open_openssh(content: bytes, bounds: Bounds) -> PrivateKeyTypes:
    """Return an unencrypted key of OpenSSH; raises NotReadError."""
    if _openssh_cipher(content) != b"none":
        clause = "is an OpenSSH key under a password; save it as PKCS#8 (`ssh-keygen -p -m PKCS8 -f FILE`)"
        raise NotReadError(RefusalKind.UNSUPPORTED, clause)
    bounds.spend_work(RSA_CHECK, "a private key to be opened")
    try:
        with catch_warnings(action="ignore"):
            return load_ssh_private_key(write_pem(OPENSSH, content), None)
    except UNREADABLE as error:
        raise NotReadError(RefusalKind.DAMAGED, "is a private key that is damaged") from error


def _openssh_cipher(content: bytes) -> bytes:
    """Return the name of the cipher that an OpenSSH key says (PROTOCOL.key)."""
    start = len(OPENSSH_MAGIC)
    if not content.startswith(OPENSSH_MAGIC):
        raise NotReadError(RefusalKind.DAMAGED, "is an OpenSSH key that is damaged")
    length = int.from_bytes(content[start : start + 4])
    return content[start + 4 : start + 4 + min(length, 64)]


def _spend_check(der: bytes, bounds: Bounds) -> None:
    """Reserve the time that cryptography takes to check a key's numbers; raises NotReadError.

    The size of the encoding bounds that of an RSA modulus: PKCS#1 holds some four and a half of them.
    """
    bits = len(der) * 8 * 2 // 9
    if bits > LARGEST_RSA * 1.1:
        clause = f"is a private key of more than {LARGEST_RSA} bits, which is the most allowed"
        raise NotReadError(RefusalKind.TOO_COSTLY, clause)
    bounds.spend_work(RSA_CHECK * bits**3 // 2048**3, "a private key to be checked")
