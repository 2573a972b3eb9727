"""What stands for bytes in text: escapes, base64 and hexadecimal digits, wherever they stand."""

from __future__ import annotations

import re
from base64 import b64decode, urlsafe_b64decode
from binascii import Error
from collections.abc import Iterator
from contextlib import suppress

ESCAPES = (
    (b"\\r", b""),
    (b"\\n", b"\r"),
    (b"`n", b"\r"),
    (b"\\u000a", b"\r"),
    (b"\\u002b", b"+"),
    (b"\\u003d", b"="),
    (b"\\/", b"/"),
    (b'\\"', b'"'),
    (b"%0D", b""),
    (b"%0A", b"\r"),
    (b"%20", b" "),
    (b"%2B", b"+"),
    (b"%2F", b"/"),
    (b"%3D", b"="),
)
"""What JSON, shells, source code and forms write in the place of characters of a key.

A written line end becomes a carriage return: the lines of the file stay as they are counted."""

# Runs of base64 and what parts its lines in mails, YAML, source code and tables; the classes share no
# character, so that the search is linear.
RUN = re.compile(rb"[A-Za-z0-9+/]{30,}(?:[\s\"'>|,;\\.]{1,12}[A-Za-z0-9+/]+)*")
PARTING = re.compile(rb"[\s\"'>|,;\\.]+")
URL_SAFE = re.compile(rb"[A-Za-z0-9_-]{60,}")
"""What RFC 4648 5 makes: it stands in one line."""

KEY_BEGINS = re.compile(
    rb"(?<![A-Za-z0-9+/])(?:MII[\w+/]{3}IB|MII[\w+/]{5}Bgkqhki|MI[GH][\w+/]AgE|M[A-H][\w+/]CAQ"
    rb"|LS0tLS1CRUdJTi|TFMwdExTMUNSVWRKV|UEsDB|H4sIA|QlpoO|/Td6WFo|/u3\+7Q|zs7Ozg)"
)
"""How words of base64 begin that are a key or hold one: DER, PEM, base64 of PEM, archives, keystores.

Another word before such a one is no part of it: a path, a name, the value above."""

SHORTEST_RUN = 60
"""Characters: the shortest private key, PKCS#8 of Ed25519, has 64."""

_BETWEEN = rb"(?:[\s,:;\"'+-]|\\x?|0x){0,10}+"
_OCTET = _BETWEEN + rb"[0-9A-Fa-f]{2}"
_BEGINNING = rb"30" + _BETWEEN + rb"(?:[2-7][0-9A-Fa-f]|81%b|82%b%b)" % (_OCTET, _OCTET, _OCTET) + _BETWEEN
_VERSION = _BETWEEN.join((rb"(?:02", rb"01", rb"0[013]"))
_ALGORITHM = _BETWEEN.join((rb"30", rb"[0-9A-Fa-f]{2}", rb"06", rb"09", rb"2[aA])"))
HEXADECIMAL = re.compile(rb"%b%b|%b(?:%b){38,}+" % (_BEGINNING, _VERSION, _ALGORITHM, _OCTET))
"""A key in DER as a registry file, a program or a database writes it: how one begins, and what follows."""
HEXADECIMAL_PARTING = re.compile(rb"0x|[^0-9A-Fa-f]+")


def unescape(content: bytes) -> bytes:
    """Return text with the escapes of line ends undone, and UTF-16 as UTF-8; other bytes as they are."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"} or content[1:2] == b"\x00" or content[:1] == b"\x00":
        content = content.replace(b"\x00", b"")
    for escaped, plain in ESCAPES:
        for spelling in {escaped, escaped.lower()}:
            if spelling in content:
                content = content.replace(spelling, plain)
    return content


def base64_runs(text: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield where each long run of base64 begins, and what it decodes to.

    Words that stand behind it may be taken for a part of it: what they decode to follows the key.
    """
    for match in RUN.finditer(text):
        starts = [each.start() for each in KEY_BEGINS.finditer(match[0])]
        for start, end in zip([0, *starts], [*starts, len(match[0])], strict=True):
            digits = PARTING.sub(b"", match[0][start:end])
            if len(digits) < SHORTEST_RUN:
                continue
            digits = digits[:-1] if len(digits) % 4 == 1 else digits
            with suppress(Error):
                yield match.start() + start, b64decode(digits + b"=" * (-len(digits) % 4))
    for match in URL_SAFE.finditer(text):
        if b"-" in match[0] or b"_" in match[0]:
            with suppress(Error):
                yield match.start(), urlsafe_b64decode(match[0] + b"=" * (-len(match[0]) % 4))


def hexadecimal_runs(text: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield where each long run of hexadecimal digits begins, and the bytes that they are."""
    for match in HEXADECIMAL.finditer(text):
        yield match.start(), bytes.fromhex(HEXADECIMAL_PARTING.sub(b"", match[0]).decode())
