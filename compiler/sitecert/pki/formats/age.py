"""Files that age encrypted (https://age-encryption.org/v1), known by how they begin."""

from __future__ import annotations

BEGINNINGS = (b"age-encryption.org/v1\n", b"-----BEGIN AGE ENCRYPTED FILE-----")


def is_age(content: bytes) -> bool:
    """Whether a file is one of age's, binary or armored."""
    return content.lstrip().startswith(BEGINNINGS)
