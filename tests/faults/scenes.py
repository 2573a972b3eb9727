"""The runs that faults are tried in, each recorded once at every point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from faults.disk import Disk
from faults.judge import Ends, Rest, without_numbers
from faults.server import Server, State
from faults.supervise import Point, Ran, supervise


@dataclass(frozen=True)
class Recording:
    """A run, and what it leaves if it is stopped: before each of its points, and at its end."""

    start: State
    verb: str
    places: tuple[str, ...]
    """What comes next at each place, for a person."""
    states: tuple[State, ...]
    points: tuple[Point, ...] = ()

    @property
    def disks(self) -> tuple[State, ...]:
        """Return each state once: states that differ only in their logs are one."""
        return tuple({state.key: state for state in self.states}.values())


def record(server: Server, verb: str) -> Recording:
    """Run a verb from where the server is, to its end, and look at every point."""
    states = [start := server.now()]

    def look(_: Point) -> None:
        states.append(server.now())

    ran = supervise(server.command(verb), server.watched, look)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return Recording(start, verb, places_of(ran), (*states[1:], server.now()), ran.points)


def places_of(ran: Ran) -> tuple[str, ...]:
    """Return the names of all places where a run can be stopped."""
    return (*(f"before {point}" for point in ran.points), f"at the end, after {len(ran.points)}")


def ends_of(server: Server) -> Ends:
    """Learn from runs without a fault what the old and the new state are; leave the server as it was."""
    start = server.now()
    old = _rest(server)
    applied = server.run("apply")
    assert applied.returncode == 0, applied.stdout + applied.stderr
    new = _rest(server)
    server.become(start)
    return Ends(old, new)


def _rest(server: Server) -> Rest:
    said = server.run("status")
    return Rest(server.live(), server.serves(), without_numbers(said.stdout))


def before_any_change(recording: Recording) -> State:
    """Return the last state in which no live file was touched."""
    return [state for state in recording.states if _live(state) == _live(recording.start)][-1]


def between_the_renames(recording: Recording) -> State:
    """Return the first state with a new key and the old certificate: the worst to be killed in."""
    key, certificate = "apache/conf/ssl.key/server.key", "apache/conf/ssl.crt/server.crt"
    start = recording.start.disk.files
    return next(
        state
        for state in recording.states
        if state.disk.files[key] != start[key] and state.disk.files[certificate] == start[certificate]
    )


def after_the_restart(recording: Recording) -> State:
    """Return the first state in which Apache was restarted."""
    return next(
        state for state in recording.states if state.serving.apache is not recording.start.serving.apache
    )


def _live(state: State) -> Disk:
    return state.disk.below("apache")


KILLS: dict[str, Callable[[Recording], State]] = {
    "before any change": before_any_change,
    "between the renames": between_the_renames,
    "after the restart": after_the_restart,
}
