"""The reader of DER's structure."""

from __future__ import annotations

import pytest
from asn1crypto import core
from hypothesis import given
from hypothesis import strategies as st

from sitecert.pki.der import read_element, read_elements, read_object_identifier
from sitecert.pki.errors import DerError


@given(st.lists(st.binary(max_size=400), max_size=5))
def test_what_asn1crypto_writes_is_read(values: list[bytes]) -> None:
    """Elements come back in order, with short and long lengths."""
    der = core.SequenceOf(values, spec=core.OctetString).dump()
    assert [each.content for each in read_element(der).children] == values
    assert b"".join(each.der for each in read_element(der).children) == read_element(der).content


@given(
    st.tuples(
        st.sampled_from(["0", "1", "2"]), st.integers(0, 39), st.lists(st.integers(0, 1 << 70), max_size=5)
    )
)
def test_object_identifiers_are_those_of_asn1crypto(arcs: tuple[str, int, list[int]]) -> None:
    """Large arcs too."""
    dotted = ".".join(str(arc) for arc in (*arcs[:2], *arcs[2]))
    assert read_object_identifier(read_element(core.ObjectIdentifier(dotted).dump())) == dotted


@pytest.mark.parametrize(
    "damaged",
    ["30", "3001", "308005000000", "308103020101", "30820003020101", "1f8101", "3082ffff00", "0500 0500"],
)
def test_what_is_not_der_is_refused(damaged: str) -> None:
    """Cut off, indefinite, not minimal, long tags, and two elements where one belongs."""
    with pytest.raises(DerError):
        read_element(bytes.fromhex(damaged))


@pytest.mark.parametrize("damaged", ["0600", "060180", f"0641{'81' * 64}01", "0500"])
def test_what_is_no_object_identifier_is_refused(damaged: str) -> None:
    """Empty, unfinished, endless, or something else."""
    with pytest.raises(DerError):
        read_object_identifier(read_element(bytes.fromhex(damaged)))


@given(st.binary(max_size=300))
def test_any_octets_are_read_or_refused(octets: bytes) -> None:
    """What is read is all of what was given, and nothing else is ever raised."""
    try:
        elements = read_elements(octets)
    except DerError:
        return
    assert b"".join(each.der for each in elements) == octets
