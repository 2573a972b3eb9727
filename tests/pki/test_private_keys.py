"""Private keys: made, encrypted, opened, and never shown."""

from __future__ import annotations

import subprocess
import traceback
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from pki.openssl import openssl
from sitecert.pki.errors import KeyMaterialError
from sitecert.pki.keys import decrypt_key, encrypt_key, generate_key, spki_sha256
from sitecert.pki.recipients import parse_recipient
from support.authority import rsa_key

pytestmark = pytest.mark.system("openssl")

PEM = serialization.Encoding.PEM
OPENSSH = serialization.PrivateFormat.OpenSSH
AGE = pyrage.x25519.Identity.generate()
OTHER = pyrage.x25519.Identity.generate()
SSH = ed25519.Ed25519PrivateKey.generate()
SSH_PEM = SSH.private_bytes(PEM, OPENSSH, serialization.NoEncryption()).decode()
SSH_RSA_PEM = rsa_key("ssh").private_bytes(PEM, OPENSSH, serialization.NoEncryption()).decode()
RECIPIENTS = [
    parse_recipient(str(AGE.to_public())),
    *(
        parse_recipient(
            key.public_key()
            .public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
            .decode()
        )
        for key in (SSH, rsa_key("ssh"))
    ),
]


def secrets(key: rsa.RSAPrivateKey) -> tuple[str, ...]:
    """Return lines of a private key that must be seen nowhere."""
    pem = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return tuple(pem.decode().splitlines()[1:-1])


def test_a_new_key_is_of_the_size_asked_for_with_exponent_65537() -> None:
    """BR 6.1.5 and 6.1.6."""
    key = generate_key(2048)
    assert (key.key_size, key.public_key().public_numbers().e) == (2048, 65537)


@pytest.mark.parametrize("bits", [0, 1024, 2047, 2049, 8192])
def test_other_sizes_are_refused(bits: int) -> None:
    """What cryptography would make without complaint."""
    with pytest.raises(KeyMaterialError, match="2048, 3072 or 4096 are allowed"):
        generate_key(bits)


def test_the_spki_digest_is_that_of_openssl(tmp_path: Path) -> None:
    """The digest that runbooks compare, made by `openssl pkey -pubout`."""
    public, out = rsa_key().public_key(), tmp_path / "public.der"
    pem = public.public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    openssl("pkey", "-pubin", "-pubout", "-outform", "DER", "-out", str(out), text=pem)
    assert spki_sha256(public) == sha256(out.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "identity",
    [
        str(AGE),
        f"# created: 2026-01-01\n# public key: {AGE.to_public()}\n{OTHER}\n{AGE}\n",
        SSH_PEM,
        SSH_RSA_PEM,
    ],
    ids=["age", "identity file", "ssh-ed25519", "ssh-rsa"],
)
def test_each_recipient_opens_the_key_alone(identity: str) -> None:
    """The key comes back whole, from an armored file that holds nothing of it in the clear."""
    encrypted = encrypt_key(rsa_key(), RECIPIENTS)
    assert encrypted.startswith(b"-----BEGIN AGE ENCRYPTED FILE-----\n")
    assert encrypted.endswith(b"-----END AGE ENCRYPTED FILE-----\n")
    opened = decrypt_key(encrypted, [str(OTHER), identity])
    assert opened.private_numbers() == rsa_key().private_numbers()


def test_what_is_encrypted_is_pkcs8_pem() -> None:
    """ORDS and Apache both read it as `age -d` gives it out."""
    plain = pyrage.decrypt(encrypt_key(rsa_key(), RECIPIENTS[:1]), [AGE])
    assert plain.startswith(b"-----BEGIN PRIVATE KEY-----\n")
    assert "Key is valid" in openssl("pkey", "-check", "-noout", text=plain)


def test_there_must_be_a_recipient() -> None:
    """A key that nobody could open is not made."""
    with pytest.raises(KeyMaterialError, match="no recipient"):
        encrypt_key(rsa_key(), [])


@pytest.mark.parametrize(
    ("identities", "clause"),
    [
        ([], "not encrypted to any of the identities"),
        ([str(OTHER)], "not encrypted to any of the identities"),
        (["# nothing\n"], "holds no identity"),
        (["AGE-SECRET-KEY-1QQQQ"], "not one that sitecert reads"),
        (["AGE-PLUGIN-YUBIKEY-1QQQQ"], "open the file with `age -d -i IDENTITY`"),
        ([SSH_PEM.replace("b3BlbnNzaC1rZXk", "c3BlbnNzaC1rZXk")], "not a whole private key"),
    ],
    ids=["none", "another's", "empty file", "damaged", "plugin", "damaged SSH"],
)
def test_identities_that_do_not_help_are_named(identities: list[str], clause: str) -> None:
    """The clause says what to do and repeats no identity, nor does the traceback."""
    with pytest.raises(KeyMaterialError, match=clause) as caught:
        decrypt_key(encrypt_key(rsa_key(), RECIPIENTS), identities)
    text = "".join(traceback.format_exception(caught.value, chain=True))
    assert not any(
        line in text for identity in identities for line in identity.splitlines() if len(line) > 24
    )


@pytest.mark.system("ssh-keygen")
def test_an_ssh_identity_with_a_passphrase_is_sent_to_age(tmp_path: Path) -> None:
    """The clause names the command that asks for it."""
    identity = tmp_path / "id_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "a passphrase", "-f", identity], check=True)
    recipient = parse_recipient(identity.with_suffix(".pub").read_text())
    with pytest.raises(KeyMaterialError, match=r"has a passphrase.* `age -d -i IDENTITY`"):
        decrypt_key(encrypt_key(rsa_key(), [recipient]), [identity.read_text()])


@pytest.mark.parametrize(
    "damage",
    [
        lambda encrypted: encrypted[:-60],
        lambda encrypted: encrypted.replace(b"YWdl", b"YWdm"),
        lambda _: b"",
        lambda _: b"junk",
    ],
    ids=["cut off", "edited", "empty", "foreign"],
)
def test_a_damaged_file_is_named(damage: Callable[[bytes], bytes]) -> None:
    """It is not mistaken for one that belongs to somebody else."""
    with pytest.raises(KeyMaterialError, match="is damaged"):
        decrypt_key(damage(encrypt_key(rsa_key(), RECIPIENTS)), [str(AGE)])


def test_half_a_key_is_named_and_not_repeated() -> None:
    """What was encrypted is not a key any more; none of it reaches the error."""
    half = "\n".join(["-----BEGIN PRIVATE KEY-----", *secrets(rsa_key())[:5], "-----END PRIVATE KEY-----"])
    with pytest.raises(KeyMaterialError, match="what was encrypted is not a private key") as caught:
        decrypt_key(pyrage.encrypt(half.encode(), [AGE.to_public()], armored=True), [str(AGE)])
    text = "".join(traceback.format_exception(caught.value, chain=True))
    assert not any(line in text for line in secrets(rsa_key()))


def test_only_rsa_keys_come_back() -> None:
    """An elliptic curve key in the file is named."""
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(KeyMaterialError, match="not an RSA key"):
        decrypt_key(pyrage.encrypt(pem, [AGE.to_public()], armored=True), [str(AGE)])
