"""install.sh, when a kill hits one of its processes and the others live on."""

from __future__ import annotations

import signal
from collections.abc import Iterable
from pathlib import Path

import pytest

from faults.judge import Court
from faults.processes import shell_of
from faults.scenes import Recording
from faults.server import QuickServer, State
from faults.supervise import Answer, Kill, Point, supervise
from faults.sweep import sweep
from faults.tally import Tally

pytestmark = pytest.mark.machine


def of_children(points: Iterable[Point]) -> list[int]:
    """Return one point for each program but the shell, call and file that there are."""
    found = {
        (point.program, point.call, Path(point.path).name): point.number
        for point in points
        if point.program not in {"sh", "dash"}
    }
    return sorted(found.values())


@pytest.mark.parametrize("chunk", range(2))
def test_the_shell_alone_is_killed(quick: QuickServer, court: Court, kill_tally: Tally, chunk: int) -> None:
    """What the shell had started lives on and ends its work; then as after any other kill."""
    start = quick.now()
    script = str(quick.pack / "install.sh")
    numbers = of_children(supervise(quick.command("apply"), quick.watched).points)[chunk::2]
    seen: dict[object, State] = {}
    for number in numbers:
        quick.become(start)

        def at(point: Point, number: int = number) -> Answer:
            return Kill(shell_of(point.process, script)) if point.number == number else None

        assert supervise(quick.command("apply"), quick.watched, at).returncode == -signal.SIGKILL
        seen[quick.now().disk.digest] = quick.now()
    killed = Recording(
        start, "apply", tuple(f"state {each}" for each in range(len(seen))), tuple(seen.values())
    )
    sweep(court, killed, kill_tally, first=chunk)


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
