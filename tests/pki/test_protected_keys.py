"""A private key under a passphrase: who opens it, and what the passphrase is."""

from __future__ import annotations

import re
import subprocess
from math import log2
from pathlib import Path

import pytest
from asn1crypto import pem
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from pki.openssl import openssl
from sitecert.pki import protected_keys
from sitecert.pki.certificates import issued_certificate
from sitecert.pki.errors import KeyMaterialError
from sitecert.pki.protected_keys import ALPHABET, new_passphrase, protect_as_pem, protect_as_pfx
from support.authority import Authority, rsa_key

pytestmark = pytest.mark.system("openssl")

PASSPHRASE = "gwq38-8ctaj-9pmyq-kdjxm-fnamn-f727j"  # noqa: S105 - of a key that lives as long as the test
OPENERS = {
    "pkcs8": ("pkcs8", "-topk8", "-nocrypt"),
    "rsa, the command of 0.9.8": ("rsa",),
    "pkey": ("pkey",),
}


def plain(key: rsa.RSAPrivateKey) -> rsa.RSAPrivateNumbers:
    """Return what makes two keys the same."""
    return key.private_numbers()


def opened(path: Path, *command: str, passphrase: str = PASSPHRASE) -> subprocess.CompletedProcess[bytes]:
    """Open a key with openssl, the passphrase by standard input as runbooks tell it."""
    return subprocess.run(
        ["openssl", *command, "-in", path, "-passin", "stdin"],
        input=f"{passphrase}\n".encode(),
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("command", OPENERS.values(), ids=OPENERS)
@pytest.mark.parametrize("bits", [2048, 4096])
def test_openssl_opens_the_pem(tmp_path: Path, bits: int, command: tuple[str, ...]) -> None:
    """Each command that a runbook uses gives the key back, and none does with another passphrase."""
    path = tmp_path / "server.key"
    path.write_bytes(protect_as_pem(rsa_key(bits=bits), PASSPHRASE))
    done = opened(path, *command)
    assert done.returncode == 0, done.stderr
    key = serialization.load_pem_private_key(done.stdout, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert plain(key) == plain(rsa_key(bits=bits))
    assert opened(path, *command, passphrase=PASSPHRASE.upper()).returncode != 0


def test_the_pem_is_what_openssl_098_reads() -> None:
    """PBES2 with PBKDF2 and AES-256-CBC, and no function named but the default HMAC-SHA1 (RFC 8018 A.2)."""
    said = openssl("asn1parse", text=protect_as_pem(rsa_key(), PASSPHRASE))
    values = [(found[1], found[2]) for found in re.finditer(r"prim: (\w+(?: STRING)?) *:?(.*)", said)]
    salt, vector, encrypted = (value for kind, value in values if kind == "OCTET STRING")
    assert values == [
        ("OBJECT", "PBES2"),
        ("OBJECT", "PBKDF2"),
        ("OCTET STRING", salt),
        ("INTEGER", f"{600_000:06X}"),
        ("OBJECT", "aes-256-cbc"),
        ("OCTET STRING", vector),
        ("OCTET STRING", encrypted),
    ]


def test_no_two_protections_are_alike() -> None:
    """Salt and initialisation vector are new each time."""
    first, second = (pem.unarmor(protect_as_pem(rsa_key(), PASSPHRASE))[2] for _ in range(2))
    assert first[:60] != second[:60]
    assert first[-64:] != second[-64:]


def test_openssl_opens_the_pfx(tmp_path: Path) -> None:
    """Key, leaf and chain come out, without `-legacy`, and it is 3DES with a SHA-1 MAC throughout."""
    authority = Authority()
    leaf = authority.issue(rsa_key().public_key(), ["smartweb.example.org"])
    issued = issued_certificate(leaf, [authority.intermediate])
    path = tmp_path / "server.pfx"
    path.write_bytes(protect_as_pfx(rsa_key(), issued, PASSPHRASE))
    done = opened(path, "pkcs12", "-nodes", "-info")
    assert done.returncode == 0, done.stderr
    said = done.stderr.decode()
    assert "MAC: sha1" in said
    assert said.count("pbeWithSHA1And3-KeyTripleDES-CBC") == 2
    assert "PBES2" not in said
    blocks = list(pem.unarmor(done.stdout, multiple=True))
    assert [each[0] for each in blocks] == ["CERTIFICATE", "CERTIFICATE", "PRIVATE KEY"]
    certificates = [each.public_bytes(serialization.Encoding.DER) for each in (leaf, authority.intermediate)]
    assert [each[2] for each in blocks[:2]] == certificates
    key = serialization.load_der_private_key(blocks[2][2], None)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert plain(key) == plain(rsa_key())
    assert opened(path, "pkcs12", "-nodes", passphrase="wrong").returncode != 0  # noqa: S106 - wrong


def test_a_protection_that_does_not_open_is_never_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was made of another key than it should be is found before anybody gets it."""
    other = rsa_key("other").private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    monkeypatch.setattr(protected_keys, "_pkcs8", lambda _: other)
    with pytest.raises(KeyMaterialError, match="does not open to the key"):
        protect_as_pem(rsa_key(), PASSPHRASE)


def test_a_new_passphrase_has_128_bits_and_can_be_read_aloud() -> None:
    """Groups of five from letters and digits that differ by sight and sound; never the same twice."""
    assert 30 * log2(len(set(ALPHABET))) >= 128
    assert not set(ALPHABET) & set("il1o0")
    grouped, plain_one = new_passphrase(alphanumeric=False), new_passphrase(alphanumeric=True)
    assert [len(group) for group in grouped.split("-")] == [5] * 6
    assert len(plain_one) == 30
    assert set(grouped.replace("-", "") + plain_one) <= set(ALPHABET)
    assert len({new_passphrase(alphanumeric=True) for _ in range(100)}) == 100


def test_openssl_agrees_on_the_public_key(tmp_path: Path) -> None:
    """The digest that a runbook compares comes from the protected form."""
    path = tmp_path / "server.key"
    path.write_bytes(protect_as_pem(rsa_key(), PASSPHRASE))
    public = opened(path, "pkey", "-pubout").stdout
    spki = (
        rsa_key()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    assert public == spki
    assert "Modulus" in openssl("pkey", "-pubin", "-text_pub", "-noout", text=public)
