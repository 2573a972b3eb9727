"""What is remembered of a site from one compile to the next, on one machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remembered:
    """A digest over a whole site, and its generations' public keys (number, SPKI SHA-256)."""

    digest: str
    keys: tuple[tuple[int, str], ...]
