"""A reader of DER's structure, for what has to be shown and compared exactly as it stands.

cryptography hides the string type of a name's values, and refuses a whole name for one string that it
does not know. A reviewer has to see what is there, above all where it is odd.
"""

from __future__ import annotations

from dataclasses import dataclass

from sitecert.pki.errors import DerError

BOOLEAN = 0x01
BIT_STRING = 0x03
OBJECT_IDENTIFIER = 0x06
SEQUENCE = 0x30
SET = 0x31
DNS_NAME = 0x82
IP_NAME = 0x87

LONG_TAG = 0x1F
"""X.690 8.1.2.4: the tag goes on in further octets, which X.509 never needs."""

LONG_LENGTH = 0x80
"""X.690 8.1.3.5: the length stands in further octets."""

LONGEST_IDENTIFIER = 64
"""Octets: longer object identifiers are made to hurt."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its identifier octet, its content, and all of it with the header (`der`)."""

    tag: int
    content: bytes
    der: bytes

    @property
    def children(self) -> tuple[Element, ...]:
        """The elements that the content consists of; raises DerError where it does not."""
        return read_elements(self.content)


def read_element(data: bytes) -> Element:
    """Read bytes that are exactly one element; raises DerError."""
    elements = read_elements(data)
    if len(elements) != 1:
        raise DerError(f"{len(elements)} DER elements stand where one belongs")
    return elements[0]


def read_elements(data: bytes) -> tuple[Element, ...]:
    """Read bytes that are a row of elements, one after the other; raises DerError."""
    elements = []
    position = 0
    while position < len(data):
        content_start, end = _extent(data, position)
        elements.append(Element(data[position], data[content_start:end], data[position:end]))
        position = end
    return tuple(elements)


def _extent(data: bytes, start: int) -> tuple[int, int]:
    """Return where the content of the element at `start` begins and ends (X.690 8.1.3, 10.1)."""
    if data[start] & LONG_TAG == LONG_TAG or start + 2 > len(data):
        raise DerError("the DER is damaged")
    length, content_start = data[start + 1], start + 2
    if length >= LONG_LENGTH:
        octets = data[content_start : content_start + length - LONG_LENGTH]
        content_start += length - LONG_LENGTH
        length = int.from_bytes(octets)
        if length < LONG_LENGTH or octets[0] == 0:
            raise DerError("a length is not DER")
    if content_start + length > len(data):
        raise DerError("the DER is cut off")
    return content_start, content_start + length


def read_object_identifier(element: Element) -> str:
    """Return an object identifier in dots (X.690 8.19); raises DerError."""
    octets = element.content
    if element.tag != OBJECT_IDENTIFIER or not 0 < len(octets) <= LONGEST_IDENTIFIER or octets[-1] & 0x80:
        raise DerError("an object identifier is damaged")
    arcs, arc = [], 0
    for octet in octets:
        arc = arc << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(str(each) for each in (first, arcs[0] - 40 * first, *arcs[1:]))
