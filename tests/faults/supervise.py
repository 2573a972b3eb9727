"""Run a program, and answer every system call of it that changes a watched file.

The kernel stops the program and all that it starts, at each call of `faults.syscalls`, until the supervisor
has answered (SECCOMP_RET_USER_NOTIF, seccomp_unotify(2)). No process of the tree can be missed: a filter is
inherited and cannot be taken off. A call on a file below the watched folders is a *point*; points are counted
from 1.

While a point waits for its answer no further change can begin anywhere in the tree: the disk is that of a
kill (or of a loss of power) at this instant, and a callback may copy it, or take the power away. What a kill
after a call leaves is what a kill before the next point leaves; the last point's *after* is the end of the
run. So a run of N points has N + 1 places to be killed at: before each of `Ran.points`, and the end.

A change of another process that was let go on may still be under way at a point. The two are concurrent, so a
copy of the disk that has half of it is a disk that a loss of power could leave, too.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from faults.filter import program
from faults.group import Group
from faults.processes import GONE, Asked, changed_files
from faults.syscalls import BY_NUMBER, SHARED_MAPPING, Kind

LAUNCH = Path(__file__).parent / "launch.py"
SECONDS = 120
"""A run takes a few seconds; one that the kernel tells nothing of for so long is a failure."""

# linux/seccomp.h: struct seccomp_notif, struct seccomp_notif_resp, and the requests that carry them.
NOTIFICATION, RESPONSE = struct.Struct("=QIIiIQ6Q"), struct.Struct("=QqiI")
RECEIVE, SEND, CONTINUE = 0xC0502100, 0xC0182101, 1


@dataclass(frozen=True)
class Point:
    """A call that changes a watched file: its place in the run, and what it is."""

    number: int
    call: str
    kind: Kind
    path: str
    """Below the watched folder's parent; empty for a call that means all files."""
    creates: bool
    """The file is not there yet."""
    process: int
    program: str

    def __str__(self) -> str:
        """Say it to a person."""
        return f"{self.number}: {self.program} {self.call} {self.path}".rstrip()


@dataclass(frozen=True)
class Fail:
    """The answer "it failed", with an error of `errno`."""

    errno: int


@dataclass(frozen=True)
class Done:
    """The answer "it is done", though it is not: a sync that lies."""


@dataclass(frozen=True)
class Kill:
    """Kill one process: the one at the point, or `shell_of` it. The others live on."""

    process: int


@dataclass(frozen=True)
class KillAll:
    """Kill all that runs, at once."""


Answer = Fail | Done | Kill | KillAll | None
"""None lets the call go on."""


@dataclass(frozen=True)
class Ran:
    """How a run ended: its exit code (negative: the signal), what it said, and its points."""

    returncode: int
    stdout: str
    stderr: str
    points: tuple[Point, ...]


def supervise(
    command: Sequence[str], watched: Sequence[Path], at: Callable[[Point], Answer] = lambda _: None
) -> Ran:
    """Run a command to the end of its last process, asking `at` at every point.

    Raise TimeoutError where it hangs, and OSError where this kernel or user cannot supervise.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, Group() as group:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            launcher = [sys.executable, "-E", "-s", "-S", str(LAUNCH), str(theirs.fileno()), str(group.path)]
            process = subprocess.Popen(
                [*launcher, program().hex(), *command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
            theirs.close()
            received = socket.recv_fds(ours, 16, 1)[1]
        points: list[Point] = []
        if received:
            points = _Supervisor(received[0], process, group, watched, at).run_to_the_end()
        out.seek(0)
        err.seek(0)
        ran = Ran(process.wait(), out.read().decode(), err.read().decode(), tuple(points))
    if not received:
        raise OSError(f"cannot supervise: {ran.stderr}")
    return ran


class _Supervisor:
    """One run: hears of every call, and answers it."""

    def __init__(
        self,
        listener: int,
        process: subprocess.Popen[bytes],
        group: Group,
        watched: Sequence[Path],
        at: Callable[[Point], Answer],
    ) -> None:
        self._points: list[Point] = []
        self._listener = listener
        self._process = process
        self._group = group
        self._watched = [str(folder) for folder in watched]
        self._at = at

    def run_to_the_end(self) -> list[Point]:
        """Answer until no process is left that the filter is on, by POLLHUP; return the points."""
        ended = os.pidfd_open(self._process.pid)
        waiting = select.poll()
        waiting.register(self._listener, select.POLLIN)
        waiting.register(ended, select.POLLIN)
        try:
            while True:
                events = dict(waiting.poll(SECONDS * 1000))
                if not events:
                    raise TimeoutError(f"it hangs after {self._points[-1:]}")
                if ended in events:
                    self._process.wait()  # a zombie would keep the filter
                    waiting.unregister(ended)
                if events.get(self._listener, 0) & select.POLLIN:
                    self._hear()
                elif events.get(self._listener, 0) & select.POLLHUP:
                    return self._points
        finally:
            self._group.kill()
            self._process.wait()
            os.close(ended)
            os.close(self._listener)

    def _hear(self) -> None:
        buffer = bytearray(NOTIFICATION.size)
        try:
            fcntl.ioctl(self._listener, RECEIVE, buffer)
        except FileNotFoundError:
            return  # it was killed meanwhile
        identity, process, _, number, _, _, *arguments = NOTIFICATION.unpack(buffer)
        asked = Asked(process, BY_NUMBER[number], tuple(arguments))
        try:
            answer = self._answer(asked)
        except GONE:
            return
        if isinstance(answer, KillAll):
            self._group.kill()
            return
        error, flags = 0, CONTINUE
        if isinstance(answer, Kill):
            os.kill(answer.process, signal.SIGKILL)
        elif isinstance(answer, Fail):
            error, flags = -answer.errno, 0
        elif isinstance(answer, Done):
            flags = 0
        try:
            fcntl.ioctl(self._listener, SEND, RESPONSE.pack(identity, 0, error, flags))
        except FileNotFoundError:
            return  # it was killed meanwhile

    def _answer(self, asked: Asked) -> Answer:
        files = changed_files(asked)
        for file in files:
            for folder in self._watched:
                if file == folder or file.startswith(f"{folder}/"):
                    return self._at_point(asked, file, os.path.relpath(file, Path(folder).parent))
        if not files and asked.call.file is None:
            return self._at_point(asked, "", "")
        return None

    def _at_point(self, asked: Asked, file: str, label: str) -> Answer:
        if asked.call is SHARED_MAPPING:
            raise AssertionError(f"{label} is changed through memory, which cannot be seen")
        point = Point(
            len(self._points) + 1,
            asked.call.name,
            asked.call.kind,
            label,
            asked.creates(file),
            asked.process,
            asked.program(),
        )
        self._points.append(point)
        return self._at(point)
