"""PKCS#12 (PFX), of every age and maker (RFC 7292, RFC 9579).

cryptography reads one key and its certificates, without RC2 and without BER, and takes however many rounds
a file asks for; here every key is found, old files open, and no file costs seconds.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sitecert.pki.der import SEQUENCE, Element
from sitecert.pki.errors import DerError
from sitecert.pki.formats.ber import (
    OCTET_STRING,
    children_of,
    element_of,
    first_children,
    identifier,
    small_integer,
)
from sitecert.pki.formats.bounds import MOST_OBJECTS, Bounds
from sitecert.pki.formats.contents import RefusalKind
from sitecert.pki.formats.derivation import MAC_ID, Rounds, derive_pbkdf2_or_scrypt, derive_pkcs12
from sitecert.pki.formats.encryption import WrongPasswordError, decrypt
from sitecert.pki.formats.errors import NotReadError
from sitecert.pki.formats.stores import Store, StoredCertificate, StoredKey, try_passwords

DATA = "1.2.840.113549.1.7.1"
ENCRYPTED_DATA = "1.2.840.113549.1.7.6"
BAGS = "1.2.840.113549.1.12.10.1."
KEY_BAG, SHROUDED_KEY_BAG, CERTIFICATE_BAG, NESTED_BAG = (f"{BAGS}{number}" for number in (1, 2, 3, 6))
X509_CERTIFICATE = "1.2.840.113549.1.9.22.1"
FRIENDLY_NAME = "1.2.840.113549.1.9.20"
PBMAC1 = "1.2.840.113549.1.5.14"
MAC_HASHES = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
DEEPEST_BAG = 4
PFX_VERSION = 3


@dataclass(frozen=True, slots=True)
class _Bag:
    """One bag: its kind, its value, its friendly name, and whether it lay under encryption."""

    kind: str
    value: Element
    name: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class _Mac:
    """What proves that a password is the right one (RFC 7292 4)."""

    algorithm: Element
    digest: bytes
    rounds: Rounds


@dataclass(frozen=True, slots=True)
class _Pfx:
    """A PFX before any password: the authenticated bytes and their MAC, where there is one."""

    safes: bytes = field(repr=False)
    mac: _Mac | None


def read_pkcs12(der: bytes, passwords: Sequence[str], bounds: Bounds) -> Store:
    """Return what a PFX with definite lengths holds; raises NotReadError.

    The MAC is proved where there is one; without, the password is the one that opens what is encrypted.
    """
    try:
        pfx = _read_pfx(element_of(der))
        what = "is a PFX under a password"
        (bags, refusals), password = try_passwords(
            passwords, what, lambda each: _open(pfx, each, bounds), empty=("", None)
        )
        return _store(bags, refusals, password, passwords, bounds)
    except NotReadError:
        raise
    except (ValueError, IndexError) as error:  # an element too few, or too many
        raise NotReadError(RefusalKind.DAMAGED, "is a PFX that is damaged") from error


def _read_pfx(element: Element) -> _Pfx:
    version, content, *rest = children_of(element)
    if small_integer(version) != PFX_VERSION or identifier(content) != DATA:
        raise NotReadError(RefusalKind.UNSUPPORTED, "is a PFX that is signed, not one under a password")
    safes = _octets(element_of(children_of(content)[1].content))
    return _Pfx(safes, _read_mac(rest[0]) if rest else None)


def _read_mac(element: Element) -> _Mac:
    """Read MacData; its count is 1 where it is absent."""
    info, salt, *count = children_of(element)
    algorithm, digest = children_of(info)
    rounds = small_integer(count[0]) if count else 1
    if rounds <= 0:
        raise DerError("no rounds")
    return _Mac(algorithm, digest.content, Rounds(salt.content, rounds))


def _open(pfx: _Pfx, password: str | None, bounds: Bounds) -> tuple[list[_Bag], list[NotReadError]]:
    """Return the bags that a password opens; raises WrongPasswordError."""
    if pfx.mac is not None and not hmac.compare_digest(_mac(pfx, pfx.mac, password, bounds), pfx.mac.digest):
        raise WrongPasswordError
    bags: list[_Bag] = []
    refusals: list[NotReadError] = []
    for info in first_children(element_of(pfx.safes).content, MOST_OBJECTS):
        kind = identifier(info)
        if kind == DATA:
            plain = _octets(element_of(children_of(info)[1].content))
            bags += _bags(element_of(plain), is_hidden=False)
        elif kind == ENCRYPTED_DATA:
            bags += _hidden_bags(info, password, bounds)
        else:
            refusals.append(
                NotReadError(RefusalKind.UNSUPPORTED, "has a part for the holder of a key, not of a password")
            )
    return bags, refusals


def _mac(pfx: _Pfx, mac: _Mac, password: str | None, bounds: Bounds) -> bytes:
    kind = identifier(mac.algorithm)
    if kind == PBMAC1:
        function, scheme = children_of(children_of(mac.algorithm)[1])[:2]
        name = {"1.2.840.113549.2.9": "sha256", "1.2.840.113549.2.11": "sha512"}.get(identifier(scheme), "")
        key = derive_pbkdf2_or_scrypt(
            function, (password or "").encode(), 32 if name == "sha256" else 64, bounds
        )
    else:
        name = MAC_HASHES.get(kind, "")
        if not name:
            raise NotReadError(
                RefusalKind.UNSUPPORTED, f"proves its password by a hash not known here ({kind})"
            )
        length = {"sha1": 20, "sha224": 28, "sha256": 32, "sha384": 48, "sha512": 64}[name]
        key = derive_pkcs12(name, MAC_ID, password, mac.rounds, length, bounds)
    if not name:
        raise NotReadError(RefusalKind.UNSUPPORTED, "proves its password by a hash that is not known here")
    return hmac.digest(key, pfx.safes, name)


def _hidden_bags(info: Element, password: str | None, bounds: Bounds) -> list[_Bag]:
    """Decrypt EncryptedData (RFC 5652 8) and return its bags."""
    encrypted = children_of(element_of(children_of(info)[1].content))[1]
    _, algorithm, hidden = children_of(encrypted)[:3]
    plain = decrypt(algorithm, _octets(hidden), password, bounds)
    try:
        return list(_bags(element_of(plain), is_hidden=True))
    except (ValueError, IndexError) as error:  # a wrong password whose padding looked right
        raise WrongPasswordError from error


def _bags(contents: Element, *, is_hidden: bool, depth: int = 0) -> Iterator[_Bag]:
    """Yield the bags of SafeContents, those of nested ones too (RFC 7292 4.2)."""
    if contents.tag != SEQUENCE or depth > DEEPEST_BAG:
        raise DerError("no bags")
    for bag in children_of(contents, MOST_OBJECTS):
        kind, wrapped, *attributes = children_of(bag, 3)
        value = element_of(wrapped.content)
        if identifier(kind) == NESTED_BAG:
            yield from _bags(value, is_hidden=is_hidden, depth=depth + 1)
        else:
            yield _Bag(identifier(kind), value, _friendly_name(attributes), is_hidden)


def _friendly_name(attributes: list[Element]) -> str:
    for attribute in children_of(attributes[0]) if attributes else ():
        kind, values = children_of(attribute, 2)
        if identifier(kind) == FRIENDLY_NAME:
            return element_of(values.content).content.decode("utf-16-be", errors="replace")
    return ""


def _store(
    bags: list[_Bag],
    refusals: list[NotReadError],
    password: str | None,
    passwords: Sequence[str],
    bounds: Bounds,
) -> Store:
    certificates: list[StoredCertificate] = []
    keys: list[StoredKey] = []
    for bag in bags:
        if bag.kind == CERTIFICATE_BAG:
            kind, wrapped = children_of(bag.value, 2)
            name = f"certificate {len(certificates) + 1}"
            if identifier(kind) == X509_CERTIFICATE:
                der = _octets(element_of(wrapped.content))
                certificates.append(StoredCertificate(f"{name} ({bag.name})" if bag.name else name, der))
            else:
                refusals.append(NotReadError(RefusalKind.OTHER_KIND, f"holds {name} that is not X.509"))
        elif bag.kind == KEY_BAG:
            keys.append(StoredKey("private key", bag.value.der, bool(password) and bag.is_hidden))
        elif bag.kind == SHROUDED_KEY_BAG:
            keys.append(_shrouded_key(bag, password, passwords, bounds))
    return Store(tuple(certificates), tuple(keys), tuple(refusals))


def _shrouded_key(bag: _Bag, password: str | None, passwords: Sequence[str], bounds: Bounds) -> StoredKey:
    """Open a key: nearly always the store's password is the key's."""
    algorithm, hidden = children_of(bag.value, 2)

    def attempt(candidate: str | None) -> bytes:
        plain = decrypt(algorithm, hidden.content, candidate, bounds)
        try:
            element_of(plain)
        except DerError as error:  # a wrong password whose padding looked right: one in 256 does
            raise WrongPasswordError from error
        return plain

    try:
        der, opened_by = try_passwords(
            list(dict.fromkeys((password, *passwords))),
            "is a private key under a password of its own",
            attempt,
            empty=("", None),
        )
    except NotReadError as error:
        return StoredKey("private key", None, protected=True, refusal=error)
    return StoredKey("private key", der, bool(opened_by) or (bool(password) and bag.is_hidden))


def _octets(element: Element) -> bytes:
    """Return an octet string's bytes, those of one in pieces joined (X.690 8.7.3)."""
    if not element.tag & 0x20:
        return element.content
    pieces = children_of(element, MOST_OBJECTS * 10)
    if any(each.tag != OCTET_STRING for each in pieces):
        raise DerError("a string that is none")
    return b"".join(each.content for each in pieces)
