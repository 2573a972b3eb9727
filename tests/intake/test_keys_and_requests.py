"""What `sitecert intake` does with private keys and requests, by whose they are (`key.custody`)."""

from __future__ import annotations

import json
from pathlib import Path

from intake.taking import CUSTODY_CUSTOMER, CUSTODY_SERVER, NAMES, codes, pem_key, server_request, take
from support.authority import ALLOWED_DAYS, Authority, rsa_key
from support.commands import answer, files, given, repository, sitecert


def test_a_private_key_is_dropped(root: Path, tmp_path: Path, authority: Authority) -> None:
    """It stops the intake; accepted, the certificate is filed alone; nothing of the key shows."""
    secret = pem_key(rsa_key("stranger"))
    path = given(tmp_path, "a.pem", secret, answer(root, authority), authority.intermediate)
    assert codes(root, path) == (1, ["SC510"])
    ran = take(root, path, "--accept", "SC510", "-v")
    assert ran.code == 0
    body = secret.decode().splitlines()[1]
    assert body not in ran.out + ran.err
    assert all(body.encode() not in content for content in files(root / "out").values())


def test_nothing_is_awaited_before_compile(tmp_path: Path, authority: Authority) -> None:
    """Without a request there is nothing to compare with."""
    root = repository(tmp_path / "certs")
    path = given(tmp_path, "a.pem", authority.issue(rsa_key().public_key(), NAMES, days=ALLOWED_DAYS))
    assert codes(root, path) == (1, ["SC511"])


def test_a_request_belongs_to_a_server(root: Path, tmp_path: Path) -> None:
    """A site whose key is made here takes none from outside."""
    assert codes(root, given(tmp_path, "a.csr", server_request())) == (1, ["SC518"])


def test_the_servers_request_and_its_certificate(tmp_path: Path, authority: Authority) -> None:
    """With `custody: server` the request comes back, then the certificate for it."""
    root = repository(tmp_path / "certs", park_nicollet=CUSTODY_SERVER)
    assert sitecert("-C", root, "compile").code == 0
    wrong = given(tmp_path, "wrong.csr", server_request(names=NAMES[:1]))
    ran = take(root, wrong)
    assert ran.code == 1
    assert "alt_names: the request says smartweb.parknicollet.com, not " in ran.err
    right = given(tmp_path, "right.csr", server_request())
    assert codes(root, given(tmp_path, "two.csr", right.read_bytes(), wrong.read_bytes())) == (1, ["SC518"])
    assert codes(root, right) == (0, [])
    assert "nothing to do" in take(root, right).err
    path = given(tmp_path, "a.pem", answer(root, authority), authority.intermediate)
    assert codes(root, path) == (0, [])
    late = given(tmp_path, "late.csr", server_request(label="made anew"))
    assert codes(root, late) == (1, ["SC518"])
    assert sitecert("-C", root, "compile", "--check").code == 0


def test_the_customers_key_and_certificate(tmp_path: Path, authority: Authority) -> None:
    """With `custody: customer` both come together; a key in the clear is taken only when that is accepted."""
    root = repository(tmp_path / "certs", park_nicollet=CUSTODY_CUSTOMER)
    assert sitecert("-C", root, "compile").code == 0
    key = rsa_key("customer")
    certificate = given(
        tmp_path, "a.pem", authority.issue(key.public_key(), NAMES, days=ALLOWED_DAYS), authority.intermediate
    )
    clear = given(tmp_path, "clear.key", pem_key(key))
    locked = given(tmp_path, "locked.key", pem_key(key, b"passphrase"))
    foreign = given(tmp_path, "foreign.key", pem_key(rsa_key("other")))
    assert codes(root, certificate) == (1, ["SC514"])
    assert codes(root, clear) == (1, ["SC501"])
    assert codes(root, certificate, clear) == (1, ["SC515"])
    assert codes(root, certificate, locked) == (1, ["SC527"])
    wrong = given(tmp_path, "wrong", b"guess\n")
    assert codes(root, certificate, locked, "--password-file", wrong) == (1, ["SC528"])
    assert codes(root, certificate, foreign, "--accept", "SC515") == (1, ["SC558"])
    assert codes(root, foreign, certificate, clear, "--accept", "SC515") == (0, ["SC515"])
    folder = root / "out/park-nicollet/generation-1"
    assert json.loads((folder / "manifest.json").read_bytes())["disclosed"] is True
    assert b"-----BEGIN AGE ENCRYPTED FILE-----" in (folder / "server.key.age").read_bytes()
    body = clear.read_bytes().splitlines()[1]
    assert all(body not in content for content in files(root).values())
    stands = files(root / "out")
    assert codes(root, certificate, clear) == (0, [])
    assert files(root / "out") == stands


def test_a_customers_key_under_a_password_is_not_disclosed(tmp_path: Path, authority: Authority) -> None:
    """It is opened by the password file and stays unmarked; neither key nor password is written or shown."""
    root = repository(tmp_path / "certs", park_nicollet=CUSTODY_CUSTOMER)
    assert sitecert("-C", root, "compile").code == 0
    key = rsa_key("customer")
    issued = given(
        tmp_path, "a.pem", authority.issue(key.public_key(), NAMES, days=ALLOWED_DAYS), authority.intermediate
    )
    locked = given(tmp_path, "locked.key", pem_key(key, b"pass phrase"))
    passwords = given(tmp_path, "passwords", b"guess\r\npass phrase\n")
    ran = take(root, issued, locked, "--password-file", passwords, "-vv")
    assert ran.code == 0
    folder = root / "out/park-nicollet/generation-1"
    assert json.loads((folder / "manifest.json").read_bytes()).get("disclosed", False) is False
    assert b"-----BEGIN AGE ENCRYPTED FILE-----" in (folder / "server.key.age").read_bytes()
    assert "pass phrase" not in ran.out + ran.err
    assert all(b"pass phrase" not in content for content in files(root).values())
