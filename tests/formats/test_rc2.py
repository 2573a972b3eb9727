"""RC2 against the vectors of RFC 2268 section 5."""

from __future__ import annotations

import pytest

from sitecert.pki.formats.rc2 import decrypt_rc2_cbc

LONG = "88bca90e90875a7f0f79c384627bafb2"


@pytest.mark.parametrize(
    ("key", "bits", "plain", "hidden"),
    [
        ("0000000000000000", 63, "0000000000000000", "ebb773f993278eff"),
        ("ffffffffffffffff", 64, "ffffffffffffffff", "278b27e42e2f0d49"),
        ("3000000000000000", 64, "1000000000000001", "30649edf9be7d2c2"),
        ("88", 64, "0000000000000000", "61a8a244adacccf0"),
        ("88bca90e90875a", 64, "0000000000000000", "6ccf4308974c267f"),
        (LONG, 64, "0000000000000000", "1a807d272bbe5db1"),
        (LONG, 128, "0000000000000000", "2269552ab0f85ca6"),
        (f"{LONG}16f80a6f85920584c42fceb0be255daf1e", 129, "0000000000000000", "5b78d3a43dfff1f1"),
    ],
)
def test_a_block_is_decrypted(key: str, bits: int, plain: str, hidden: str) -> None:
    """The first block under a vector of zeros is the block itself."""
    opened = decrypt_rc2_cbc(bytes.fromhex(key), bits, bytes(8), bytes.fromhex(hidden))
    assert opened.hex() == plain


def test_blocks_are_chained() -> None:
    """The second block is mixed with the ciphertext of the first."""
    block = bytes.fromhex("ebb773f993278eff")
    opened = decrypt_rc2_cbc(bytes(8), 63, bytes(8), block * 2)
    assert opened == bytes(8) + block


def test_part_of_a_block_is_refused() -> None:
    """Nothing is opened of it."""
    with pytest.raises(ValueError, match="whole number of blocks"):
        decrypt_rc2_cbc(bytes(8), 64, bytes(8), bytes(9))
