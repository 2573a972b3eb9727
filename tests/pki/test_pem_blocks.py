"""PEM blocks in any text."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pki.openssl import openssl
from sitecert.pki.errors import PemError
from sitecert.pki.pem import pem_blocks, write_pem

pytestmark = pytest.mark.system("openssl")


@given(
    st.lists(
        st.tuples(st.sampled_from(["CERTIFICATE", "RSA PRIVATE KEY"]), st.binary(max_size=200)), max_size=4
    )
)
def test_what_is_written_is_read(blocks: list[tuple[str, bytes]]) -> None:
    """Blocks keep their labels, bytes and order."""
    content = b"text\n".join(write_pem(label, der) for label, der in blocks)
    assert [(each.label, each.der) for each in pem_blocks(content)] == blocks


def test_openssl_reads_what_is_written() -> None:
    """A block of any length is armored as openssl expects it."""
    for length in (46, 47, 48, 49, 96, 97):
        der = b"\x04" + bytes([length]) + bytes(length)
        assert "OCTET STRING" in openssl("asn1parse", text=write_pem("X", der))


@pytest.mark.parametrize("text", ["-----BEGIN X-----\n", "-----BEGIN X", f"-----BEGIN {'X' * 80}-----"])
def test_a_block_without_an_end_is_refused(text: str) -> None:
    """A file cut off in transit is not read as if it were whole."""
    with pytest.raises(PemError, match="no end"):
        pem_blocks(text.encode())


def test_private_keys_are_known_and_not_shown() -> None:
    """Every kind of private key is one; no block's bytes are in its repr."""
    for label in ("PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY"):
        (block,) = pem_blocks(write_pem(label, b"secret octets"))
        assert block.is_private_key
        assert "secret" not in repr(block)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Nothing else is ever raised."""
    with suppress(PemError):
        pem_blocks(content + b"-----BEGIN A-----" + content + b"-----END A-----")
