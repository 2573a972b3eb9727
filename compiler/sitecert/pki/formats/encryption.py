"""Password-based encryption of keys and stores, opened (RFC 8018 PBES1 and PBES2, RFC 7292 appendix C)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4, TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, CipherAlgorithm, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.padding import PKCS7

from sitecert.pki.der import SEQUENCE, Element
from sitecert.pki.errors import DerError
from sitecert.pki.formats.ber import INTEGER, OCTET_STRING, children_of, identifier, small_integer
from sitecert.pki.formats.bounds import Bounds
from sitecert.pki.formats.contents import RefusalKind
from sitecert.pki.formats.derivation import (
    KEY_ID,
    VECTOR_ID,
    derive_jceks,
    derive_pbkdf1,
    derive_pbkdf2_or_scrypt,
    derive_pkcs12,
    key_length,
    read_rounds,
)
from sitecert.pki.formats.errors import NotReadError
from sitecert.pki.formats.rc2 import decrypt_rc2_cbc

PBES2 = "1.2.840.113549.1.5.13"
JCEKS_KEY = "1.3.6.1.4.1.42.2.19.1"
RC2_CBC = "1.2.840.113549.3.2"
AES_KEYS = {
    "2.16.840.1.101.3.4.1.2": 16,
    "2.16.840.1.101.3.4.1.22": 24,
    "2.16.840.1.101.3.4.1.42": 32,
}
TRIPLE_DES_CBC = "1.2.840.113549.3.7"
PKCS5_HASHES = {"1.2.840.113549.1.5.3": "md5", "1.2.840.113549.1.5.10": "sha1"}
"""pbeWithMD5AndDES-CBC, pbeWithSHA1AndDES-CBC."""

RC2_VERSIONS = {160: 40, 120: 64, 58: 128}
"""RFC 8018 B.2.3: the encoded version and the effective bits that it stands for."""

RC2_LONG = range(256, 1025)
MICROSECONDS_A_RC2_BLOCK = 45
DES_BYTES, AES_BYTES = 8, 16


class WrongPasswordError(ValueError):
    """What was decrypted is not what was encrypted."""


@dataclass(frozen=True, slots=True)
class Pkcs12Cipher:
    """A cipher of RFC 7292 appendix C: its key's length, and what opens with key, vector, ciphertext."""

    key_bytes: int
    opener: Callable[[bytes, bytes, bytes], bytes]


def decrypt(algorithm: Element, ciphertext: bytes, password: str | None, bounds: Bounds) -> bytes:
    """Return what an AlgorithmIdentifier and a password open; None is an absent password.

    Raises WrongPasswordError where it does not open, NotReadError for a method that is not known, that
    costs too much, or whose parameters are damaged.
    """
    octets = (password or "").encode()
    try:
        kind, parameters = identifier(algorithm), next(iter(children_of(algorithm)[1:2]), None)
        if kind == PBES2:
            return _pbes2(parameters, ciphertext, octets, bounds)
        if kind in PKCS12_CIPHERS:
            return _pkcs12(PKCS12_CIPHERS[kind], parameters, ciphertext, password, bounds)
        if kind in PKCS5_HASHES:
            derived = derive_pbkdf1(PKCS5_HASHES[kind], octets, read_rounds(parameters), bounds)
            return _triple_des(derived[:8] * 3, derived[8:], ciphertext)
        if kind == JCEKS_KEY:
            derived = derive_jceks(octets, read_rounds(parameters), bounds)
            return _triple_des(derived[:24], derived[24:], ciphertext)
    except DerError as error:
        raise NotReadError(
            RefusalKind.DAMAGED, "is damaged: the parameters of its encryption are none"
        ) from error
    raise NotReadError(RefusalKind.UNSUPPORTED, f"is encrypted by a method that is not known here ({kind})")


def _pbes2(parameters: Element | None, ciphertext: bytes, password: bytes, bounds: Bounds) -> bytes:
    """Open PBES2 (RFC 8018 6.2)."""
    fields = children_of(parameters) if parameters is not None and parameters.tag == SEQUENCE else ()
    if len(fields) < 2:  # noqa: PLR2004 - derivation and scheme
        raise DerError("PBES2 without its parameters")
    function, scheme = fields[:2]
    kind, setting = identifier(scheme), next(iter(children_of(scheme)[1:2]), None)
    if setting is None:
        raise DerError("an encryption scheme without its vector")
    if kind in AES_KEYS:
        key = derive_pbkdf2_or_scrypt(function, password, AES_KEYS[kind], bounds)
        return _cbc(AES, AES_BYTES, key, setting.content, ciphertext)
    if kind == TRIPLE_DES_CBC:
        return _triple_des(
            derive_pbkdf2_or_scrypt(function, password, 24, bounds), setting.content, ciphertext
        )
    if kind == RC2_CBC:
        effective_bits, vector = _rc2_parameters(setting)
        length = key_length(function) or effective_bits // 8
        key = derive_pbkdf2_or_scrypt(function, password, length, bounds)
        _spend_rc2(ciphertext, bounds)
        return _rc2(effective_bits)(key, vector, ciphertext)
    raise NotReadError(RefusalKind.UNSUPPORTED, f"is encrypted by a cipher that is not known here ({kind})")


