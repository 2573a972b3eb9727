"""Recipients: what age can encrypt to, and what must never be repeated."""

from __future__ import annotations

import base64
import hashlib

import pyrage
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from sitecert.pki.errors import RecipientError, SecretGivenError
from sitecert.pki.recipients import RecipientKind, parse_recipient
from support.authority import rsa_key

AGE_SECRET = pyrage.x25519.Identity.generate()
AGE = str(AGE_SECRET.to_public())
OPENSSH = (serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
ED25519 = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes(*OPENSSH).decode()
RSA = rsa_key().public_key().public_bytes(*OPENSSH).decode()
ECDSA = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(*OPENSSH).decode()
OFF_CURVE = ed25519.Ed25519PublicKey.from_public_bytes(b"\x02" + bytes(31)).public_bytes(*OPENSSH).decode()
SHORT_RSA = rsa.RSAPublicNumbers(65537, (1 << 1023) + 1).public_key().public_bytes(*OPENSSH).decode()
LONG_RSA = rsa.RSAPublicNumbers(65537, (1 << 4103) + 1).public_key().public_bytes(*OPENSSH).decode()


@pytest.mark.parametrize(
    ("text", "canonical", "kind"),
    [
        (AGE, AGE, RecipientKind.AGE),
        (f"  {AGE}\n", AGE, RecipientKind.AGE),
        (AGE.upper(), AGE, RecipientKind.AGE),
        (ED25519, ED25519, RecipientKind.SSH_ED25519),
        (f"{ED25519} ops@example.org on call", ED25519, RecipientKind.SSH_ED25519),
        (f"{RSA}\tops@example.org", RSA, RecipientKind.SSH_RSA),
    ],
    ids=["age", "blanks", "upper case", "ssh-ed25519", "comment", "ssh-rsa"],
)
def test_recipients_are_made_canonical(text: str, canonical: str, kind: RecipientKind) -> None:
    """Blanks and comments go; the fingerprint is over what remains."""
    recipient = parse_recipient(text)
    assert (recipient.text, recipient.kind) == (canonical, kind)
    assert recipient.fingerprint == hashlib.sha256(canonical.encode()).hexdigest()


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("", "one recipient on one line"),
        (f"{AGE}\n{AGE}", "one recipient on one line"),
        (AGE[:-1], "no whole age recipient"),
        ("age1yubikey1qqqq", "no whole age recipient"),
        (ECDSA, "an SSH key of kind ecdsa-sha2-nistp256; an age recipient"),
        ("sk-ssh-ed25519@openssh.com AAAA", "an SSH key of kind sk-ssh-ed25519"),
        ("ssh-dss AAAA", "an SSH key of kind ssh-dss"),
        (SHORT_RSA, "this ssh-rsa key has 1024 bits; 2048 to 4096 are allowed"),
        (LONG_RSA, "this ssh-rsa key has 4104 bits; 2048 to 4096 are allowed"),
        ("ssh-ed25519", "no whole SSH public key"),
        (ED25519[:-8], "no whole SSH public key"),
        (RSA.replace("ssh-rsa", "ssh-ed25519"), "no whole SSH public key"),
        (OFF_CURVE, "age can not encrypt to this SSH key"),
        (f'from="10.0.0.1" {ED25519}', "this is no recipient"),
        ("ops@example.org", "this is no recipient"),
    ],
    ids=lambda value: "" if len(value) > 40 else None,
)
def test_what_age_can_not_encrypt_to_is_refused(text: str, clause: str) -> None:
    """The clause says what is wrong or what is allowed."""
    with pytest.raises(RecipientError, match=clause):
        parse_recipient(text)


def openssh_private_key() -> str:
    """Return a private key as ssh-keygen writes it."""
    key = ed25519.Ed25519PrivateKey.generate()
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    ).decode()


@pytest.mark.parametrize(
    "secret",
    [str(AGE_SECRET), str(AGE_SECRET).lower(), f"{AGE} {AGE_SECRET}", openssh_private_key()],
    ids=["age", "lower case", "both halves", "OpenSSH"],
)
def test_a_private_key_is_refused_without_being_repeated(secret: str) -> None:
    """Neither the error nor what it was raised from holds a piece of it."""
    with pytest.raises(SecretGivenError) as caught:
        parse_recipient(secret)
    assert str(caught.value) == "this is a private key; a recipient is its public half"
    assert caught.value.__cause__ is None


@given(st.text() | st.binary().map(lambda octets: f"ssh-rsa {base64.b64encode(octets).decode()}"))
def test_whatever_else_is_written_raises_our_error_and_is_not_repeated(text: str) -> None:
    """A password pasted by mistake does not reach a log."""
    with pytest.raises(RecipientError) as caught:
        parse_recipient(text)
    words = [word for word in text.split() if len(word) > 12]
    assert not any(word in str(caught.value) for word in words)
