"""No secret is ever told: watched while install.sh runs on a real server."""

from __future__ import annotations

import re
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from smartsuite import Fault, Machine, Service
from support.authority import rsa_key
from support.runbooks import a_generation
from support.sites import a_site_on
from support.stub_server import PASSPHRASE

pytestmark = [pytest.mark.machine, pytest.mark.system("strace")]
OLD, NEW = a_generation(1), a_generation(2)
APPLY = ("sh", "/root/pack/install.sh", "apply")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """Return a machine of version 8.10 that serves generation 1 and has the pack of generation 2."""
    with Machine(tmp_path, "8.10") as machine:
        machine.put_in_service(OLD)
        machine.bring(a_site_on("8.10"), NEW)
        yield machine


def secrets_of(generation: int) -> list[bytes]:
    """Return what may never be told: the passphrase, and parts of the key in text, in DER, as a number."""
    key = rsa_key(f"generation {generation}")
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    lines = pem.splitlines()[1:-1]
    prime = key.private_numbers().p.to_bytes(128)
    return [PASSPHRASE.encode(), lines[len(lines) // 2], b64decode(b"".join(lines))[-64:], prime[:32]]


def test_arguments_and_environments(machine: Machine) -> None:
    """Every program that a run starts is seen with all its arguments and its whole environment."""
    trace = machine.root / "tmp/trace"
    watch = ("strace", "-f", "-qq", "-v", "-s", "100000", "-e", "trace=execve", "-o", "/tmp/trace")  # noqa: S108
    ran = machine.run(*watch, *APPLY, "--passphrase-file", "/root/passphrase")
    assert ran.returncode == 0, ran.stderr
    assert machine.both_serve(NEW)
    seen = trace.read_bytes()
    assert seen.count(b"execve(") > 100
    assert b"LC_ALL=C" in seen
    for secret in secrets_of(2):
        assert secret not in seen


@pytest.mark.parametrize("fault", [None, Fault.FAILS_ONCE])
def test_what_is_printed_and_kept(machine: Machine, fault: Fault | None) -> None:
    """Neither the terminal, nor the log, nor any file outside of the live ones and the backup has one."""
    if fault:
        machine.at_start(Service.ORDS, fault)
    ran = machine.install("apply")
    assert (ran.returncode == 0) == (fault is None)
    may_hold = {machine.root / "root/passphrase", *machine.keys.iterdir()}
    for path in (
        *machine.root.glob("root/**/*"),
        *machine.root.glob("tmp/**/*"),
        *machine.root.glob("opt/**/*"),
    ):
        if path.is_file() and not path.is_symlink() and path not in may_hold:
            content = path.read_bytes()
            for secret in secrets_of(2):
                assert secret not in content, path
    for secret in secrets_of(2):
        assert secret not in (ran.stdout + ran.stderr).encode()
    journal = machine.run("journalctl", "--no-pager").stdout.encode()
    assert not any(secret in journal for secret in secrets_of(2))


def test_who_may_read_the_backup(machine: Machine) -> None:
    """The way to it is root's alone; what lies in it keeps its modes, for they are put back."""
    assert machine.install("apply").returncode == 0
    site = machine.state / "park-nicollet"
    (run,) = site.glob("generation-2/run-1-*")
    for folder in (site, run.parent, run, run / "backup"):
        assert folder.stat().st_mode & 0o077 == 0
        assert folder.stat().st_uid == 0
    for path in run.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path
    seen = machine.run("setpriv", "--reuid=501", "--regid=501", "--clear-groups", "ls", "/root/sitecert")
    assert seen.returncode != 0


def test_no_core_and_no_trace(machine: Machine) -> None:
    """While it waits for a service: no core file is written, even where others are; a traced shell is not."""
    machine.at_start(Service.APACHE, Fault.HELD)
    process = machine.popen(
        "sh",
        "-c",
        'ulimit -c unlimited; exec sh -x "$0" "$@"',
        *APPLY[1:],
        "--passphrase-file",
        "/root/passphrase",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    with (machine.root / "opt/stand-in/apache.gate").open("w") as gate:
        (child,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        limits = Path(f"/proc/{child}/limits").read_text()
        assert re.search(r"Max core file size +0 +0 ", limits)
        machine.mend(Service.APACHE)
        gate.write("go on\n")
    said, _ = process.communicate()
    assert process.returncode == 0, said
    assert PASSPHRASE not in said
    assert "+ equal" not in said
