"""What an age file shows without an identity: to how many keys it is encrypted, and of which kinds.

The header names an SSH key by a tag, an age key not at all (C2SP age.md, "Recipient stanza").
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from sitecert.pki.errors import KeyMaterialError
from sitecert.pki.recipients import Recipient, RecipientKind

ARMOR = re.compile(
    rb"-----BEGIN AGE ENCRYPTED FILE-----\n([A-Za-z0-9+/=\n]+)-----END AGE ENCRYPTED FILE-----\n"
)
VERSION = b"age-encryption.org/v1"
STANZA = b"-> "
END = b"---"
GREASE = "-grease"
"""How the kind of a stanza ends that means nothing: every age must pass over what it does not know."""

TAG_BYTES = 4
STANZA_KINDS = {
    RecipientKind.AGE: "X25519",
    RecipientKind.SSH_ED25519: "ssh-ed25519",
    RecipientKind.SSH_RSA: "ssh-rsa",
}


@dataclass(frozen=True, slots=True, order=True)
class Stanza:
    """One key that can open a file: its kind, as age names it, and the tag of an SSH key (else empty)."""

    kind: str
    tag: str = ""


def read_stanzas(age_file: bytes) -> tuple[Stanza, ...]:
    """Return for whom an armored age file is encrypted; raises KeyMaterialError where it has no header."""
    armored = ARMOR.fullmatch(age_file)
    try:
        lines = b64decode(armored[1].replace(b"\n", b""), validate=True).split(b"\n") if armored else []
    except ValueError:
        lines = []
    end = next((index for index, line in enumerate(lines) if line.startswith(END)), None)
    if end is None or lines[0] != VERSION:
        raise KeyMaterialError("the encrypted private key has no age header")
    named = [line.removeprefix(STANZA).split(b" ") for line in lines[:end] if line.startswith(STANZA)]
    stanzas = (_stanza(*(each.decode("ascii", "replace") for each in words)) for words in named)
    return tuple(each for each in stanzas if not each.kind.endswith(GREASE))


def stanza_of(recipient: Recipient) -> Stanza:
    """Return how the header of an age file names a recipient."""
    if recipient.kind is RecipientKind.AGE:
        return Stanza(STANZA_KINDS[recipient.kind])
    wire = b64decode(recipient.text.split()[1])
    tag = b64encode(sha256(wire).digest()[:TAG_BYTES]).decode().rstrip("=")
    return Stanza(STANZA_KINDS[recipient.kind], tag)


def describe_stanzas(stanzas: Iterable[Stanza]) -> str:
    """Return stanzas in words: `2 X25519, 1 ssh-rsa`."""
    counted = Counter(each.kind for each in stanzas)
    return ", ".join(f"{count} {kind}" for kind, count in sorted(counted.items())) or "nobody"


def _stanza(kind: str, *arguments: str) -> Stanza:
    is_ssh = kind in {RecipientKind.SSH_ED25519, RecipientKind.SSH_RSA}
    return Stanza(kind, arguments[0] if is_ssh and arguments else "")
