"""Private keys in binary: DER, wherever it begins."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A key in DER begins with SEQUENCE, its length and a version; what follows the version tells the kinds apart
# (RFC 8017 A.1.2, RFC 5208 5, RFC 5958 2, RFC 5915 3, RFC 7292 4). These octets are looked for first: they
# stand a few behind the beginning, and a search for fixed octets is as quick as memory.
VERSIONS = (
    b"\x02\x01\x00\x02",  # PKCS#1
    b"\x02\x01\x01\x02",  # PKCS#1 with more than two primes
    b"\x02\x01\x00\x30",  # PKCS#8
    b"\x02\x01\x01\x30",  # PKCS#8 version 2, with the public key
    b"\x02\x01\x01\x04",  # SEC1
    b"\x02\x01\x03\x30",  # PKCS#12
)
ENCRYPTED = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05"
"""The beginning of PKCS#5's algorithms: an EncryptedPrivateKeyInfo says one of them first (RFC 8018 A)."""

ENCRYPTED_PBE = b"\x06\x0a\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01"
"""The same of PKCS#12's algorithms (RFC 7292 C)."""

HEADER = re.compile(
    rb"\x30(?:[\x20-\x7f]|\x81[\x80-\xff]|\x82[\x01-\xff].|\x83[\x01-\x0f]..|\x80)", re.DOTALL
)
LONGEST_HEADER = 5
LONG_LENGTH = 0x80
"""X.690 8.1.3.5: the length stands in further octets."""


def der_candidates(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield where a private key or a PKCS#12 in DER could begin, and where it would end, in order."""
    found = {start for version in VERSIONS for start in _beginnings(content, version, nested=0)}
    for algorithm in (ENCRYPTED, ENCRYPTED_PBE):
        found.update(_beginnings(content, algorithm, nested=1))
    for start in sorted(found):
        end = _end(content, start)
        if end <= len(content):
            yield start, end


def _end(content: bytes, start: int) -> int:
    """Return where the element at `start` ends by its header; one of indefinite length, with the content."""
    first = content[start + 1]
    if first < LONG_LENGTH:
        return start + 2 + first
    count = first & ~LONG_LENGTH
    length = int.from_bytes(content[start + 2 : start + 2 + count])
    return start + 2 + count + length if count else len(content)


def _beginnings(content: bytes, octets: bytes, nested: int) -> Iterator[int]:
    """Yield where the SEQUENCE begins that these octets open, `nested` sequences deeper than its content."""
    at = content.find(octets)
    while at >= 0:
        start: int | None = at
        for _ in range(nested + 1):
            start = _header_before(content, start) if start is not None else None
        if start is not None:
            yield start
        at = content.find(octets, at + 1)


def _header_before(content: bytes, end: int) -> int | None:
    for size in range(2, LONGEST_HEADER + 1):
        start = end - size
        if start >= 0 and (match := HEADER.match(content, start)) and match.end() == end:
            return start
    return None
