"""BER with indefinite lengths against asn1crypto, which wrote it."""

from __future__ import annotations

import pytest
from asn1crypto import cms, core
from hypothesis import given
from hypothesis import strategies as st

from sitecert.pki.formats.ber import to_definite
from sitecert.pki.formats.contents import RefusalKind
from sitecert.pki.formats.errors import NotReadError


def indefinite(tag: int, *parts: bytes) -> bytes:
    """Return an element of indefinite length."""
    return bytes([tag, 0x80]) + b"".join(parts) + b"\0\0"


PIECES = st.lists(st.binary(max_size=40), min_size=1, max_size=5)


@given(PIECES)
def test_a_string_in_pieces_becomes_whole(pieces: list[bytes]) -> None:
    """asn1crypto reads the same string in what was made of it."""
    parts = [core.OctetString(piece).dump() for piece in pieces]
    whole, rest = to_definite(indefinite(0x24, *parts) + b"behind")
    assert core.OctetString.load(whole, strict=True).native == b"".join(pieces)
    assert rest == b"behind"


@given(PIECES)
def test_definite_elements_keep_their_bytes(pieces: list[bytes]) -> None:
    """A signature over an element inside still verifies."""
    inner = [core.OctetString(piece).dump() for piece in pieces]
    kept = core.Sequence.load(b"\x30\x82" + len(b"".join(inner)).to_bytes(2) + b"".join(inner)).dump()
    whole, _ = to_definite(indefinite(0x30, kept, indefinite(0x31, kept)))
    assert whole.count(kept) == 2
    assert b"\x30\x80" not in whole.replace(kept, b"")


def test_signed_data_as_a_stream() -> None:
    """asn1crypto reads the rebuilt ContentInfo strictly."""
    data = indefinite(
        0xA0, indefinite(0x24, core.OctetString(b"one").dump(), core.OctetString(b"two").dump())
    )
    stream = indefinite(0x30, cms.ContentType("data").dump(), data)
    assert cms.ContentInfo.load(to_definite(stream)[0], strict=True)["content"].native == b"onetwo"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x30\x80" * 30, RefusalKind.TOO_DEEP),
        (b"\x30\x80\x04\x01", RefusalKind.DAMAGED),
        (b"\x30\x80\x04\x05abc\0\0", RefusalKind.DAMAGED),
        (b"\x30", RefusalKind.DAMAGED),
        (indefinite(0x30, b"\x05\0" * 70_000), RefusalKind.TOO_DEEP),
    ],
)
def test_what_is_no_ber_is_refused(content: bytes, kind: RefusalKind) -> None:
    """Cut off, nested without end, or of more elements than anything that is sent."""
    with pytest.raises(NotReadError) as caught:
        to_definite(content)
    assert caught.value.kind is kind
