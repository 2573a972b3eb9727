"""Whom private keys are encrypted to: age and SSH public keys (age 1.x; pyrage)."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

import pyrage
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sitecert.pki.errors import RecipientError, SecretGivenError

ALLOWED = "an age recipient (age1...), or an SSH public key of kind ssh-ed25519 or ssh-rsa, is allowed"
SSH_KIND = re.compile(r"(ecdsa|sk|ssh)-[a-z0-9-]{1,32}")
SSH_RSA_BITS = range(2048, 4096 + 1)
"""What age and pyrage encrypt to."""


class RecipientKind(StrEnum):
    """The kinds of public key that age encrypts to."""

    AGE = "age"
    SSH_ED25519 = "ssh-ed25519"
    SSH_RSA = "ssh-rsa"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A public key in its canonical form, without a comment.

    `fingerprint` is the lower-case hexadecimal SHA-256 of `text`.
    """

    text: str
    fingerprint: str
    kind: RecipientKind


def parse_recipient(text: str) -> Recipient:
    """Read a recipient as it stands in `sitecert.yaml`; white space around it and a comment are dropped.

    Raises SecretGivenError for a private key and RecipientError for everything else that age can not
    encrypt to. Neither repeats the text.
    """
    text = text.strip()
    if "AGE-SECRET-KEY" in text.upper() or "PRIVATE KEY" in text.upper():
        raise SecretGivenError("this is a private key; a recipient is its public half")
    if len(text.splitlines()) != 1:
        raise RecipientError(f"one recipient on one line is expected; {ALLOWED}")
    word = text.split()[0]
    if word.lower().startswith("age1"):
        return _age_recipient(text)
    if word in {RecipientKind.SSH_ED25519, RecipientKind.SSH_RSA}:
        return _ssh_recipient(text)
    raise RecipientError(_refusal(word))


def _refusal(word: str) -> str:
    """Say why a kind is refused; a word is repeated only where it is the name of a kind."""
    kind = word.partition("@")[0]
    if SSH_KIND.fullmatch(kind):
        return f"age can not encrypt to an SSH key of kind {kind}; {ALLOWED}"
    return f"this is no recipient; {ALLOWED}"


def _age_recipient(text: str) -> Recipient:
    try:
        canonical = str(pyrage.x25519.Recipient.from_str(text))
    except pyrage.RecipientError:
        raise RecipientError(f"this is no whole age recipient; {ALLOWED}") from None
    return _recipient(canonical, RecipientKind.AGE)


def _ssh_recipient(text: str) -> Recipient:
    kind, *rest = text.split(maxsplit=2)
    try:
        canonical = f"{kind} {b64encode(b64decode(rest[0], validate=True)).decode()}"
        public_key = serialization.load_ssh_public_key(canonical.encode())
    except (IndexError, ValueError, UnsupportedAlgorithm):
        raise RecipientError(f"this is no whole SSH public key; {ALLOWED}") from None
    if isinstance(public_key, rsa.RSAPublicKey) and public_key.key_size not in SSH_RSA_BITS:
        raise RecipientError(
            f"this ssh-rsa key has {public_key.key_size} bits; "
            f"{SSH_RSA_BITS.start} to {SSH_RSA_BITS.stop - 1} are allowed"
        )
    try:
        pyrage.ssh.Recipient.from_str(canonical)
    except pyrage.RecipientError:
        raise RecipientError(f"age can not encrypt to this SSH key; {ALLOWED}") from None
    return _recipient(canonical, RecipientKind(kind))


def _recipient(text: str, kind: RecipientKind) -> Recipient:
    return Recipient(text, sha256(text.encode()).hexdigest(), kind)
