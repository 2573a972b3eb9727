"""What is not handed over, and what the problem says."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives import serialization

from support.authority import rsa_key
from support.commands import sitecert
from support.packs import KEY, PASSPHRASE, SERVER, SERVERS, Bench, opened
from support.repository import a_repository, a_site_file, private_key_of


def refused(bench: Bench, *arguments: object, code: int = 1, target: str = SERVER, piped: bytes = b"") -> str:
    """Return what a refusal says; it leaves nothing where the pack would be."""
    ran = bench.handoff(*arguments, target=target, piped=piped)
    assert ran.code == code, ran.err
    assert ran.out == ""
    assert [path.name for path in bench.folder.iterdir() if "pack" in path.name] == []
    return ran.err


def test_a_customer_is_given_no_key(bench: Bench) -> None:
    """Options that open a key have no place beside a pack for the customer; nor has a date for a server."""
    root = bench.repository.root
    options = ("-o", bench.pack, "-i", bench.identity, *bench.protected)
    ran = sitecert("-C", root, "handoff", "park-nicollet", *options)
    assert ran.code == 3
    said = "error: -i and --passphrase-file: a customer is never given a private key; its pack holds none"
    assert ran.err.splitlines()[0] == said
    assert "--at: a server's pack depends on no date" in refused(
        bench, *options, "--at", "2026-06-01", code=3
    )


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("spokwb.parknicolet.com", f"did you mean {SERVER}?"),
        ("spokwb", f"did you mean {SERVER}?"),
        ("mail", f'--server: the site has no "mail"; there are: {SERVER}'),
        ("load-balancer", f"the load balancer gets no runbook; there are: {SERVER}"),
        ("", f'--server: the site has no ""; there are: {SERVER}'),
    ],
)
def test_a_target_without_a_runbook_is_named(bench: Bench, target: str, says: str) -> None:
    """With the servers that there are, and the one that was meant."""
    said = refused(bench, "-i", bench.identity, *bench.protected, target=target)
    assert "error[SC703]" in said
    assert says in said


def test_a_site_that_does_not_exist_is_named(bench: Bench) -> None:
    """As by every command that takes one site; two are too many."""
    options = ("--server", SERVER, "-o", bench.pack)
    ran = sitecert("-C", bench.repository.root, "handoff", "park-nicolet", *options)
    assert ran.code == 1
    assert "did you mean park-nicollet?" in ran.err
    root = a_repository(bench.folder / "two", one=a_site_file(), other=a_site_file()).root
    ran = sitecert("-C", root, "handoff", "o*", *options)
    assert ran.code == 3
    assert "one site at a time: 'o*' names 2" in ran.err


def test_a_site_without_a_certificate_has_nothing_to_hand_over(tmp_path: Path) -> None:
    """The hint names the command that takes one in."""
    bench = Bench(a_repository(tmp_path / "certs"), tmp_path)
    assert bench.repository.run("compile").code == 0
    said = refused(bench, "-i", bench.identity, *bench.protected)
    assert "error[SC701]: no certificate was taken in yet" in said
    assert "sitecert intake" in said


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (f"runbooks/{SERVER}/install.sh", "was edited after sitecert wrote it"),
        ("generation-1/server.crt", "was edited after sitecert wrote it"),
        ("generation-1/leaf.crt", "error[SC401]"),
        ("generation-1/server.key.age", "error[SC401]"),
    ],
)
def test_an_edited_file_is_not_handed_over(compiled: Bench, tmp_path: Path, damage: str, says: str) -> None:
    """What was approved is what goes out: anything else is stale or damaged."""
    bench = compiled.copy(tmp_path)
    path = bench.repository.root / "out/park-nicollet" / damage
    path.write_bytes(path.read_bytes() + b"\n")
    said = refused(bench, "-i", bench.identity, *bench.protected)
    assert f"out/park-nicollet/{damage}:1:1: error[SC" in said
    assert says in said


def test_a_stale_runbook_is_not_handed_over(compiled: Bench, tmp_path: Path) -> None:
    """An edit of the site that was not compiled yet; a compile mends it."""
    bench = compiled.copy(tmp_path)
    bench.repository.site(servers=f"[{{name: {SERVER}, https_port: 8444}}]")
    said = refused(bench, "-i", bench.identity, *bench.protected)
    assert "error[SC702]: is not what the site says: the site, sitecert.yaml" in said
    assert "help: run `sitecert compile park-nicollet`" in said
    assert bench.repository.run("compile").code == 0
    bench.hand_over()
    assert "HTTPS_PORT=8444" in (bench.pack / "install.sh").read_text()


def test_another_sites_problems_and_strays_do_not_matter(compiled: Bench, tmp_path: Path) -> None:
    """At two in the morning, what is broken elsewhere stops nobody."""
    bench = compiled.copy(tmp_path)
    bench.repository.write("out/stray.txt", "no site claims it\n")
    bench.hand_over()
    bench.repository.write("sites/broken.yaml", "customer: [\n")
    said = bench.hand_over("-o", tmp_path / "again").err
    assert "broken" not in said


def test_an_identity_of_somebody_else_is_refused(bench: Bench) -> None:
    """The hint shows how age itself would open the key."""
    other = bench.folder / "other.txt"
    other.write_text(f"{pyrage.x25519.Identity.generate()}\n")
    said = refused(bench, "-i", other, *bench.protected)
    assert f"{KEY}:1:1: error[SC704]: the private key is not encrypted to any of the identities given" in said
    assert f"`age -d -i ~/.ssh/id_ed25519 {KEY} | sitecert handoff park-nicollet --server {SERVER}" in said
    assert "AGE-SECRET-KEY" not in said
    assert bench.handoff("-i", other, "-i", bench.identity, *bench.protected).code == 0


@pytest.mark.system("ssh-keygen")
def test_an_ssh_identity_with_a_passphrase_is_sent_to_age(tmp_path: Path) -> None:
    """Without one it opens the key; with one the problem names the way."""
    private = tmp_path / "id_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", private], check=True)
    bench = Bench(a_repository(tmp_path / "certs", park_nicollet=a_site_file(**SERVERS)), tmp_path)
    bench.repository.configure(recipients=(private.with_suffix(".pub").read_text().strip(),))
    assert bench.repository.run("compile").code == 0
    assert bench.repository.certify().code == 0
    assert bench.handoff("-i", private, *bench.protected).code == 0
    shutil.rmtree(bench.pack)
    subprocess.run(["ssh-keygen", "-q", "-p", "-P", "", "-N", "a passphrase", "-f", private], check=True)
    said = refused(bench, "-i", private, *bench.protected)
    assert "the SSH identity has a passphrase" in said
    assert f"`age -d -i ~/.ssh/id_ed25519 {KEY} | sitecert handoff park-nicollet" in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "-i FILE is missing: the identity that opens the site's key"),
        (("--key", "server.key"), "--key: only `-`, standard input, is allowed"),
        (("--key", "-", "-i", "identity.txt"), "-i and --key: one of them opens the key, not both"),
        (("--key", "-", "--passphrase-file", "-"), "both would read standard input"),
        (
            ("-i", "identity.txt"),
            "there is no terminal to show a new passphrase on; give one with",
        ),
    ],
)
def test_options_that_do_not_go_together(bench: Bench, arguments: tuple[str, ...], says: str) -> None:
    """A contradiction is refused, and what is missing is named; nothing is read for it."""
    named = {"identity.txt": bench.identity}
    said = refused(bench, *(named.get(each, each) for each in arguments), code=3)
    assert says in said


def test_a_key_is_not_typed_at_a_terminal(bench: Bench) -> None:
    """It would stay in the scrollback."""
    command = ("-C", bench.repository.root, "handoff", "park-nicollet", "--server", SERVER, "-o", bench.pack)
    ran = sitecert(*command, "--key", "-", *bench.protected, typed="a key\n")
    assert ran.code == 3
    assert "standard input is a terminal; pipe the key in" in ran.err


@pytest.mark.system("openssl")
def test_the_key_may_be_piped_in(bench: Bench) -> None:
    """As `age -d` gives it out: PKCS#8 PEM, or in whichever PEM it is."""
    plain = private_key_of(bench.repository, KEY)
    ran = bench.handoff("--key", "-", *bench.protected, piped=plain)
    assert ran.code == 0, ran.err
    key = opened(bench.pack / "server.key", PASSPHRASE, "pkey")
    assert key.private_numbers() == bench.key.private_numbers()


