"""The supervisor itself: it sees every change, and does what it is told at each."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faults.processes import shell_of
from faults.server import QuickServer
from faults.supervise import SECONDS, Answer, Done, Fail, Kill, KillAll, Point, supervise
from faults.syscalls import CALLS, WRITES, Kind

pytestmark = pytest.mark.machine
SHELLS = {"dash": ("dash",), "busybox": ("busybox", "sh")}
CHANGES = """\
cd "$1"
echo a >watched/a
(echo b | cat >watched/b) &
wait
mv watched/a watched/c
ln -s nowhere watched/link
chmod 600 watched/b
sync watched/b
cat watched/c >/dev/null
echo elsewhere >other/a
mkdir watched/folder
rmdir watched/folder
rm watched/c
"""
OF_OPEN_FILES = {call.name for call in CALLS if isinstance(call.file, int)}
LINGERS = """\
(setsid sleep 1000 & echo $! >"$1/other/first")
sleep 1000 &
echo $! >"$1/other/second"
echo a >"$1/watched/a"
"""
OUTLIVES = """\
(cat "$1/given" >"$1/watched/a"; echo b >"$1/watched/b")
echo c >"$1/watched/c"
"""
EXPECTED = [
    ("watched/a", {"open", "openat"}),
    ("watched/a", {"write", "writev"}),
    ("watched/b", {"open", "openat"}),
    ("watched/b", {"write", "writev"}),
    ("watched/c", {"rename", "renameat", "renameat2"}),
    ("watched/link", {"symlink", "symlinkat"}),
    ("watched/b", {"chmod", "fchmodat", "fchmodat2"}),
    ("watched/b", {"fsync"}),
    ("watched/folder", {"mkdir", "mkdirat"}),
    ("watched/folder", {"rmdir", "unlinkat"}),
    ("watched/c", {"unlink", "unlinkat"}),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a watched one in it."""
    for name in ("watched", "other"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture(params=SHELLS.values(), ids=SHELLS)
def run(
    folder: Path, request: pytest.FixtureRequest
) -> Callable[[str, Callable[[Point], Answer]], tuple[int, list[Point]]]:
    """Return a function that runs a script under a supervisor; it returns the exit code and the points."""

    def run(script: str, at: Callable[[Point], Answer] = lambda _: None) -> tuple[int, list[Point]]:
        command = [*request.param, "-c", script, "sh", str(folder)]
        ran = supervise(command, [folder / "watched"], at)
        return ran.returncode, list(ran.points)

    return run


@pytest.mark.system("dash", "busybox")
def test_every_change_is_a_point(run: Callable[..., tuple[int, list[Point]]]) -> None:
    """In order, each with its file; what is read, and what lies elsewhere, is none. Doing it twice is one."""
    code, points = run(CHANGES)
    assert code == 0
    # mv tries renameat2 without replacing first, which no shell asks for.
    seen = [
        point for point, before in zip(points, [None, *points], strict=False) if not _again(point, before)
    ]
    assert [point.path for point in seen] == [path for path, _ in EXPECTED]
    assert all(point.call in calls for point, (_, calls) in zip(seen, EXPECTED, strict=True))


def _again(point: Point, before: Point | None) -> bool:
    return before is not None and (point.path, point.program) == (before.path, before.program) == (
        point.path,
        "mv",
    )


@pytest.mark.system("strace")
def test_nothing_is_missed(quick: QuickServer) -> None:
    """A second way to count, strace, counts as many calls of each kind in the same run of install.sh."""
    start = quick.now()
    supervised = Counter(point.call for point in supervise(quick.command("apply"), quick.watched).points)
    quick.become(start)
    assert supervised == Counter(_traced(quick))


def _traced(quick: QuickServer) -> Iterator[str]:
    """Yield the names of calls that strace sees changing watched files; it writes a file for each process."""
    names = ",".join(f"?{call.name}" for call in CALLS)
    options = [
        "-ff",
        "-y",
        "-qq",
        "-s",
        "0",
        "-e",
        f"trace=chdir,fchdir,{names}",
        "-o",
        str(quick.root / "trace"),
    ]
    subprocess.run(
        ["strace", *options, *quick.command("apply")],
        capture_output=True,
        check=True,
        stdin=subprocess.DEVNULL,
        timeout=SECONDS,
    )
    for path in quick.root.glob("trace.*"):
        folder = Path.cwd()
        for line in path.read_text().splitlines():
            name, _, arguments = line.partition("(")
            if name.endswith("chdir"):
                (moved,) = re.findall('["<](.*)[">]', arguments.partition(")")[0])
                folder /= moved
            elif _changes(name, arguments, folder, quick):
                yield name


def _changes(name: str, arguments: str, folder: Path, quick: QuickServer) -> bool:
    """Say whether a call, as strace shows it, changes a watched file (or every file)."""
    if name == "sync":
        return True
    if name.startswith("open") and not re.search("O_WRONLY|O_RDWR|O_CREAT|O_TRUNC", arguments):
        return False
    if name == "ioctl" and "FICLONE" not in arguments:
        return False
    if name in {"copy_file_range", "splice"}:
        arguments = arguments.split(", ", 2)[2]
    if name in OF_OPEN_FILES:
        named = re.findall("<(.*?)>", arguments.split(", ")[0])
    else:
        start, *_ = [*map(Path, re.findall("<(.*?)>", arguments)), folder]
        named = [start / path for path in re.findall('"(.*?)"', arguments)] or [start]
    return any(f"{path}/".startswith(f"{watched}/") for path in named for watched in quick.watched)


def lives(process: int) -> bool:
    """Say whether a process is there and is more than its exit code."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}


@pytest.mark.system("dash", "busybox")
def test_a_kill_leaves_no_process(run: Callable[..., tuple[int, list[Point]]], folder: Path) -> None:
    """Not one that runs in the background, in a session of its own, or as a child of a child that ended."""
    code, points = run(LINGERS, lambda _: KillAll())
    assert (code, len(points)) == (-signal.SIGKILL, 1)
    assert not (folder / "watched/a").exists()
    for name in ("first", "second"):
        assert not lives(int((folder / "other" / name).read_text()))


@pytest.mark.system("dash", "busybox")
def test_a_kill_of_the_shell_alone(run: Callable[..., tuple[int, list[Point]]], folder: Path) -> None:
    """What the shell had started lives on and ends its work."""
    (folder / "given").write_text("given")

    def at(point: Point) -> Answer:
        return Kill(shell_of(point.process, str(folder))) if point.program == "cat" else None

    code, points = run(OUTLIVES, at)
    assert code == -signal.SIGKILL
    assert [point.path for point in points if point.program == "cat"]
    assert (folder / "watched/a").read_text() == "given"
    assert not (folder / "watched/c").exists()


@pytest.mark.system("dash", "busybox")
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_refusal(run: Callable[..., tuple[int, list[Point]]], folder: Path, number: int) -> None:
    """The program sees the error, and the disk does not change."""
    script = f"echo a >{folder}/watched/a && echo not seen >{folder}/other/a"
    code, points = run(script, lambda point: Fail(number) if point.number == 2 else None)
    assert code != 0
    assert (folder / "watched/a").read_bytes() == b""
    assert not (folder / "other/a").exists()
    assert [point.number for point in points][:2] == [1, 2]


@pytest.mark.system("dash", "busybox")
def test_a_lie(run: Callable[..., tuple[int, list[Point]]]) -> None:
    """A call that is said to be done, and is not."""
    code, points = run(
        'echo a >"$1/watched/a" && sync "$1/watched/a"',
        lambda point: Done() if point.kind is Kind.FLUSHES else None,
    )
    assert (code, points[-1].call) == (0, "fsync")


def test_a_change_through_memory_is_not_overlooked(folder: Path) -> None:
    """A shared mapping that can be written ends the supervision loudly."""
    (folder / "watched/a").write_bytes(bytes(4096))
    program = "import mmap, os, sys\nfile = os.open(sys.argv[1], os.O_RDWR)\nmmap.mmap(file, 4096)[0] = 1\n"
    command = ["/usr/bin/python3", "-c", program, str(folder / "watched/a")]
    with pytest.raises(AssertionError, match="through memory"):
        supervise(command, [folder / "watched"])
    assert (folder / "watched/a").read_bytes() == bytes(4096)


def test_what_opens_for_writing() -> None:
    """The bits that make an open a change are those of POSIX."""
    assert WRITES & os.O_ACCMODE == os.O_WRONLY | os.O_RDWR
