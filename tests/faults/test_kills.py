"""install.sh, killed at every change that it makes to the disk."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from faults.judge import Court
from faults.scenes import KILLS, Recording, record
from faults.server import QuickServer, State
from faults.sweep import VERBS, sweep
from faults.tally import Tally

pytestmark = pytest.mark.machine


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
