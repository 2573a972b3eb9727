"""Search one file for private keys, through encodings and archives."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

import pyrage
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from sitecert.leaks.archives import ARCHIVES, SEARCHED, beginning, members
from sitecert.leaks.binary import der_candidates
from sitecert.leaks.encodings import base64_runs, hexadecimal_runs, unescape
from sitecert.leaks.passwords import COMMON_PASSWORDS
from sitecert.leaks.pem import pem_keys
from sitecert.leaks.text import identities, json_web_keys, putty_keys, spelled_out
from sitecert.model.leak import Exposure, Leak
from sitecert.pki.formats.archives import Entry
from sitecert.pki.formats.bounds import MEBIBYTE, Bounds
from sitecert.pki.formats.contents import FoundKey, GivenFile, RefusalKind
from sitecert.pki.formats.errors import NotReadError
from sitecert.pki.formats.reading import read_contents
from sitecert.pki.formats.sniffing import Form
from sitecert.pki.keys import spki_sha256

DEEPEST = 4
"""Encodings within encodings: a secret of Kubernetes in an archive has three."""

PASSWORDS_OF_WORK = 1
"""How many slow attempts one key gets. A key that is easy to guess is, as a rule, quick to try."""

MOST_OPENED = 8 * MEBIBYTE
LEAST_OPENED = 16 << 10
"""Bytes of one file that are opened as a key or a store of keys, of which each counts for 16 KiB at least:
to check a key of RSA takes some 40 ms."""

LOCKED = frozenset(
    {RefusalKind.LOCKED, RefusalKind.WRONG_PASSWORD, RefusalKind.UNSUPPORTED, RefusalKind.TOO_COSTLY}
)
"""Why a key, or a store of keys, was not opened although it is one."""

SHOWN_DIGITS = 12
"""Hexadecimal digits of a key's SPKI SHA-256 by which people tell keys apart."""


def find_leaks(content: bytes) -> tuple[Leak, ...]:
    """Return every private key in a file's bytes, each once, in the order of its lines.

    Found by content: PEM with any label, DER, keystores and archives, base64 and hexadecimal digits of these.
    What merely says that it is a key, and does not decode to one, is none.
    """
    leaks = _Search(content, "", 0, _Effort()).leaks()
    found = {(leak.line, leak.what, leak.exposure): leak for leak in leaks}
    return tuple(sorted(found.values(), key=lambda leak: (leak.line, leak.what)))


class _Effort:
    """What is left to spend on one file: bytes to unpack, and bytes to open as a key."""

    def __init__(self) -> None:
        self.unpacking = Bounds(passwords=0, sizes=SEARCHED)
        self.left_to_open = MOST_OPENED

    def may_open(self, size: int) -> bool:
        """Spend what opening so many bytes takes; say whether there was enough."""
        self.left_to_open -= max(size, LEAST_OPENED)
        return self.left_to_open >= 0


