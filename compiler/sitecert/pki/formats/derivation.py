"""Keys out of passwords, at no more cost than the bounds allow (RFC 8018, RFC 7292 appendix B, RFC 7914)."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import md5, new, pbkdf2_hmac, scrypt

from sitecert.pki.der import SEQUENCE, Element
from sitecert.pki.formats.ber import INTEGER, OCTET_STRING, children_of, identifier, small_integer
from sitecert.pki.formats.bounds import Bounds
from sitecert.pki.formats.contents import RefusalKind
from sitecert.pki.formats.errors import NotReadError

PBKDF2 = "1.2.840.113549.1.5.12"
SCRYPT = "1.3.6.1.4.1.11591.4.11"
PSEUDORANDOM = {
    "1.2.840.113549.2.7": "sha1",
    "1.2.840.113549.2.8": "sha224",
    "1.2.840.113549.2.9": "sha256",
    "1.2.840.113549.2.10": "sha384",
    "1.2.840.113549.2.11": "sha512",
}
HASHES_A_MICROSECOND = 2
LOOPS_A_MICROSECOND = 1
"""A hash in a loop of OpenSSL, and in one of ours; measured, on a slow machine."""

LONGEST_KEY = 64
LARGEST_SCRYPT_BYTES = 64 << 20
KEY_ID, VECTOR_ID, MAC_ID = 1, 2, 3
"""RFC 7292 B.3: what the derived bytes are for."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """A salt and how often to hash."""

    salt: bytes
    count: int


def read_rounds(element: Element | None) -> Rounds:
    """Read PBEParameter or pkcs-12PbeParams (RFC 8018 A.3, RFC 7292 C); raises DerError."""
    salt, count = _exactly_tags(element, OCTET_STRING, INTEGER)
    return Rounds(salt.content, _positive(small_integer(count)))


def derive_pbkdf2_or_scrypt(function: Element, password: bytes, length: int, bounds: Bounds) -> bytes:
    """Return the key that a keyDerivationFunc of PBES2 gives (RFC 8018 A.2, RFC 7914 7).

    Raises NotReadError.
    """
    kind = identifier(function)
    parameters = children_of(function)[1:2]
    if kind == PBKDF2 and parameters:
        return _pbkdf2(parameters[0], password, length, bounds)
    if kind == SCRYPT and parameters:
        return _scrypt(parameters[0], password, length, bounds)
    raise NotReadError(
        RefusalKind.UNSUPPORTED, f"takes its key from a password by a method not known here ({kind})"
    )


def key_length(function: Element) -> int | None:
    """Return the length of the key that PBKDF2's parameters name, in octets, where they do (RFC 8018 A.2)."""
    for parameters in children_of(function)[1:2]:
        for each in children_of(parameters)[2:]:
            if each.tag == INTEGER and 0 < small_integer(each) <= LONGEST_KEY:
                return small_integer(each)
    return None


