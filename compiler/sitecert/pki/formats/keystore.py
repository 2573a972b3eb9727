"""Java's keystores JKS and JCEKS (`sun.security.provider.JavaKeyStore`, `com.sun.crypto.provider`).

Certificates stand in them unencrypted; a password proves the whole and opens the keys.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from hashlib import sha1

from sitecert.pki.der import Element
from sitecert.pki.errors import DerError
from sitecert.pki.formats.ber import children_of, element_of, identifier
from sitecert.pki.formats.bounds import MOST_OBJECTS, Bounds
from sitecert.pki.formats.contents import RefusalKind
from sitecert.pki.formats.encryption import WrongPasswordError, decrypt
from sitecert.pki.formats.errors import NotReadError
from sitecert.pki.formats.stores import Store, StoredCertificate, StoredKey, try_passwords

JKS_MAGIC, JCEKS_MAGIC = bytes.fromhex("feedfeed"), bytes.fromhex("cececece")
KEY_ENTRY, CERTIFICATE_ENTRY, SECRET_KEY_ENTRY = 1, 2, 3
SUN_PROTECTOR = "1.3.6.1.4.1.42.2.17.1.1"
WHITENER = b"Mighty Aphrodite"
DIGEST_BYTES = 20


def read_keystore(content: bytes, passwords: Sequence[str], bounds: Bounds) -> Store:
    """Return what a JKS or JCEKS file holds; raises NotReadError where it is damaged.

    Without the right password the certificates are read and the keys stay shut; that the file was not
    changed is then not proved, which is told as a repair.
    """
    fields = _Fields(content)
    certificates: list[StoredCertificate] = []
    keys: list[StoredKey] = []
    refusals: list[NotReadError] = []
    fields.take(4)
    version, entries = fields.number(), fields.number()
    for _ in range(min(entries, MOST_OBJECTS)):
        kind, alias = fields.number(), fields.text()
        fields.take(8)
        if kind == KEY_ENTRY:
            keys.append(_key(alias, fields.take(fields.number()), passwords, bounds))
            chain = [fields.certificate(version) for _ in range(min(fields.number(), MOST_OBJECTS))]
            certificates += [
                StoredCertificate(f"{alias}: certificate {n}", der) for n, der in enumerate(chain, 1)
            ]
        elif kind == CERTIFICATE_ENTRY:
            certificates.append(StoredCertificate(alias, fields.certificate(version)))
        elif kind == SECRET_KEY_ENTRY:
            clause = "holds a secret key, behind which nothing is read"
            refusals.append(NotReadError(RefusalKind.UNSUPPORTED, clause))
            return Store(tuple(certificates), tuple(keys), tuple(refusals))
        else:
            raise NotReadError(RefusalKind.DAMAGED, "is a Java keystore that is damaged")
    repairs = _prove(content, fields, passwords)
    return Store(tuple(certificates), tuple(keys), tuple(refusals), repairs)


class _Fields:
    """Reads the fields of a keystore one after the other; all numbers are big-endian."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.position = 0

    def take(self, count: int) -> bytes:
        """Return the next bytes; raises NotReadError where they are not there."""
        taken = self._content[self.position : self.position + count]
        if len(taken) != count:
            raise NotReadError(RefusalKind.CUT_OFF, "is a Java keystore that is cut off")
        self.position += count
        return taken

    def number(self) -> int:
        """Return a number of four bytes."""
        return int.from_bytes(self.take(4))

    def text(self) -> str:
        """Return a text with its length in two bytes (java.io.DataInput, modified UTF-8)."""
        return self.take(int.from_bytes(self.take(2))).decode(errors="replace")

    def certificate(self, version: int) -> bytes:
        """Return a certificate's bytes; from version 2 on its kind stands before it."""
        if version > 1:
            self.text()
        return self.take(self.number())


def _prove(content: bytes, fields: _Fields, passwords: Sequence[str]) -> tuple[str, ...]:
    """Hold the digest at the end against every password (SHA-1 over password, a joke and the body)."""
    body, digest = content[: fields.position], fields.take(DIGEST_BYTES)
    for password in passwords:
        if hmac.compare_digest(sha1(_utf_16(password) + WHITENER + body).digest(), digest):  # noqa: S324 - the format's
            return ()
    given = "no password that was given is the store's" if passwords else "no password was given"
    return (f"is a Java keystore whose digest was not proved: {given}",)


def _key(alias: str, protected: bytes, passwords: Sequence[str], bounds: Bounds) -> StoredKey:
    try:
        algorithm, hidden = children_of(element_of(protected), 2)
        der, password = try_passwords(
            passwords,
            "is a private key under a password",
            lambda each: _opened(algorithm, hidden, each, bounds),
        )
    except (DerError, ValueError) as error:
        refusal = error if isinstance(error, NotReadError) else None
        damaged = NotReadError(RefusalKind.DAMAGED, "is a private key that is damaged")
        return StoredKey(alias, None, protected=True, refusal=refusal or damaged)
    return StoredKey(alias, der, bool(password))


def _opened(algorithm: Element, hidden: Element, password: str | None, bounds: Bounds) -> bytes:
    if identifier(algorithm) != SUN_PROTECTOR:
        return decrypt(algorithm, hidden.content, password, bounds)
    return _unprotect(hidden.content, password or "")


def _unprotect(hidden: bytes, password: str) -> bytes:
    """Open what `sun.security.provider.KeyProtector` wrote: salt, bytes under a SHA-1 stream, digest."""
    secret = _utf_16(password)
    salt, under, digest = hidden[:DIGEST_BYTES], hidden[DIGEST_BYTES:-DIGEST_BYTES], hidden[-DIGEST_BYTES:]
    stream, last = b"", salt
    while len(stream) < len(under):
        last = sha1(secret + last).digest()  # noqa: S324 - the format's
        stream += last
    plain = bytes(one ^ other for one, other in zip(under, stream, strict=False))
    if not hmac.compare_digest(sha1(secret + plain).digest(), digest):  # noqa: S324 - the format's
        raise WrongPasswordError
    return plain


def _utf_16(password: str) -> bytes:
    return password.encode("utf-16-be", errors="replace")
