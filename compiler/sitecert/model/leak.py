"""A private key where none belongs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Exposure(StrEnum):
    """How open a private key lies; or that nobody looked whether there is one."""

    CLEAR = "in the clear"
    GUESSED = "under a password that anybody tries first"
    LOCKED = "under a password"
    IDENTITY = "an age identity"
    UNSEARCHED = "not searched"


@dataclass(frozen=True, slots=True)
class Leak:
    """A private key that was found: never the key itself.

    `what` names it in words (`a private key, RSA 2048`); `line` counts from 1 in the file that was searched;
    `trail` says where in it, if that file is a container or an encoding (`keys.zip: server.key: base64`).
    """

    exposure: Exposure
    what: str
    line: int
    trail: str = ""
