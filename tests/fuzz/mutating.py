"""Changes to a file, of the kinds that break readers."""

from __future__ import annotations

import random

INTERESTING = (
    b"\0",
    b"\xff",
    b"\x80",
    b"\x7f",
    b"\x30\x80",
    b"\x30\x84\x7f\xff\xff\xff",
    b"\0\0\0\0",
    b"\xff" * 4,
)
WORDS = (
    b"-----BEGIN CERTIFICATE-----\n",
    b"-----END CERTIFICATE-----",
    b"-----BEGIN ",
    b"-----",
    b"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n",
    b"&#45;",
    b"<br>",
    b"=3D",
    b"=\n",
    b"\\n",
    b"> ",
    b"\r",
    b"\xc2\xa0",
    b"\xe2\x80\x94",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"\xfe\xed\xfe\xed",
    bytes.fromhex("06092a864886f70d010702"),
    bytes.fromhex("060b2a864886f70d010c0a0102"),
    bytes.fromhex("02047fffffff"),
)


def mutate(content: bytes, others: tuple[bytes, ...], choice: random.Random) -> bytes:
    """Return a content with one to six changes."""
    changed = bytearray(content)
    for _ in range(choice.randint(1, 6)):
        _change(changed, others, choice)
    return bytes(changed[: 1 << 20])


def _change(content: bytearray, others: tuple[bytes, ...], choice: random.Random) -> None:
    at = choice.randrange(len(content) + 1)
    match choice.randrange(8):
        case 0 if content:
            at %= len(content)
            content[at] ^= 1 << choice.randrange(8)
        case 1:
            content[at : at + 1] = bytes([choice.randrange(256)])
        case 2:
            content[at : at + choice.randint(1, 64)] = b""
        case 3:
            content[at:at] = choice.choice(WORDS)
        case 4:
            word = choice.choice(INTERESTING)
            content[at : at + len(word)] = word
        case 5:
            end = min(len(content), at + choice.randint(1, 200))
            content[at:at] = content[at:end] * choice.choice((1, 2, 40))
        case 6:
            other = choice.choice(others)
            start = choice.randrange(len(other) + 1)
            content[at:at] = other[start : start + choice.randint(1, 400)]
        case _:
            del content[at:]
