"""No command writes, sends or passes on a private key in the clear (promise 5), watched by the kernel."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from support.repository import AT, Repository, a_repository, environment, identity, private_key_of

SECOND = "smartweb.second.example.org"
CALLS = "write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,execve"
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
LABEL = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")


def watched(repository: Repository, log: Path, *arguments: str) -> bytes:
    """Run a command and return all that it wrote anywhere, and the arguments of the programs it ran."""
    strace = ("strace", "-f", "-qq", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-v", "-o", str(log))
    changed = environment(PYTHONDONTWRITEBYTECODE="1")
    done = repository.process(*arguments, before=strace, env=changed, stdin=-3)
    assert done.returncode == 0, (arguments, done.stderr)
    held = b"".join(
        bytes.fromhex(match[1].replace("\\x", "")) for match in STRING.finditer(log.read_text("ascii"))
    )
    assert held, "strace saw nothing"
    return held + done.stdout.encode() + done.stderr.encode()


def secrets_of(key: rsa.RSAPrivateKey) -> list[bytes]:
    """Return what would give a key away: its secret numbers, in every form in which they could be written."""
    numbers = key.private_numbers()
    found = []
    for number in (numbers.d, numbers.p, numbers.q):
        raw = number.to_bytes((number.bit_length() + 7) // 8, "big")[8:72]
        found += [raw, raw.hex().encode(), raw.hex().upper().encode(), str(number).encode()[10:70]]
        # In base64 a number stands in one of three positions; the first and last digits hang on others.
        found += [b64encode(raw[at:])[4:76] for at in (0, 1, 2)]
    return found


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
    for arguments in (
        ("plan",),
        ("intake", "park-nicollet", returned, *AT),
        ("compile", "--check"),
        ("compile",),
        ("new", "second", "--from-cert", returned, "--version", "8.1", "--common-name", SECOND),
        ("explain", "SC401"),
        ("schema", "site"),
        ("completion", "bash"),
        ("init", str(tmp_path / "other"), "--recipient", str(identity().to_public())),
    ):
        written += watched(repository, log, *arguments)
    public = key.public_key().public_numbers().n.to_bytes(256, "big")
    request = b64decode(
        b"".join(repository.read("out/park-nicollet/generation-1/server.csr").splitlines()[1:-1])
    )
    assert public in request, "the test knows the right key"
    assert b"-----BEGIN AGE ENCRYPTED FILE-----" in written, "the test saw the key being written"
    assert repository.read("out/park-nicollet/generation-1/server.csr") in written
    assert not LABEL.search(written)
    assert b"AGE-SECRET-KEY" not in written
    unfolded = written.replace(b"\n", b"")
    assert not [secret for secret in secrets_of(key) if secret in written or secret in unfolded]
    plain = private_key_of(repository, "out/park-nicollet/generation-1/server.key.age").replace(b"\n", b"")
    assert [secret for secret in secrets_of(key) if secret in plain], "the test would know it in PEM"
