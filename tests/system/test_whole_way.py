"""The whole way to a served certificate, by public commands alone: repository, pack, server, proof."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from smartsuite import Machine, UnobtainableError, userland
from support.packs import PASSPHRASE, SERVER, Bench, a_bench
from support.repository import a_repository, a_site_file

pytestmark = pytest.mark.machine
PROTECTED = ("--passphrase-file", "/root/passphrase")


def tree_of(release: str | None) -> Path | None:
    """Return the tree of another system, or none for this one."""
    try:
        return userland(release) if release else None
    except UnobtainableError as error:
        pytest.skip(str(error))


def unpack(machine: Machine, bench: Bench, *arguments: object) -> None:
    """Hand over as a tar, and unpack it on the machine as an operator would."""
    tar = machine.root / "root/pack.tar"
    ran = bench.handoff("-o", tar, *arguments)
    assert ran.code == 0, ran.err
    assert machine.run("tar", "-xf", "/root/pack.tar").returncode == 0
    checked = machine.run("sh", "-c", f"cd park-nicollet-{SERVER} && sha256sum -c SHA256SUMS")
    assert checked.returncode == 0, checked.stdout
    (machine.root / "root/passphrase").write_text(f"{PASSPHRASE}\n")


def install(machine: Machine, verb: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the unpacked install.sh; it must succeed."""
    ran = machine.run("sh", f"park-nicollet-{SERVER}/install.sh", verb, *options)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran


def verify(machine: Machine, bench: Bench, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `sitecert verify` in the network of the machine."""
    enter = ("nsenter", f"--net={machine.network.path}", "--")
    connect = [f"--connect={SERVER}=127.0.0.1"]
    command = ["-C", str(bench.repository.root), "verify", "park-nicollet", *connect, *arguments]
    return subprocess.run(
        [*enter, sys.executable, "-m", "sitecert", *command], capture_output=True, text=True, check=False
    )


def fingerprint(bench: Bench) -> str:
    """Return what the first generation's certificate is known by, as openssl says it."""
    leaf = bench.repository.root / "out/park-nicollet/generation-1/leaf.crt"
    command = ["openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", leaf]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return said.strip().partition("=")[2].replace(":", "").lower()


@pytest.mark.parametrize("version", ["8.0-1", "8.10"])
def test_with_a_key_of_the_repository(tmp_path: Path, version: str) -> None:
    """Compile, intake, handoff with the key under a passphrase, install, verify, record."""
    bench = a_bench(tmp_path, version=version)
    with Machine(tmp_path / "machine", version) as machine:
        assert verify(machine, bench).returncode == 1
        unpack(machine, bench, "-i", bench.identity, *bench.protected)
        install(machine, "check", *PROTECTED)
        install(machine, "apply", *PROTECTED)
        assert {machine.served(service.port) for service in machine.services} == {fingerprint(bench)}
        install(machine, "verify")
        seen = verify(machine, bench, "--record", "--at", "2026-06-01")
        assert seen.returncode == 0, seen.stdout + seen.stderr
        (evidence,) = (bench.repository.root / "evidence/park-nicollet").iterdir()
        assert fingerprint(bench) in evidence.read_text()
        machine.reboot()
        assert verify(machine, bench).returncode == 0


@pytest.mark.parametrize(
    ("version", "method", "release"),
    [
        ("5.x", "primary", None),
        ("5.x", "primary", "bullseye"),
        ("8.10", "alternate", None),
        ("8.10", "primary", "trixie"),
    ],
)
def test_with_a_key_of_the_server(tmp_path: Path, version: str, method: str, release: str | None) -> None:
    """The key is born on the server by either method of kb39324, and never leaves it."""
    key = "{custody: server, passphrase: true}" if method == "primary" else "{custody: server}"
    site = a_site_file(version=version, servers=f"[{SERVER}]", key=key)
    repository = a_repository(tmp_path / "certs", park_nicollet=site)
    assert repository.run("compile").code == 0
    bench = Bench(repository, tmp_path)
    with Machine(tmp_path / "machine", version, userland=tree_of(release)) as machine:
        out = repository.root / "out/park-nicollet"
        for path in (out / f"runbooks/{SERVER}/request.sh", out / "generation-1/openssl.cnf"):
            (machine.root / "root" / path.name).write_bytes(path.read_bytes())
        (machine.root / "root/passphrase").write_text(f"{PASSPHRASE}\n")
        options = PROTECTED if method == "primary" else ()
        made = machine.run("sh", "request.sh", "make", *options)
        assert made.returncode == 0, made.stderr
        returned = tmp_path / "server.csr"
        returned.write_text(made.stdout)
        assert repository.intake(returned).code == 0
        assert repository.certify().code == 0
        unpack(machine, bench)
        assert not (machine.root / f"root/park-nicollet-{SERVER}/server.key").exists()
        install(machine, "check")
        install(machine, "apply")
        assert {machine.served(service.port) for service in machine.services} == {fingerprint(bench)}
        assert verify(machine, bench).returncode == 0
        install(machine, "rollback")
        assert machine.live() == {}
        install(machine, "apply")
        assert verify(machine, bench).returncode == 0
