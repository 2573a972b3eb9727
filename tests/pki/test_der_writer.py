"""DER that is written, judged by another reader."""

from __future__ import annotations

import pytest
from asn1crypto import core

from sitecert.pki.der import read_element, read_object_identifier
from sitecert.pki.der_writer import (
    write_integer,
    write_object_identifier,
    write_octet_string,
    write_sequence,
)


@pytest.mark.parametrize("value", [0, 1, 127, 128, 255, 256, 32767, 32768, 600_000, 2**64])
def test_an_integer_is_read_back(value: int) -> None:
    """In the fewest octets, and never as a negative one (X.690 8.3)."""
    written = write_integer(value)
    assert core.Integer.load(written, strict=True).native == value
    assert written == core.Integer(value).dump()


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65535, 65536])
def test_lengths_are_read_back(size: int) -> None:
    """Short and long forms (X.690 8.1.3, 10.1), by asn1crypto and by our own reader."""
    written = write_octet_string(bytes(size))
    assert written == core.OctetString(bytes(size)).dump()
    assert read_element(written).content == bytes(size)


@pytest.mark.parametrize(
    "dotted", ["1.2.840.113549.1.5.13", "2.16.840.1.101.3.4.1.42", "2.5.4.3", "0.9.2342.19200300.100.1.1"]
)
def test_an_object_identifier_is_read_back(dotted: str) -> None:
    """Arcs of one octet and of more (X.690 8.19)."""
    written = write_object_identifier(dotted)
    assert written == core.ObjectIdentifier(dotted).dump()
    assert read_object_identifier(read_element(written)) == dotted


def test_a_sequence_holds_its_elements_in_order() -> None:
    """One after the other, without anything between."""
    elements = (write_integer(5), write_octet_string(b"abc"))
    assert tuple(each.der for each in read_element(write_sequence(*elements)).children) == elements
