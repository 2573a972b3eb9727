"""What a person wants files converted to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cryptography.hazmat.primitives.serialization import Encoding

from sitecert.pki.formats.pfx_writing import Compatibility


class Target(StrEnum):
    """The forms of kb39324's "Converting SSL Certs"."""

    PEM = "pem"
    DER = "der"
    P7B = "p7b"
    PFX = "pfx"
    CRT = "crt"


WITHOUT_KEY = frozenset({Target.CRT, Target.P7B})
"""The forms that hold certificates alone."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The form, and what is to be in it.

    `split` parts a PEM into three files; `leaf_only` leaves the chain out, `with_root` keeps the root.
    `alias` is the friendly name in a PFX, else the certificate's own common name; `encoding` is a P7B's.
    """

    target: Target
    split: bool = False
    leaf_only: bool = False
    with_root: bool = False
    alias: str = ""
    compatibility: Compatibility = Compatibility.MODERN
    encoding: Encoding = Encoding.PEM

    @property
    def takes_key(self) -> bool:
        """Whether a private key that came with certificates goes out with them."""
        return self.target in {Target.PEM, Target.PFX}
