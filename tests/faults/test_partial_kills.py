"""install.sh, when a kill hits one of its processes and the others live on."""

from __future__ import annotations

import signal
from collections.abc import Sequence

import pytest

from faults.judge import Court
from faults.processes import shell_of
from faults.scenes import Recording, record
from faults.server import QuickServer, State
from faults.supervise import Answer, Kill, Point, supervise
from faults.sweep import sweep
from faults.tally import Tally

pytestmark = pytest.mark.machine


def of_children(points: Sequence[Point]) -> list[int]:
    """Return the first point of each call of each program but the shell."""
    found = {
        (point.program, point.call): point.number
        for point in reversed(points)
        if point.program not in {"sh", "dash"}
    }
    return sorted(found.values())


@pytest.mark.parametrize("chunk", range(2))
def test_the_shell_alone_is_killed(quick: QuickServer, court: Court, kill_tally: Tally, chunk: int) -> None:
    """What the shell had started lives on and ends its work; then as after any other kill.

    A disk that a kill of all leaves, too, is judged by the sweep of kills.
    """
    recording = record(quick, "apply")
    script = str(quick.pack / "install.sh")
    numbers = of_children(recording.points)[chunk::2]
    states: list[State] = []
    for number in numbers:
        quick.become(recording.start)

        def at(point: Point, number: int = number) -> Answer:
            return Kill(shell_of(point.process, script)) if point.number == number else None

        assert supervise(quick.command("apply"), quick.watched, at).returncode == -signal.SIGKILL
        states.append(quick.now())
    places = tuple(str(recording.points[number - 1]) for number in numbers)
    left = Recording(recording.start, "apply", places, tuple(states))
    judged_before = {state.disk.digest for state in recording.states}
    sweep(court, left, kill_tally, first=chunk, judged_before=judged_before)


@pytest.mark.parametrize("chunk", range(2))
def test_one_child_is_killed(quick: QuickServer, court: Court, kill_tally: Tally, chunk: int) -> None:
    """The shell hears of it, and ends like after any failure."""
    start = quick.now()
    numbers = of_children(supervise(quick.command("apply"), quick.watched).points)[chunk::2]
    judged: set[object] = set()
    typed = 0
    for number in numbers:
        quick.become(start)

        def at(point: Point, number: int = number) -> Answer:
            return Kill(point.process) if point.number == number else None

        typed += court.settles(supervise(quick.command("apply"), quick.watched, at), judged)
    kill_tally.add(points=len(numbers), repaired=typed, disks=len(judged))