class _Search:
    """The search of one piece of content; `trail` says what it was taken out of, `depth` how often."""

    def __init__(self, content: bytes, trail: str, depth: int, effort: _Effort) -> None:
        self._content = content
        self._trail = trail
        self._depth = depth
        self._effort = effort
        self._text = unescape(content)

    def leaks(self) -> Iterator[Leak]:
        """Yield what is found; a line is that of the outermost file."""
        begins_as = beginning(self._content)
        if begins_as is Form.KEYSTORE:
            yield from self._opened(self._content, 1)
        elif begins_as in ARCHIVES and self._depth == DEEPEST:
            yield self._leak(Exposure.UNSEARCHED, f"lies in more than {DEEPEST} archives or encodings", 1)
        elif begins_as in ARCHIVES:
            for member in members(self._content, begins_as, self._effort.unpacking):
                yield from self._in_member(member)
        else:
            yield from self._in_binary()
            yield from self._in_text()
            if self._depth < DEEPEST:
                yield from self._in_encodings()

    def _in_member(self, member: Entry) -> Iterator[Leak]:
        if not isinstance(member.content, NotReadError):
            yield from self._inside(member.content, member.name, 1)
        elif member.content.kind is not RefusalKind.NOT_A_FILE:
            name = f"{member.name}, which " if member.name else ""
            yield self._leak(Exposure.UNSEARCHED, f"{name}{member.content}", 1)

    def _in_binary(self) -> Iterator[Leak]:
        judged = 0
        for start, end in der_candidates(self._content):
            if start < judged:
                continue  # a part of what was judged as a whole
            leaks = list(self._opened(self._content[start:end], self._content.count(b"\n", 0, start) + 1))
            judged = end if leaks else judged
            yield from leaks

    def _in_text(self) -> Iterator[Leak]:
        for found in pem_keys(self._text):
            line = self._line(found.start)
            leaks = list(self._opened(found.block, line))
            if all(leak.exposure is Exposure.LOCKED for leak in leaks):
                leaks = list(self._opened(found.freed, line)) or leaks
            yield from leaks
        for start, word in identities(self._text):
            if _is_identity(word):
                yield self._leak(Exposure.IDENTITY, "an age identity", self._line(start))
        for start, kind, locked in putty_keys(self._text):
            exposure = Exposure.LOCKED if locked else Exposure.CLEAR
            yield self._leak(exposure, f"a PuTTY key ({kind})", self._line(start))
        for start in json_web_keys(self._text):
            yield self._leak(Exposure.CLEAR, "a JSON Web Key with its private part", self._line(start))
        for start, form in spelled_out(self._text):
            what = f"the numbers of a private key, {form}"
            yield self._leak(Exposure.CLEAR, what, self._line(start))

    def _in_encodings(self) -> Iterator[Leak]:
        for start, decoded in base64_runs(self._without_pem()):
            yield from self._inside(decoded, "base64", self._line(start))
        for start, decoded in hexadecimal_runs(self._text):
            yield from self._inside(decoded, "hexadecimal digits", self._line(start))

    def _without_pem(self) -> bytes:
        """Return the text with blanks for what was judged as PEM."""
        parts, at = [], 0
        for found in pem_keys(self._text):
            parts += [self._text[at : found.start], b" " * (found.end - found.start)]
            at = found.end
        return b"".join((*parts, self._text[at:]))

    def _inside(self, content: bytes, name: str, line: int) -> Iterator[Leak]:
        for leak in _Search(content, f"{self._trail}{name}: ", self._depth + 1, self._effort).leaks():
            yield replace(leak, line=line)

    def _opened(self, content: bytes, line: int) -> Iterator[Leak]:
        """Yield the keys in what begins like one, or like a keystore."""
        if not self._effort.may_open(len(content)):
            yield self._leak(Exposure.UNSEARCHED, "has more that begins like a key than is opened", 1)
            return
        bounds = Bounds(PASSWORDS_OF_WORK, SEARCHED)
        contents = read_contents([GivenFile("", content)], COMMON_PASSWORDS, bounds)
        for key in contents.keys:
            yield self._leak(_exposure(key), _describe(key.key), line)
        if not contents.keys and any(each.kind in LOCKED for each in contents.refusals):
            yield self._leak(Exposure.LOCKED, "a private key or a keystore", line)

    def _leak(self, exposure: Exposure, what: str, line: int) -> Leak:
        return Leak(exposure, what, line, self._trail.removesuffix(": "))

    def _line(self, start: int) -> int:
        """Return the line of an offset in the text, whose lines are those of the content."""
        return bisect_left(self._line_ends, start) + 1

    @cached_property
    def _line_ends(self) -> list[int]:
        return [match.start() for match in re.finditer(rb"\n", self._text)]


def _exposure(found: FoundKey) -> Exposure:
    if found.key is None:
        return Exposure.LOCKED
    return Exposure.GUESSED if found.protected else Exposure.CLEAR


def _describe(key: PrivateKeyTypes | None) -> str:
    """Return what a key is: its kind and size, and by which digits its public half is known."""
    if key is None:
        return "a private key"
    kind = type(key).__name__.removesuffix("PrivateKey").strip("_")
    if isinstance(key, rsa.RSAPrivateKey):
        kind = f"RSA {key.key_size}"
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        kind = f"EC {key.curve.name}"
    return f"a private key ({kind}, SPKI {spki_sha256(key.public_key())[:SHOWN_DIGITS]})"


def _is_identity(word: str) -> bool:
    """Say whether a word is an age identity: its checksum holds (BIP 173)."""
    try:
        pyrage.x25519.Identity.from_str(word)
    except pyrage.IdentityError:
        return False
    return True
