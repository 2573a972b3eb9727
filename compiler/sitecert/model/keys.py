"""What is known of the private keys under `out/`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sitecert.model.generation import Stage


class Proof(StrEnum):
    """What came of opening a generation's key."""

    PROVED = "proved"
    WRONG = "wrong"
    UNPROVED = "unproved"
    UNOPENED = "unopened"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class AuditedKey:
    """One generation's key: where it lies, and what opening it proved.

    `unproved` is a key that no identity opened, `unopened` one for which none was given, `elsewhere` one
    that is not in the repository (born on its server, or not made yet).
    `recipients` are the fingerprints that the generation's record names; `header` says in words for whom
    the file is encrypted; `is_outdated` tells whether that is not whom `sitecert.yaml` names; `disclosed`
    that the key once came in the clear.
    """

    site: str
    generation: int
    stage: Stage
    proof: Proof
    path: str
    spki_sha256: str | None = None
    bits: int | None = None
    recipients: tuple[str, ...] = ()
    header: str = ""
    is_outdated: bool = False
    disclosed: bool = False
