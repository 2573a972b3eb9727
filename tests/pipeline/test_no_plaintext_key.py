"""No command writes, sends or passes on a private key in the clear (promise 5), watched by the kernel."""

from __future__ import annotations

import re
from base64 import b64decode
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from support.repository import AT, a_repository, identity, private_key_of
from support.watched import secrets_of, watched

SECOND = "smartweb.second.example.org"
KEY = "out/park-nicollet/generation-1/server.key.age"
PASSPHRASE = "typed-by-a-person-at-night"  # noqa: S105 - of keys that live as long as a test
PLAIN = re.compile(rb"-----BEGIN (?!ENCRYPTED )[A-Z ]*PRIVATE KEY-----")
LABEL = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")


@pytest.mark.system("strace")
def test_every_command_keeps_the_key_encrypted(tmp_path: Path) -> None:
    """The whole life of a site, and what is written anywhere holds no private key."""
    repository = a_repository(tmp_path / "certs")
    (tmp_path / "other").mkdir()
    log = tmp_path / "strace.log"
    written = watched(repository, log, "validate") + watched(repository, log, "compile")
    key = serialization.load_pem_private_key(private_key_of(repository, KEY), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    returned = str(repository.returned())
    opener = tmp_path / "identity.txt"
    opener.write_text(f"{identity()}\n")
    for arguments in (
        ("plan",),
        ("self-sign", "park-nicollet", "-i", str(opener), *AT),
        ("handoff", "park-nicollet", "-o", str(tmp_path / "pack.zip"), *AT),
        ("intake", "park-nicollet", returned, *AT),
        ("compile", "--check"),
        ("compile",),
        ("key", "audit", "-i", str(opener)),
        ("new", "second", "--from-cert", returned, "--version", "8.1", "--common-name", SECOND),
        ("explain", "SC401"),
        ("schema", "site"),
        ("completion", "bash"),
        ("init", str(tmp_path / "other"), "--recipient", str(identity().to_public())),
    ):
        written += watched(repository, log, *arguments)
    colleague = str(pyrage.x25519.Identity.generate().to_public())
    repository.configure(recipients=(str(identity().to_public()), colleague))
    written += watched(repository, log, "key", "rewrap", "-i", str(opener))
    public = key.public_key().public_numbers().n.to_bytes(256, "big")
    request = b64decode(
        b"".join(repository.read("out/park-nicollet/generation-1/server.csr").splitlines()[1:-1])
    )
    assert public in request, "the test knows the right key"
    assert b"-----BEGIN AGE ENCRYPTED FILE-----" in written, "the test saw the key being written"
    assert repository.read("out/park-nicollet/generation-1/server.csr") in written
    assert repository.read("out/park-nicollet/generation-1/interim.crt") in written
    assert (tmp_path / "pack.zip").read_bytes() in written
    assert repository.read("out/park-nicollet/generation-1/server.key.age") in written, "and anew"
    assert not LABEL.search(written)
    assert b"AGE-SECRET-KEY" not in written
    unfolded = written.replace(b"\n", b"")
    assert not [secret for secret in secrets_of(key) if secret in written or secret in unfolded]
    plain = private_key_of(repository, KEY).replace(b"\n", b"")
    assert [secret for secret in secrets_of(key) if secret in plain], "the test would know it in PEM"


@pytest.mark.system("strace")
def test_convert_lets_a_key_out_under_its_passphrase_alone(tmp_path: Path) -> None:
    """Into each form, from age and back again; neither passphrase nor identity is written anywhere."""
    repository = a_repository(tmp_path / "certs")
    repository.run("compile")
    returned, stored = str(repository.returned()), str(repository.root / KEY)
    opener, passphrase = tmp_path / "identity", tmp_path / "passphrase"
    opener.write_text(f"{identity()}\n")
    passphrase.write_text(f"{PASSPHRASE}\n")
    opening, protecting = ("-i", str(opener)), ("--passphrase-file", str(passphrase))
    pfx, log = str(tmp_path / "server.pfx"), tmp_path / "strace.log"
    written = b""
    for arguments in (
        (stored, returned, "-o", pfx, "--to", "pfx", *opening),
        (stored, returned, "-o", str(tmp_path / "pem"), "--to", "pem", *opening),
        (stored, "-o", str(tmp_path / "der"), "--to", "der", *opening),
        (stored, returned, "--split", str(tmp_path / "parts"), "--to", "pem", *opening),
        (pfx, "-o", str(tmp_path / "old.pfx"), "--to", "pfx", "--password-file", str(passphrase)),
    ):
        written += watched(repository, log, "convert", *arguments, *protecting)
    key = serialization.load_pem_private_key(private_key_of(repository, KEY), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert (tmp_path / "old.pfx").read_bytes() in written, "the test saw what was written"
    assert written.count(b"-----BEGIN ENCRYPTED PRIVATE KEY-----") == 2
    assert not PLAIN.search(written)
    assert str(identity()).encode() not in written
    assert PASSPHRASE.encode() not in written
    unfolded = written.replace(b"\n", b"")
    assert not [secret for secret in secrets_of(key) if secret in written or secret in unfolded]
    watched(
        repository, log, "convert", stored, "-o", str(tmp_path / "k"), "--to", "pem", "--insecure", *opening
    )
    assert (tmp_path / "k").read_bytes() == private_key_of(repository, KEY), "and it would know the key"
