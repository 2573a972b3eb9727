"""install.sh, and a disk that is full, broken or read-only at every change that it makes to it."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from faults.disk import TALK
from faults.judge import Court
from faults.server import QuickServer, State
from faults.supervise import Answer, Fail, Point, supervise
from faults.sweep import SHOWN
from faults.syscalls import Kind
from faults.tally import Tally

pytestmark = pytest.mark.machine
CHUNKS = 3
MAKES = {"open", "creat", "openat", "openat2", "mkdir", "mkdirat", "rename", "renameat", "renameat2"}


def needs_room(point: Point) -> bool:
    """Say whether a call may find the disk full: it writes, or makes a name where there was none."""
    return point.kind is Kind.GROWS and (point.creates or point.call not in MAKES)


def flushes(point: Point) -> bool:
    """Say whether a call brings files to the disk."""
    return point.kind is Kind.FLUSHES


def changes(point: Point) -> bool:
    """Say whether a call is refused on a disk that can only be read: all are."""
    return point.number > 0


@dataclass(frozen=True)
class Refusal:
    """An error that calls of a kind get, once or from a point on."""

    number: int
    concerns: Callable[[Point], bool]
    lasts: bool

    def at(self, first: int) -> Callable[[Point], Answer]:
        """Return the answers of a run in which it begins at a point."""

        def answer(point: Point) -> Answer:
            is_now = point.number >= first if self.lasts else point.number == first
            return Fail(self.number) if is_now and self.concerns(point) else None

        return answer


REFUSALS = {
    "full once": Refusal(errno.ENOSPC, needs_room, lasts=False),
    "full from then on": Refusal(errno.ENOSPC, needs_room, lasts=True),
    "broken once at a flush": Refusal(errno.EIO, flushes, lasts=False),
    "read-only from then on": Refusal(errno.EROFS, changes, lasts=True),
}


def telling(points: list[tuple[Point, State]], *, lasts: bool) -> list[int]:
    """Return the points to try, the first of each kind that differs in more than the logs before it.

    A refusal that lasts is tried from the first point at each different disk; one of a flush, at the first of
    those between two changes. One that comes once is tried at each different call on each file at each
    different disk; at a log, once for each call.
    """

    def kind(point: Point, state: State) -> tuple[str, ...]:
        if lasts or point.kind is Kind.FLUSHES:
            return (state.disk.digest,)
        is_talk = Path(point.path).name in TALK
        return (point.call, point.path) if is_talk else (point.call, point.path, state.disk.digest)

    return sorted({kind(point, state): point.number for point, state in reversed(points)}.values())


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("name", REFUSALS)
def test_refused(
    quick: QuickServer, court: Court, request: pytest.FixtureRequest, name: str, chunk: int
) -> None:
    """A refusal at any point ends with the new certificate, or the old one, or says what to type."""
    refusal = REFUSALS[name]
    looked: list[tuple[Point, State]] = []
    start = quick.now()
    supervise(quick.command("apply"), quick.watched, lambda point: looked.append((point, quick.now())))
    concerned = [(point, state) for point, state in looked if refusal.concerns(point)]
    labels = {point.number: str(point) for point, _ in concerned}
    failures: list[str] = []
    numbers = telling(concerned, lasts=refusal.lasts)[chunk::CHUNKS]
    judged: set[object] = set()
    for number in numbers:
        quick.become(start)
        ran = supervise(quick.command("apply"), quick.watched, refusal.at(number))
        try:
            court.settles(ran, judged)
        except AssertionError as error:
            failures.append(f"{labels[number]}\n    {str(error)[:SHOWN]}")
    assert not failures, f"{len(failures)} failures:\n" + "\n".join(failures)
    Tally(request.node, f"disk {name}").add(points=len(numbers), repaired=0, disks=len(judged))
