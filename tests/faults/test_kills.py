"""install.sh, killed at every change that it makes to the disk."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest

from faults.judge import Court
from faults.scenes import KILLS, Recording, record
from faults.server import QuickServer, State
from faults.supervise import KillAll, supervise
from faults.sweep import VERBS, sweep
from faults.tally import Tally

pytestmark = pytest.mark.machine
CHUNKS = 3
RECOVERED = 8
"""Of so many kills, one is followed by the command that puts it right: the states were all judged already."""


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


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("verb", VERBS)
def test_a_real_kill_leaves_what_was_recorded(
    quick: QuickServer, court: Court, request: pytest.FixtureRequest, verb: str, chunk: int
) -> None:
    """SIGKILL for every process of the run, once in each different state: the disk is the recorded one.

    The live files are held against those of every place: how often the script asks whether a server answers
    yet differs from run to run, and so does a point's number.
    """
    if verb == "rollback":
        assert quick.run("apply").returncode == 0
    recording = record(quick, verb)
    states = recording.states[:-1]
    first = {state.disk.digest: number for number, state in reversed(list(enumerate(states, start=1)))}
    numbers = sorted(first.values())[chunk::CHUNKS]
    recorded = [state.disk.below("apache") for state in recording.states]
    for number in numbers:
        quick.become(recording.start)
        killed = supervise(
            quick.command(verb),
            quick.watched,
            lambda point, at=number: KillAll() if point.number == at else None,
        )
        assert killed.returncode == -signal.SIGKILL
        assert quick.now().disk.below("apache") in recorded, recording.places[number - 1]
        if number % RECOVERED == 0:
            quick.reboot()
            court.recovers(VERBS[number // RECOVERED % 2])
    Tally(request.node, "real kills").add(points=len(numbers), disks=len(numbers), repaired=0)
