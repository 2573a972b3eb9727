"""Private keys in PEM, however their lines were written down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# A form that a browser sent has `+` for a space (URL Standard, application/x-www-form-urlencoded).
BEGIN = re.compile(rb"-----BEGIN[ +](?P<label>(?:[A-Z0-9]+[ +]){0,3}PRIVATE[ +]KEY(?:[ +]BLOCK)?)-----")
ANY_BEGIN = b"-----BEGIN"
ANY_END = b"-----END"
LARGEST = 64 << 10
"""Bytes: a key of 16,384 bits has 13 KiB."""

SHORTEST_LINE = 20
"""Characters: the longest line of a key has 64, or 76; an example of one has dots."""

WORD = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
HEADER = re.compile(rb"Proc-Type: 4,ENCRYPTED|DEK-Info: [A-Z0-9-]+,[0-9A-F]+")
"""What stands before the base64 of a key that is under a password (RFC 1421 4.6)."""


class PemKey(NamedTuple):
    """A block that says it is a private key: where it begins and ends in the text, and what it holds.

    `freed` is the block without what stands around each of its lines: the time in a log, the sign in a
    diff, the quotes in a program.
    """

    start: int
    end: int
    block: bytes
    freed: bytes


def pem_keys(text: bytes) -> Iterator[PemKey]:
    """Yield every block whose label is a private key's and that ends before another begins."""
    if ANY_BEGIN not in text:
        return
    for match in BEGIN.finditer(text):
        limit = match.end() + LARGEST
        following = text.find(ANY_BEGIN, match.end(), limit)
        end = text.find(ANY_END, match.end(), following if following >= 0 else limit)
        if end < 0:
            continue
        body, label = text[match.end() : end], match["label"].replace(b"+", b" ")
        if max(map(len, WORD.findall(body)), default=0) < SHORTEST_LINE:
            continue
        before = text[max(0, match.start() - LARGEST) : match.start()].rpartition(b"\n")[2]
        yield PemKey(match.start(), end, _block(label, body), _block(label, _freed(body, before)))


def _block(label: bytes, body: bytes) -> bytes:
    return b"-----BEGIN %b-----%b-----END %b-----\n" % (label, body, label)


def _freed(body: bytes, before: bytes) -> bytes:
    """Return the headers and the base64 of a block whose first line has `before` in front of its BEGIN."""
    headers = HEADER.findall(body)
    lines = body.split(b"\n")[1:-1]  # what follows BEGIN and what precedes END in their own lines is neither
    words = [_payload(line, before) for line in lines if not HEADER.search(line)] or WORD.findall(body)
    return b"\n".join((b"", *headers, b"", *words, b"") if headers else (b"", *words, b""))


def _payload(line: bytes, before: bytes) -> bytes:
    """Return what a line has of a key: what stands where BEGIN stood in its line, or its longest word."""
    column = len(before)
    at_column = WORD.match(line, column)
    if not line[column:].strip():
        return b""
    if at_column and (line.startswith(before) or not WORD.match(line, column - 1)):
        return at_column[0]
    return max(WORD.findall(line), key=len, default=b"")
