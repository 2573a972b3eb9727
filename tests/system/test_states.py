"""The state that a real server was in before: none of them stops an installation, each comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sitecert.model.generation import Generation
from sitecert.pki.certificates import issued_certificate
from smartsuite import Machine, Service
from support.authority import rsa_key
from support.runbooks import NAMES, a_generation, authority
from support.sites import a_site_on

pytestmark = pytest.mark.machine
OLD, NEW = a_generation(1), a_generation(2)
AMCOM = 501


@pytest.fixture(params=["5.x", "8.0-1", "8.10"])
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    """Return a machine that was never given a certificate, with the pack of generation 2."""
    with Machine(tmp_path, request.param) as machine:
        machine.bring(a_site_on(request.param), NEW)
        yield machine


def there_and_back(machine: Machine, state: str) -> None:
    """Install over a state that `check` names; roll back; everything is as it was."""
    before = machine.live()
    shown = [machine.served(service.port) for service in machine.services]
    checked = machine.install("check")
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.count(f": {state}\n") == len(machine.services), checked.stdout
    applied = machine.install("apply")
    assert applied.returncode == 0, applied.stdout + applied.stderr
    assert machine.both_serve(NEW)
    undone = machine.install("rollback")
    assert undone.returncode == 0, undone.stdout + undone.stderr
    assert machine.live() == before
    assert [machine.served(service.port) for service in machine.services] == shown
    again = machine.install("apply")
    assert again.returncode == 0, again.stdout + again.stderr
    assert machine.both_serve(NEW)


def test_a_first_installation(machine: Machine) -> None:
    """There is no certificate yet; its files get the owner of their directory, whose group ORDS is in."""
    there_and_back(machine, "none")
    owners = {(file[2], file[3]) for file in machine.live().values()}
    assert owners == {(AMCOM, AMCOM)}


def test_over_an_expired_certificate(machine: Machine) -> None:
    """Its clients have been complaining for a day; it is put back as it was, expired."""
    leaf = authority().issue(
        rsa_key("generation 1").public_key(),
        list(NAMES),
        not_before=datetime(2025, 1, 1, tzinfo=UTC),
        days=90,
    )
    machine.put_in_service(Generation(1, certificate=issued_certificate(leaf, [authority().intermediate])))
    there_and_back(machine, "expired")


def test_a_server_that_is_down(machine: Machine) -> None:
    """It is down because of its key; installing mends it, and rolling back breaks it again."""
    machine.put_in_service(OLD)
    (machine.keys / "server.key").write_bytes(b"no key at all\n")
    if Service.ORDS in machine.services:
        (machine.keys / "server.der").write_bytes(b"no key at all\n")
    machine.reboot()
    assert [machine.served(service.port) for service in machine.services] == [None] * len(machine.services)
    there_and_back(machine, "down")