def _pbkdf2(parameters: Element, password: bytes, length: int, bounds: Bounds) -> bytes:
    fields = children_of(parameters)
    salt, count = _exactly_tags(parameters, OCTET_STRING, INTEGER)
    rounds = _positive(small_integer(count))
    pseudorandom = next((identifier(each) for each in fields[2:] if each.tag == SEQUENCE), "")
    name = PSEUDORANDOM.get(pseudorandom, "" if pseudorandom else "sha1")
    if not name:
        raise NotReadError(
            RefusalKind.UNSUPPORTED, f"derives its key with a function not known here ({pseudorandom})"
        )
    blocks = -(-length // new(name, usedforsecurity=False).digest_size)
    bounds.spend_work(rounds * blocks // HASHES_A_MICROSECOND, f"{rounds} rounds of PBKDF2")
    return pbkdf2_hmac(name, password, salt.content, rounds, length)


def _scrypt(parameters: Element, password: bytes, length: int, bounds: Bounds) -> bytes:
    salt, *numbers = _exactly_tags(parameters, OCTET_STRING, INTEGER, INTEGER, INTEGER)
    cost, block, parallel = (_positive(small_integer(each)) for each in numbers)
    what = f"scrypt with N={cost}, r={block}, p={parallel}"
    if 128 * block * (cost + parallel) > LARGEST_SCRYPT_BYTES:
        raise NotReadError(
            RefusalKind.TOO_COSTLY, f"asks for {what}, more than is done for a file that was sent"
        )
    bounds.spend_work(cost * block * parallel, what)
    try:
        return scrypt(
            password,
            salt=salt.content,
            n=cost,
            r=block,
            p=parallel,
            dklen=length,
            maxmem=2 * LARGEST_SCRYPT_BYTES,
        )
    except ValueError as error:
        raise NotReadError(RefusalKind.DAMAGED, "is damaged: its scrypt parameters are none") from error


def derive_pkcs12(
    hash_name: str, purpose: int, password: str | None, rounds: Rounds, length: int, bounds: Bounds
) -> bytes:
    """Return key, vector or MAC key of PKCS#12's own derivation (RFC 7292 B.2).

    An absent password (None) has no bytes; an empty one has the two that end every password.
    """
    template = new(hash_name, usedforsecurity=False)
    size, block = template.digest_size, template.block_size
    blocks = -(-length // size)
    bounds.spend_work(rounds.count * blocks // LOOPS_A_MICROSECOND, f"{rounds.count} rounds of hashing")
    secret = b"" if password is None else password.encode("utf-16-be", errors="replace") + b"\0\0"
    mixed = _repeat(rounds.salt, block) + _repeat(secret, block)
    derived = b""
    for _ in range(blocks):
        digest = new(hash_name, bytes([purpose]) * block + mixed, usedforsecurity=False).digest()
        for _ in range(rounds.count - 1):
            digest = new(hash_name, digest, usedforsecurity=False).digest()
        derived += digest
        addend = int.from_bytes(_repeat(digest, block)[:block]) + 1
        mixed = b"".join(
            ((int.from_bytes(mixed[start : start + block]) + addend) % (1 << 8 * block)).to_bytes(block)
            for start in range(0, len(mixed), block)
        )
    return derived[:length]


def derive_pbkdf1(hash_name: str, password: bytes, rounds: Rounds, bounds: Bounds) -> bytes:
    """Return the sixteen bytes of PKCS#5's first derivation: key and vector (RFC 8018 5.1)."""
    bounds.spend_work(rounds.count // LOOPS_A_MICROSECOND, f"{rounds.count} rounds of hashing")
    digest = password + rounds.salt
    for _ in range(rounds.count):
        digest = new(hash_name, digest, usedforsecurity=False).digest()
    return digest[:16]


def derive_jceks(password: bytes, rounds: Rounds, bounds: Bounds) -> bytes:
    """Return the 32 bytes of Java's PBEWithMD5AndTripleDES: key and vector (`com.sun.crypto.provider`).

    The two halves of the salt are hashed apart; where they are equal, the first is turned around.
    """
    bounds.spend_work(2 * rounds.count // LOOPS_A_MICROSECOND, f"{rounds.count} rounds of hashing")
    halves = [rounds.salt[:4], rounds.salt[4:8]]
    if halves[0] == halves[1]:
        halves[0] = halves[0][::-1]
    derived = b""
    for half in halves:
        digest = half
        for _ in range(rounds.count):
            digest = md5(digest + password, usedforsecurity=False).digest()
        derived += digest
    return derived


def _exactly_tags(element: Element | None, *tags: int) -> tuple[Element, ...]:
    """Return the first children of a SEQUENCE, which have these tags."""
    found = children_of(element)[: len(tags)] if element is not None and element.tag == SEQUENCE else ()
    if tuple(each.tag for each in found) != tags:
        raise NotReadError(RefusalKind.DAMAGED, "is damaged: the parameters of its encryption are none")
    return found


def _positive(number: int) -> int:
    if number <= 0:
        raise NotReadError(RefusalKind.DAMAGED, "is damaged: the parameters of its encryption are none")
    return number


def _repeat(part: bytes, block: int) -> bytes:
    """Return a part over and over until it fills whole blocks (RFC 7292 B.2, steps 2 and 3)."""
    if not part:
        return b""
    length = block * -(-len(part) // block)
    return (part * (length // len(part) + 1))[:length]
