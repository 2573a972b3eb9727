"""DER and BER as they come: cut off, indefinite, with bytes behind (X.690 8.1)."""

from __future__ import annotations

from sitecert.pki.der import BIT_STRING, OBJECT_IDENTIFIER, SEQUENCE, Element, read_object_identifier
from sitecert.pki.der_writer import write_element, write_octet_string
from sitecert.pki.errors import DerError
from sitecert.pki.formats.contents import RefusalKind
from sitecert.pki.formats.errors import NotReadError

INTEGER, OCTET_STRING, CONSTRUCTED = 0x02, 0x04, 0x20
CONSTRUCTED_OCTET_STRING = OCTET_STRING | CONSTRUCTED
INDEFINITE = 0x80
INDEFINITE_MARK = bytes([INDEFINITE])
LONGEST_LENGTH = 4
"""Octets of a length: 4 GiB, far beyond any file that is read."""

DEEPEST_ELEMENT = 24
MOST_ELEMENTS = 60_000


def declared_length(data: bytes) -> int | None:
    """Return how long the element at the beginning says that it is, header included.

    None where its length is indefinite, or there is no header.
    """
    if len(data) < 2 or data[1] == INDEFINITE:  # noqa: PLR2004 - identifier and length
        return None
    if data[1] < INDEFINITE:
        return 2 + data[1]
    octets = data[1] & 0x7F
    if octets > LONGEST_LENGTH or len(data) < 2 + octets:
        return None
    return 2 + octets + int.from_bytes(data[2 : 2 + octets])


def first_children(content: bytes, most: int) -> tuple[Element, ...]:
    """Return at most `most` of the elements that stand in a row; raises DerError.

    A hostile file has half a million of them.
    """
    children: list[Element] = []
    position = 0
    while position < len(content) and len(children) < most:
        length = declared_length(content[position : position + 2 + LONGEST_LENGTH])
        if length is None or position + length > len(content):
            raise DerError("the DER is cut off")
        der = content[position : position + length]
        header = 2 if der[1] < INDEFINITE else 2 + (der[1] & 0x7F)
        children.append(Element(der[0], der[header:], der))
        position += length
    return tuple(children)


def children_of(element: Element, most: int = 64) -> tuple[Element, ...]:
    """Return the elements that a constructed element holds, at most `most`; raises DerError."""
    return first_children(element.content, most)


def element_of(data: bytes) -> Element:
    """Return the one element that bytes begin with; raises DerError."""
    found = first_children(data, 1)
    if not found:
        raise DerError("an element is missing")
    return found[0]


def identifier(element: Element | None) -> str:
    """Return the object identifier that an element is, or that a SEQUENCE begins with, or ''."""
    try:
        if element is not None and element.tag == SEQUENCE:
            element = next(iter(children_of(element, 1)), None)
        if element is None or element.tag != OBJECT_IDENTIFIER:
            return ""
        return read_object_identifier(element)
    except DerError:
        return ""


def small_integer(element: Element | None) -> int:
    """Return a number of at most eight octets; raises DerError."""
    if element is None or element.tag != INTEGER or not 0 < len(element.content) <= 8:  # noqa: PLR2004
        raise DerError("a number is missing or too large")
    return int.from_bytes(element.content, signed=True)


def shape(element: Element) -> tuple[int, ...]:
    """Return the tags of the first children, by which kinds of objects are told apart; () where damaged."""
    try:
        return tuple(each.tag for each in children_of(element, 9))
    except DerError:
        return ()


def is_public_key(element: Element) -> bool:
    """Tell a SubjectPublicKeyInfo, or an RSAPublicKey, by its shape (RFC 5280 4.1, RFC 8017 A.1.1)."""
    return shape(element) in {(SEQUENCE, BIT_STRING), (INTEGER, INTEGER)}


def to_definite(data: bytes) -> tuple[bytes, bytes]:
    """Return the first element with every length definite and every string whole, and what stands behind it.

    CMS that was written as a stream has indefinite lengths and strings in pieces (X.690 8.1.3.6, 8.7.3).
    What is definite already keeps its bytes: a certificate's signature is over them. Raises NotReadError.
    """
    try:
        rebuilt, end = _Rebuilding(data).element(0, len(data), 0)
    except (DerError, IndexError) as error:
        raise NotReadError(RefusalKind.DAMAGED, "is damaged: its ASN.1 cannot be read") from error
    return rebuilt, data[end:]


class _Rebuilding:
    """One pass over BER."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = MOST_ELEMENTS

    def element(self, start: int, limit: int, depth: int) -> tuple[bytes, int]:
        """Return the element at `start` rebuilt, and where the next one begins."""
        self._left -= 1
        if depth > DEEPEST_ELEMENT or self._left < 0:
            raise NotReadError(RefusalKind.TOO_DEEP, "is ASN.1 nested deeper than any certificate")
        tag = self._data[start]
        if self._data[start + 1] == INDEFINITE:
            parts, end = self._until_end(start + 2, limit, depth)
            return _joined(tag, parts), end
        length = declared_length(self._data[start : min(start + 2 + LONGEST_LENGTH, limit)])
        if length is None or start + length > limit:
            raise DerError("the DER is cut off")
        end = start + length
        if not tag & CONSTRUCTED or INDEFINITE_MARK not in self._data[start:end]:
            return self._data[start:end], end
        return self._definite(tag, start, end, depth), end

    def _until_end(self, position: int, limit: int, depth: int) -> tuple[list[bytes], int]:
        """Return the parts up to the end-of-contents octets (X.690 8.1.5), and where they end."""
        parts = []
        while self._data[position : position + 2] != b"\0\0":
            if position >= limit:
                raise DerError("the BER is cut off")
            part, position = self.element(position, limit, depth + 1)
            parts.append(part)
        return parts, position + 2

    def _definite(self, tag: int, start: int, end: int, depth: int) -> bytes:
        position = start + (2 if self._data[start + 1] < INDEFINITE else 2 + (self._data[start + 1] & 0x7F))
        first, parts = position, []
        while position < end:
            part, position = self.element(position, end, depth + 1)
            parts.append(part)
        if b"".join(parts) == self._data[first:end] and tag != CONSTRUCTED_OCTET_STRING:
            return self._data[start:end]
        return _joined(tag, parts)


def _joined(tag: int, parts: list[bytes]) -> bytes:
    if tag == CONSTRUCTED_OCTET_STRING:
        return write_octet_string(b"".join(element_of(part).content for part in parts))
    return write_element(tag, *parts)
