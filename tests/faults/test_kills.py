"""install.sh, killed at every change that it makes to the disk."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from faults.judge import Court
from faults.scenes import KILLS, Places, Recording, record
from faults.server import QuickServer, State
from faults.tally import Tally

pytestmark = pytest.mark.machine
VERBS = ("apply", "rollback")


def sweep(court: Court, recording: Recording, tally: Tally, *, reboots: bool, first: int = 0) -> None:
    """Kill a run at every point; judge what is left, and what one command makes of it."""
    repaired: set[object] = set()
    places = Places(recording)
    for number, state in enumerate(recording.disks):
        with places.at(state):
            court.server.become(state)
            if reboots:
                court.server.reboot()
                if not court.stands():
                    repaired.add(state.key)
            court.recovers(VERBS[(number + first) % 2])
    places.judge()
    lucky = sum(state.key in repaired for state in recording.states)
    tally.add(points=len(recording.states), repaired=lucky, disks=len(recording.disks))


@pytest.mark.parametrize("reboots", [True, False], ids=["and booted", "and left running"])
@pytest.mark.parametrize("verb", VERBS)
def test_killed(quick: QuickServer, court: Court, kill_tally: Tally, verb: str, *, reboots: bool) -> None:
    """Killed at any point, the site serves, or serves again after one command, whichever is typed."""
    if verb == "rollback":
        assert quick.run("apply").returncode == 0
    sweep(court, record(quick, verb), kill_tally, reboots=reboots, first=int(reboots))


@pytest.mark.parametrize("kill", KILLS.values(), ids=KILLS)
@pytest.mark.parametrize("verb", VERBS)
def test_killed_again(
    quick: QuickServer,
    court: Court,
    kill_tally: Tally,
    verb: str,
    kill: Callable[[Recording], State],
) -> None:
    """Killed, and killed again at any point of the command that puts it right: as after one kill."""
    quick.become(kill(record(quick, "apply")))
    quick.reboot()
    sweep(court, record(quick, verb), kill_tally, reboots=True)
