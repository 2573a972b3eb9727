"""Private keys in text: PEM and its kin, and base64 wherever it stands."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

PEM_WORDS = b"PRIVATE KEY"
PEM_BEGIN = re.compile(rb"-----BEGIN (?P<label>(?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?)-----")
LARGEST_PEM = 64 << 10
"""Bytes: a key of 16,384 bits has 13 KiB."""

IDENTITY_WORDS = b"AGE-SECRET-KEY-1"
IDENTITY = re.compile(rb"AGE-SECRET-KEY-1[A-Z0-9]{58}")
PUTTY_WORDS = b"PuTTY-User-Key-File-"
PUTTY = re.compile(
    rb"PuTTY-User-Key-File-[1-3]: (?P<kind>[a-z0-9-]+)\r?\nEncryption: (?P<how>\S+)\r?\n"
    rb"(?:[^\n]*\r?\n){1,500}?Private-Lines: [1-9]"
)
JWK_WORDS = b'"kty"'
JWK = re.compile(rb'\{[^{}]{0,8000}"d"\s*:\s*"(?P<exponent>[A-Za-z0-9_-]{40,2000})"[^{}]{0,8000}\}')

DUMP_WORDS = b"privateExponent:"
DUMP = re.compile(rb"privateExponent:[\s>|]+(?:[0-9a-f]{2}:[\s>|]*){40}")
"""What `openssl rsa -text` prints of a private key."""

XML_WORDS = b"<RSAKeyValue>"
XML = re.compile(rb"<RSAKeyValue>[^\0]{0,8000}?<D>[A-Za-z0-9+/=\s]{80,}</D>")
"""What .NET writes of one (XML Signature 4.4.2.2, with the private parts)."""

ESCAPES = ((b"\\r", b""), (b"\\n", b"\r"), (b"\\/", b"/"), (b"\\u002b", b"+"), (b"\\u003d", b"="))
"""What JSON, shells and source code write in the place of characters of a key.

A written line end becomes a carriage return: the lines of the file stay as they are counted."""

# Runs of base64 and what parts its lines in mails, YAML, source code and tables; the classes share no
# character, so that the search is linear.
RUN = re.compile(rb"[A-Za-z0-9+/]{30,}(?:[\s\"'>|,;\\.]{1,12}[A-Za-z0-9+/]+)*")
PARTING = re.compile(rb"[\s\"'>|,;\\.]+")
SHORTEST_RUN = 60
"""Characters: the shortest private key, PKCS#8 of Ed25519, has 64."""


class PemKey(NamedTuple):
    """A PEM block that says it is a private key: where it begins, its label, and all of it, if it ends."""

    start: int
    label: str
    block: bytes


def unescape(content: bytes) -> bytes:
    """Return text with the escapes of line ends undone, and UTF-16 as UTF-8; other bytes as they are."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"} or content[1:2] == b"\x00" or content[:1] == b"\x00":
        content = content.replace(b"\x00", b"")
    for escaped, plain in ESCAPES:
        if escaped in content:
            content = content.replace(escaped, plain)
    return content


def pem_keys(text: bytes) -> Iterator[PemKey]:
    """Yield every block whose label is a private key's, with what stands up to its end line."""
    if PEM_WORDS not in text:
        return
    for match in PEM_BEGIN.finditer(text):
        end_line = b"-----END " + match["label"] + b"-----"
        end = text.find(end_line, match.end(), match.end() + LARGEST_PEM)
        block = text[match.start() : end + len(end_line)] + b"\n" if end >= 0 else b""
        yield PemKey(match.start(), match["label"].decode(), block)


def identities(text: bytes) -> Iterator[tuple[int, str]]:
    """Yield where something that looks like an age identity begins, and the word."""
    if IDENTITY_WORDS in text:
        for match in IDENTITY.finditer(text):
            yield match.start(), match[0].decode()


def putty_keys(text: bytes) -> Iterator[tuple[int, str, bool]]:
    """Yield where a PuTTY key begins, its kind, and whether it is under a passphrase."""
    if PUTTY_WORDS in text:
        for match in PUTTY.finditer(text):
            yield match.start(), match["kind"].decode(), match["how"] != b"none"


def json_web_keys(text: bytes) -> Iterator[int]:
    """Yield where a JSON Web Key with a private part begins (RFC 7517, RFC 7518 6.2.2 and 6.3.2)."""
    if JWK_WORDS in text:
        for match in JWK.finditer(text):
            if JWK_WORDS in match[0]:
                yield match.start()


def spelled_out(text: bytes) -> Iterator[tuple[int, str]]:
    """Yield where the numbers of an RSA key are written out, private ones among them, and in which form."""
    for words, form, name in ((DUMP_WORDS, DUMP, "as openssl prints it"), (XML_WORDS, XML, "in XML")):
        if words in text:
            yield from ((match.start(), name) for match in form.finditer(text))


def base64_runs(text: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield where each long run of base64 begins, and what it decodes to.

    Words that stand behind it may be taken for a part of it: what they decode to follows the key.
    """
    for match in RUN.finditer(text):
        digits = PARTING.sub(b"", match[0])
        if len(digits) < SHORTEST_RUN:
            continue
        digits = digits[:-1] if len(digits) % 4 == 1 else digits
        with suppress(Error):
            yield match.start(), b64decode(digits + b"=" * (-len(digits) % 4))
