"""A machine leaves nothing but its folder, however the test ends."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from smartsuite import Machine
from smartsuite.cache import CACHE

pytestmark = pytest.mark.machine
TESTS = Path(__file__).parents[1]
SECONDS = 60
"""So long the kernel is given; it takes a fraction of one."""

BOOTS_AND_WAITS = """
import sys
from pathlib import Path
from smartsuite import Machine
with Machine(Path(sys.argv[1]), sys.argv[2]) as machine:
    print(*machine.processes, flush=True)
    sys.stdin.read()
"""


def left_of(processes: tuple[int, ...], folder: Path) -> list[str]:
    """Return the mounts and control groups that the host has of a machine."""
    mounts = Path("/proc/self/mountinfo").read_text().splitlines()
    # Groups of other tests come and go meanwhile; find does not mind.
    named = [word for process in processes for word in ("-o", "-name", f"smartsuite-{process}")]
    found = subprocess.run(
        ["find", "/sys/fs/cgroup", *named[1:]], capture_output=True, text=True, check=False
    )
    return [line for line in mounts if str(folder) in line] + found.stdout.split()


def ends(process: int) -> bool:
    """Wait until a process has ended."""
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    ended, _, _ = select.select([handle], [], [], SECONDS)
    os.close(handle)
    return bool(ended)


@pytest.mark.parametrize("version", ["5.x", "8.1"])
def test_after_a_test_that_failed(tmp_path: Path, version: str) -> None:
    """Its processes are dead, its mounts and groups gone, when the test's own exception goes on."""
    processes: tuple[int, ...] = ()
    try:
        with Machine(tmp_path, version) as machine:
            processes = machine.processes
            raise ZeroDivisionError  # noqa: TRY301  a test's own exception
    except ZeroDivisionError:
        for process in processes:
            assert not Path(f"/proc/{process}").exists()
    assert len(processes) == 2
    assert left_of(processes, tmp_path) == []


@pytest.mark.parametrize("version", ["5.x", "8.1"])
def test_after_a_test_that_was_killed(tmp_path: Path, version: str) -> None:
    """Whoever boots a machine may be killed outright: the machine dies with it."""
    test = subprocess.Popen(
        [sys.executable, "-c", BOOTS_AND_WAITS, tmp_path, version],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path]),
            "XDG_CACHE_HOME": str(CACHE.parent),
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with test:
        assert test.stdout
        processes = tuple(int(word) for word in test.stdout.readline().split())
        assert len(processes) == 2
        test.send_signal(signal.SIGKILL)
    assert all(ends(process) for process in processes)
    assert left_of(processes, tmp_path) == []


@pytest.mark.parametrize("version", ["5.x", "8.1"])
def test_after_its_keeper_was_killed(tmp_path: Path, version: str) -> None:
    """No machine outlives the process that is there to end it."""
    with Machine(tmp_path, version) as machine:
        leader, keeper = machine.processes
        os.kill(keeper, signal.SIGKILL)
        assert ends(leader)
    groups = left_of((leader, keeper), tmp_path)  # empty, and nobody is there to remove them
    subprocess.run(["find", *groups, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"], check=True)
    assert left_of((leader, keeper), tmp_path) == []
