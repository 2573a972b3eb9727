"""Judging a recorded run at every place where it could have been stopped."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from faults.judge import Court
from faults.scenes import Recording
from faults.server import State
from faults.tally import Tally

VERBS = ("apply", "rollback")
SHOWN = 400
"""How many characters of each failure are shown: there may be hundreds of failures."""


@dataclass(frozen=True)
class Places:
    """Where in a run judgements failed: all of them are told, not the first alone."""

    recording: Recording
    failures: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def at(self, state: State) -> Iterator[None]:
        """Judge inside: a failure is noted with the points that leave this state."""
        try:
            yield
        except AssertionError as error:
            self.failures.append(f"{self._where(state)}\n    {str(error)[:SHOWN]}")

    def _where(self, state: State) -> str:
        found = [
            name
            for name, each in zip(self.recording.places, self.recording.states, strict=True)
            if each.key == state.key
        ]
        return f"{self.recording.verb}, {found[0]}" + (f" ... {found[-1]}" if found[1:] else "")

    def judge(self) -> None:
        """Raise AssertionError where one failed."""
        assert not self.failures, f"{len(self.failures)} failures:\n" + "\n".join(self.failures)


def sweep(
    court: Court,
    recording: Recording,
    tally: Tally,
    *,
    reboots: bool = True,
    first: int = 0,
    judged_before: Collection[str] = (),
) -> None:
    """Judge what is left of a run at every point, and what one command makes of it.

    Each different state is judged once: it is booted, and then apply and rollback take turns, from `first`
    on. With `reboots` false the services are left running as the kill left them, where that differs.
    """
    repaired: set[object] = set()
    places, judged = Places(recording), 0
    states = [state for state in recording.disks if state.disk.digest not in judged_before]
    for number, state in enumerate(states):
        with places.at(state):
            court.server.become(state)
            running = court.server.serves()
            court.server.reboot()
            if not reboots:
                if court.server.serves() == running:
                    continue
                court.server.become(state)
            elif not court.stands():
                repaired.add(state.key)
            court.recovers(VERBS[(number + first) % 2])
            judged += 1
    places.judge()
    lucky = sum(state.key in repaired for state in recording.states)
    tally.add(points=len(recording.states), repaired=lucky, disks=judged)