def _rc2_parameters(setting: Element) -> tuple[int, bytes]:
    """Return the effective bits and the vector (RFC 8018 B.2.3): from 256 on the version is the bits."""
    fields = children_of(setting)
    if [each.tag for each in fields] != [INTEGER, OCTET_STRING]:
        raise DerError("RC2 without its parameters")
    version = small_integer(fields[0])
    effective_bits = version if version in RC2_LONG else RC2_VERSIONS.get(version)
    if effective_bits is None:
        raise DerError("RC2 of no version")
    return effective_bits, fields[1].content


def _pkcs12(
    cipher: Pkcs12Cipher, parameters: Element | None, ciphertext: bytes, password: str | None, bounds: Bounds
) -> bytes:
    rounds = read_rounds(parameters)
    key = derive_pkcs12("sha1", KEY_ID, password, rounds, cipher.key_bytes, bounds)
    vector = derive_pkcs12("sha1", VECTOR_ID, password, rounds, DES_BYTES, bounds)
    if cipher in {PKCS12_CIPHERS[kind] for kind in RC2_KINDS}:
        _spend_rc2(ciphertext, bounds)
    return cipher.opener(key, vector, ciphertext)


def _spend_rc2(ciphertext: bytes, bounds: Bounds) -> None:
    bounds.spend_work(
        MICROSECONDS_A_RC2_BLOCK * (len(ciphertext) // DES_BYTES), f"{len(ciphertext)} bytes of RC2"
    )


def _triple_des(key: bytes, vector: bytes, ciphertext: bytes) -> bytes:
    return _cbc(TripleDES, DES_BYTES, key, vector, ciphertext)


def _two_key_triple_des(key: bytes, vector: bytes, ciphertext: bytes) -> bytes:
    return _triple_des(key + key[:8], vector, ciphertext)


def _rc4(key: bytes, _vector: bytes, ciphertext: bytes) -> bytes:
    return Cipher(ARC4(key), None).decryptor().update(ciphertext)


def _rc2(effective_bits: int) -> Callable[[bytes, bytes, bytes], bytes]:
    def opened(key: bytes, vector: bytes, ciphertext: bytes) -> bytes:
        try:
            return _unpadded(decrypt_rc2_cbc(key, effective_bits, vector, ciphertext), DES_BYTES)
        except ValueError as error:
            raise WrongPasswordError from error

    return opened


def _cbc(
    cipher: Callable[[bytes], CipherAlgorithm], block: int, key: bytes, vector: bytes, ciphertext: bytes
) -> bytes:
    if len(vector) != block:
        raise DerError("a vector of the wrong length")
    decryptor = Cipher(cipher(key), modes.CBC(vector)).decryptor()
    try:
        return _unpadded(decryptor.update(ciphertext) + decryptor.finalize(), block)
    except ValueError as error:
        raise WrongPasswordError from error


def _unpadded(padded: bytes, block: int) -> bytes:
    unpadder = PKCS7(block * 8).unpadder()
    return unpadder.update(padded) + unpadder.finalize()


RC2_KINDS = ("1.2.840.113549.1.12.1.5", "1.2.840.113549.1.12.1.6")
PKCS12_CIPHERS = {
    "1.2.840.113549.1.12.1.1": Pkcs12Cipher(16, _rc4),
    "1.2.840.113549.1.12.1.2": Pkcs12Cipher(5, _rc4),
    "1.2.840.113549.1.12.1.3": Pkcs12Cipher(24, _triple_des),
    "1.2.840.113549.1.12.1.4": Pkcs12Cipher(16, _two_key_triple_des),
    RC2_KINDS[0]: Pkcs12Cipher(16, _rc2(128)),
    RC2_KINDS[1]: Pkcs12Cipher(5, _rc2(40)),
}
"""RFC 7292 appendix C."""
