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
LABEL = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")


@pytest.mark.system("strace")
def test_every_command_keeps_the_key_encrypted(tmp_path: Path) -> None:
    """The whole life of a site, and what is written anywhere holds no private key."""
    repository = a_repository(tmp_path / "certs")
    (tmp_path / "other").mkdir()
    log = tmp_path / "strace.log"
    written = watched(repository, log, "validate") + watched(repository, log, "compile")
    key = serialization.load_pem_private_key(
        private_key_of(repository, "out/park-nicollet/generation-1/server.key.age"), None
    )
    assert isinstance(key, rsa.RSAPrivateKey)
    returned = str(repository.returned())
    identity_file = str(tmp_path / "identity.txt")
    Path(identity_file).write_text(f"{identity()}\n", encoding="utf-8")
    for arguments in (
        ("plan",),
        ("intake", "park-nicollet", returned, *AT),
        ("compile", "--check"),
        ("compile",),
        ("key", "audit", "-i", identity_file),
        ("new", "second", "--from-cert", returned, "--version", "8.1", "--common-name", SECOND),
        ("explain", "SC401"),
        ("schema", "site"),
        ("completion", "bash"),
        ("init", str(tmp_path / "other"), "--recipient", str(identity().to_public())),
    ):
        written += watched(repository, log, *arguments)
    colleague = str(pyrage.x25519.Identity.generate().to_public())
    repository.configure(recipients=(str(identity().to_public()), colleague))
    written += watched(repository, log, "key", "rewrap", "-i", identity_file)
    public = key.public_key().public_numbers().n.to_bytes(256, "big")
    request = b64decode(
        b"".join(repository.read("out/park-nicollet/generation-1/server.csr").splitlines()[1:-1])
    )
    assert public in request, "the test knows the right key"
    assert b"-----BEGIN AGE ENCRYPTED FILE-----" in written, "the test saw the key being written"
    assert repository.read("out/park-nicollet/generation-1/server.csr") in written
    assert repository.read("out/park-nicollet/generation-1/server.key.age") in written, "and anew"
    assert not LABEL.search(written)
    assert b"AGE-SECRET-KEY" not in written
    unfolded = written.replace(b"\n", b"")
    assert not [secret for secret in secrets_of(key) if secret in written or secret in unfolded]
    plain = private_key_of(repository, "out/park-nicollet/generation-1/server.key.age").replace(b"\n", b"")
    assert [secret for secret in secrets_of(key) if secret in plain], "the test would know it in PEM"
