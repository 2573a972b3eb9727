"""Private keys that text spells out in its own way: age, PuTTY, JSON, XML, what openssl prints."""

from __future__ import annotations

import re
from collections.abc import Iterator

IDENTITY_WORDS = b"AGE-SECRET-KEY-1"
IDENTITY = re.compile(rb"AGE-SECRET-KEY-1[A-Z0-9]{58}")

PUTTY_WORDS = b"PuTTY-User-Key-File-"
PUTTY = re.compile(rb"PuTTY-User-Key-File-[1-3]: (?P<kind>[a-z0-9-]+)\r?\nEncryption: (?P<how>\S+)\r?\n")
PUTTY_PRIVATE = b"\nPrivate-Lines: "
LARGEST_PUTTY = 64 << 10
"""Bytes from the head of a PuTTY key to its private part: the public part of 16,384 bits has 3 KiB."""

JWK_WORDS = b'"kty"'
JSON_OBJECT = re.compile(rb"\{[^{}]{1,16000}\}")
JWK_EXPONENT = re.compile(rb'"d"\s*:\s*"[A-Za-z0-9_-]{40,2000}"')

NUMBERS = (
    (re.compile(rb"\b(?:privateExponent|priv):[\s>|]+(?:[0-9a-f]{2}:[\s>|]*){19}"), "as openssl prints them"),
    (re.compile(rb"<D>[A-Za-z0-9+/=\s]{80,}+</D>"), "in XML"),
)
"""Private numbers as `openssl pkey -text` and .NET (XML Signature 4.4.2.2) write them."""


def identities(text: bytes) -> Iterator[tuple[int, str]]:
    """Yield where something that looks like an age identity begins, and the word."""
    if IDENTITY_WORDS in text:
        for match in IDENTITY.finditer(text):
            yield match.start(), match[0].decode()


def putty_keys(text: bytes) -> Iterator[tuple[int, str, bool]]:
    """Yield where a PuTTY key begins, its kind, and whether it is under a passphrase."""
    if PUTTY_WORDS not in text:
        return
    for match in PUTTY.finditer(text):
        limit = match.end() + LARGEST_PUTTY
        following = text.find(PUTTY_WORDS, match.end(), limit)
        if text.find(PUTTY_PRIVATE, match.end(), following if following >= 0 else limit) >= 0:
            yield match.start(), match["kind"].decode(), match["how"] != b"none"


def json_web_keys(text: bytes) -> Iterator[int]:
    """Yield where a JSON Web Key with a private part begins (RFC 7517, RFC 7518 6.2.2 and 6.3.2)."""
    if JWK_WORDS in text:
        for match in JSON_OBJECT.finditer(text):
            if JWK_WORDS in match[0] and JWK_EXPONENT.search(match[0]):
                yield match.start()


def spelled_out(text: bytes) -> Iterator[tuple[int, str]]:
    """Yield where the private numbers of a key are written out, and in which form."""
    for numbers, form in NUMBERS:
        yield from ((match.start(), form) for match in numbers.finditer(text))