@pytest.mark.parametrize(
    ("piped", "says"),
    [
        (b"", "error[SC704]: the private key cannot be read"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "the private key cannot be read"),
    ],
)
def test_what_is_piped_in_must_be_a_key(bench: Bench, piped: bytes, says: str) -> None:
    """Nothing of it is repeated."""
    said = refused(bench, "--key", "-", *bench.protected, piped=piped)
    assert says in said
    assert "AAAA" not in said


def test_an_encrypted_key_is_not_piped_in(bench: Bench) -> None:
    """It is to be opened first."""
    encryption = serialization.BestAvailableEncryption(PASSPHRASE.encode())
    pem = rsa_key().private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    said = refused(bench, "--key", "-", *bench.protected, piped=pem)
    assert "standard input:1:1: error[SC704]: the private key is encrypted" in said


def test_the_key_must_be_the_certificates(bench: Bench) -> None:
    """A server with a pair that does not match does not start."""
    pem = rsa_key("another").private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    said = refused(bench, "--key", "-", *bench.protected, piped=pem)
    assert "standard input:1:1: error[SC705]: the key that was opened does not belong" in said
    assert not [line for line in pem.decode().splitlines()[1:-1] if line in said]


def test_servers_behind_a_load_balancer_get_no_pack(tmp_path: Path) -> None:
    """Where only the load balancer has the certificate, the problem says so at its line."""
    site = a_site_file(load_balancer="{vendor: haproxy}", servers=f"[{SERVER}]")
    bench = Bench(a_repository(tmp_path / "certs", park_nicollet=site), tmp_path)
    assert bench.repository.run("compile").code == 0
    assert bench.repository.certify().code == 0
    said = refused(bench, "-i", bench.identity, *bench.protected)
    assert "error[SC703]: install_on: the certificate goes on the load balancer; the servers get no" in said
    assert "--server load-balancer" in said
