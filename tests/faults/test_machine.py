"""install.sh, killed around the change of each live file on a machine with the real services."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.judge import Court
from faults.machine import MachineServer
from faults.scenes import Recording, ends_of
from faults.server import State
from faults.supervise import Point, supervise
from faults.sweep import sweep
from faults.tally import Tally
from smartsuite import Machine
from support.runbooks import a_generation
from support.sites import a_site

pytestmark = pytest.mark.machine


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MachineServer]:
    """Return a machine that serves generation 1, and has the pack of generation 2."""
    with Machine(tmp_path, "8.1") as machine:
        machine.put_in_service(a_generation(1))
        machine.bring(a_site(), a_generation(2))
        yield MachineServer(machine)


def test_killed_around_each_rename(server: MachineServer, kill_tally: Tally) -> None:
    """Each different set of live files is booted by systemd, Apache and Jetty, and then put right."""
    court = Court(server, ends_of(server), server)
    server.machine.restart_services()
    start = server.now()
    states: dict[str, tuple[str, State]] = {}

    def look(point: Point) -> None:
        state = server.now()
        found = repr(sorted((name, file) for name, file in server.live().items() if name in court.names))
        states.setdefault(found, (f"before {point}", state))

    ran = supervise(server.command("apply"), server.watched, look)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    places, kept = zip(*states.values(), strict=True)
    sweep(court, Recording(start, "apply", places, kept), kill_tally, first=1)
