"""`handoff` writes no private key in the clear anywhere, watched by the kernel (promise 5)."""

from __future__ import annotations

import re

import pytest

from support.packs import KEY, PASSPHRASE, SERVER, Bench
from support.repository import identity, private_key_of
from support.watched import secrets_of, watched

PLAIN = re.compile(rb"-----BEGIN (?!ENCRYPTED )[A-Z ]*PRIVATE KEY-----")


@pytest.mark.system("strace", "openssl")
def test_the_key_leaves_memory_only_under_its_passphrase(bench: Bench) -> None:
    """Not into a file, a pipe, an argument or the environment; neither do passphrase and identity."""
    plain = private_key_of(bench.repository, KEY)
    log, target = bench.folder / "strace.log", ("--server", SERVER)
    protected = ("--passphrase-file", str(bench.passphrase))
    opener = ("-i", str(bench.identity))
    folder, archive, piped = (str(bench.folder / name) for name in ("pack", "pack.tar", "piped"))
    written = b""
    for options, key in (
        (("-o", folder, *opener), ""),
        (("-o", archive, *opener), ""),
        (("-o", piped, "--key", "-"), plain.decode()),
    ):
        command = ("handoff", "park-nicollet", *target, *options, *protected)
        written += watched(bench.repository, log, *command, piped=key)
    assert written.count(b"-----BEGIN ENCRYPTED PRIVATE KEY-----") == 3, "the test saw the packs"
    assert (bench.folder / "pack/server.key").read_bytes() in written
    assert not PLAIN.search(written)
    assert str(identity()).encode() not in written
    assert PASSPHRASE.encode() not in written
    unfolded = written.replace(b"\n", b"")
    assert not [secret for secret in secrets_of(bench.key) if secret in written or secret in unfolded]
    assert [secret for secret in secrets_of(bench.key) if secret in plain.replace(b"\n", b"")], (
        "the test would know it"
    )
