"""RC2 (RFC 2268), which no kept library has with 40 effective bits: what Windows wrote until Server 2019."""

from __future__ import annotations

from struct import pack, unpack

# fmt: off
PI_TABLE = bytes.fromhex(
    "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2"
    "179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82"
    "54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626"
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7"
    "08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec"
    "c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731"
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9"
    "0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad"
)
# fmt: on
BLOCK_BYTES = 8
MIXED = 0xFFFF
ROTATIONS = (1, 2, 3, 5)


def decrypt_rc2_cbc(key: bytes, effective_bits: int, vector: bytes, ciphertext: bytes) -> bytes:
    """Return what RC2 in CBC mode hides, padding included; raises ValueError for part of a block."""
    if len(ciphertext) % BLOCK_BYTES or len(vector) != BLOCK_BYTES:
        raise ValueError("the ciphertext is no whole number of blocks")
    expanded = expand_key(key, effective_bits)
    plain = bytearray()
    previous = vector
    for start in range(0, len(ciphertext), BLOCK_BYTES):
        block = ciphertext[start : start + BLOCK_BYTES]
        opened = decrypt_block(expanded, block)
        plain += bytes(one ^ other for one, other in zip(opened, previous, strict=True))
        previous = block
    return bytes(plain)


def expand_key(key: bytes, effective_bits: int) -> tuple[int, ...]:
    """Return the 64 words that a key of so many effective bits becomes (RFC 2268 section 2)."""
    octets = bytearray(key)
    for index in range(len(key), 128):
        octets.append(PI_TABLE[(octets[index - 1] + octets[index - len(key)]) & 0xFF])
    effective_bytes = (effective_bits + 7) // 8
    mask = 0xFF >> (8 * effective_bytes - effective_bits)
    octets[128 - effective_bytes] = PI_TABLE[octets[128 - effective_bytes] & mask]
    for index in range(127 - effective_bytes, -1, -1):
        octets[index] = PI_TABLE[octets[index + 1] ^ octets[index + effective_bytes]]
    return unpack("<64H", octets)


def decrypt_block(key: tuple[int, ...], block: bytes) -> bytes:
    """Decrypt eight bytes (RFC 2268 section 4)."""
    words = list(unpack("<4H", block))
    position = 63
    for done in range(16):
        if done in {5, 11}:
            for index in (3, 2, 1, 0):
                words[index] = (words[index] - key[words[index - 1] & 63]) & MIXED
        for index in (3, 2, 1, 0):
            bits = ROTATIONS[index]
            word = (words[index] >> bits | words[index] << (16 - bits)) & MIXED
            before, two, three = words[index - 1], words[index - 2], words[index - 3]
            words[index] = (word - key[position] - (before & two) - (~before & three)) & MIXED
            position -= 1
    return pack("<4H", *words)
