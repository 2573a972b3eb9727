"""A writer of DER, for the few structures that cryptography does not make as they are needed."""

from __future__ import annotations

from sitecert.pki.der import LONG_LENGTH, OBJECT_IDENTIFIER, SEQUENCE

INTEGER = 0x02
OCTET_STRING = 0x04


def write_element(tag: int, *contents: bytes) -> bytes:
    """Return an element whose content is `contents`, one after the other (X.690 8.1, 10.1)."""
    content = b"".join(contents)
    length = len(content)
    if length < LONG_LENGTH:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes([tag, LONG_LENGTH | len(octets)]) + octets + content


def write_sequence(*elements: bytes) -> bytes:
    """Return a SEQUENCE of elements."""
    return write_element(SEQUENCE, *elements)


def write_integer(value: int) -> bytes:
    """Return an INTEGER that is not negative (X.690 8.3): its first bit is 0."""
    return write_element(INTEGER, value.to_bytes(value.bit_length() // 8 + 1))


def write_octet_string(content: bytes) -> bytes:
    """Return an OCTET STRING."""
    return write_element(OCTET_STRING, content)


def write_object_identifier(dotted: str) -> bytes:
    """Return an object identifier that is given in dots (X.690 8.19)."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    return write_element(OBJECT_IDENTIFIER, *map(_arc, (40 * first + second, *rest)))


def _arc(value: int) -> bytes:
    """Return one arc in base 128, every octet but the last with its first bit set."""
    octets = [value & 0x7F]
    while value := value >> 7:
        octets.append(value & 0x7F | 0x80)
    return bytes(reversed(octets))
