"""From a compiled site over its pack to a server that serves the new certificate."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitecert.pki.certificates import read_issued
from support.commands import sitecert
from support.given_requests import SITE, a_desk
from support.packs import PASSPHRASE, SERVER, Bench
from support.runbooks import a_generation
from support.stub_server import StubServer
from support.terminal import on_terminal, program_on_terminal

pytestmark = pytest.mark.system("openssl")


@pytest.fixture
def server(bench: Bench) -> Iterator[StubServer]:
    """Return a server that serves another certificate, with a real pack brought to it."""
    server = StubServer(bench.folder / "server")
    server.put_in_service(a_generation(1))
    _bring(bench, server)
    yield server
    server.stop()


def _bring(bench: Bench, server: StubServer) -> None:
    """Hand over, and bring the pack to the server."""
    bench.hand_over()
    shutil.rmtree(server.pack)
    bench.pack.rename(server.pack)
    script = server.pack / "install.sh"
    script.write_text(server.point(script.read_text()))
    (server.root / "passphrase").write_text(f"{PASSPHRASE}\n")


def fingerprint(bench: Bench) -> str:
    """Return the fingerprint of the certificate that was taken in."""
    leaf = bench.repository.read("out/park-nicollet/generation-1/leaf.crt")
    return read_issued(leaf, b"").leaf.fingerprint


def test_the_pack_puts_the_certificate_into_service(bench: Bench, server: StubServer) -> None:
    """Check is content, apply installs the pack's key, both services serve the certificate; all goes back."""
    before = server.live()
    checked = server.run("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert server.live() == before
    applied = server.run("apply")
    assert applied.returncode == 0, applied.stdout + applied.stderr
    assert {server.served(server.https), server.served(server.ords)} == {fingerprint(bench)}
    assert server.run("rollback").returncode == 0
    assert server.live() == before
    assert server.both_serve(a_generation(1))


def test_a_self_signed_site_serves_what_it_signed(tmp_path: Path) -> None:
    """Its certificate has no chain and no CA behind it: the runbook installs and proves it all the same."""
    desk = a_desk(tmp_path, issuer="self-signed")
    bench = Bench(desk.repository, tmp_path)
    signed = sitecert(
        "-C", desk.repository.root, "self-sign", SITE, "-i", bench.identity, "--at", "2026-01-01"
    )
    assert signed.code == 0, signed.err
    server = StubServer(tmp_path / "server")
    try:
        server.put_in_service(a_generation(1))
        _bring(bench, server)
        applied = server.run("apply")
        assert applied.returncode == 0, applied.stdout + applied.stderr
        assert {server.served(server.https), server.served(server.ords)} == {fingerprint(bench)}
    finally:
        server.stop()


@pytest.mark.parametrize("shell", [("dash",), ("busybox", "ash")], ids=" ".join)
def test_a_new_passphrase_is_typed_on_the_server(
    bench: Bench, server: StubServer, shell: tuple[str, ...]
) -> None:
    """What the terminal showed is what `read -r` takes, and it is not shown there."""
    if shutil.which(shell[0]) is None:
        pytest.skip(f"{shell[0]} is not installed")
    passphrase = shown_passphrase(bench)
    shutil.copy(bench.pack / "server.key", server.pack / "server.key")
    command = [*shell, str(server.pack / "install.sh"), "check"]
    code, shown = program_on_terminal(command, talk=((b"Passphrase of", f"{passphrase}\n".encode()),))
    assert code == 0, shown
    assert b"What was brought is right. Nothing was changed." in shown
    assert passphrase.encode() not in shown
    wrong = program_on_terminal(command, talk=((b"Passphrase of", f"{passphrase.upper()}\n".encode()),))
    assert wrong[0] == 1
    assert b"not as it must be; nothing was changed" in wrong[1]


def shown_passphrase(bench: Bench) -> str:
    """Hand over with a passphrase that is made, and return it as the terminal showed it."""
    command = ("-C", bench.repository.root, "handoff", "park-nicollet", "--server", SERVER)
    code, shown = on_terminal(*command, "-o", bench.pack, "-i", bench.identity)
    assert code == 0, shown
    return shown.decode().partition("shown this once:")[2].split()[0]


def test_a_file_that_was_changed_on_the_way_is_refused(server: StubServer) -> None:
    """The script knows the digests of what lies beside it, whoever made the list of checksums."""
    path = Path(server.pack / "server.crt")
    path.write_bytes(path.read_bytes() + b"\n")
    checked = server.run("check")
    assert checked.returncode == 1
    assert "not the file that was approved" in checked.stderr
