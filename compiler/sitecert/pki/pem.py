"""PEM: finding the blocks in a text and writing them canonically (RFC 7468)."""

from __future__ import annotations

import re
import textwrap
from base64 import b64decode, b64encode
from dataclasses import dataclass, field

from sitecert.pki.errors import PemError

BEGIN, END, DASHES = "-----BEGIN ", "-----END ", "-----"
LABEL_FORM = re.compile(r"[A-Z0-9 #]{1,64}")


@dataclass(frozen=True, slots=True)
class PemBlock:
    """One block: its label (`CERTIFICATE`) and the bytes in it; None where they are not base64."""

    label: str
    der: bytes | None = field(repr=False)

    @property
    def is_private_key(self) -> bool:
        """Whether the block is a private key of whatever kind, encrypted or not."""
        return "PRIVATE KEY" in self.label


def pem_blocks(content: bytes) -> tuple[PemBlock, ...]:
    """Return the PEM blocks of a text, in order; whatever stands around them is passed over.

    Line ends may be LF or CRLF, lines may be indented. Raises PemError where a block does not end,
    or its label is none.
    """
    text = content.decode("utf-8-sig", errors="replace")
    blocks = []
    start = text.find(BEGIN)
    while start >= 0:
        label_start = start + len(BEGIN)
        label_end = text.find(DASHES, label_start)
        label = text[label_start:label_end]
        body_start = label_end + len(DASHES)
        body_end = text.find(f"{END}{label}{DASHES}", body_start)
        if label_end < 0 or body_end < 0 or not LABEL_FORM.fullmatch(label):
            raise PemError("a PEM block has a beginning but no end")
        blocks.append(PemBlock(label, _decode(text[body_start:body_end])))
        start = text.find(BEGIN, body_end)
    return tuple(blocks)


def write_pem(label: str, der: bytes) -> bytes:
    """Return one block with lines of 64 characters, LF, and a line end after the last."""
    lines = textwrap.wrap(b64encode(der).decode(), 64)
    return "\n".join([f"{BEGIN}{label}{DASHES}", *lines, f"{END}{label}{DASHES}", ""]).encode()


def _decode(body: str) -> bytes | None:
    try:
        return b64decode("".join(body.split()), validate=True)
    except ValueError:
        return None
