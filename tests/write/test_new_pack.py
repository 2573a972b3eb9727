"""A pack appears whole or not at all, whatever the disk says and whenever."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sitecert.write.pack import new_file, new_folder
from support.repository import environment

FOLDER = "new_folder(Path('pack'), {'a': b'1', 'b': b'2'})"
FILE = "new_file(Path('pack'), b'12')"
REFUSED = """
from pathlib import Path
from sitecert.write.pack import new_file, new_folder
try:
    with {write}:
        pass
except OSError as error:
    print("refused", error.filename)
else:
    print("written")
"""


def attempt(folder: Path, write: str, fault: str) -> str:
    """Write in a process whose system calls fail as told; return what it says."""
    call = fault.partition(":")[0]
    strace = ["strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={fault}"]
    command = [*strace, sys.executable, "-B", "-c", REFUSED.format(write=write)]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.system("strace")
@pytest.mark.parametrize(
    ("write", "call", "calls"),
    [
        (FOLDER, "fsync", 4),
        (FOLDER, "rename", 1),
        (FOLDER, "mkdir", 1),
        (FILE, "fsync", 2),
        (FILE, "rename", 1),
    ],
)
@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_a_failure_leaves_nothing(tmp_path: Path, write: str, call: str, calls: int, error: str) -> None:
    """At each of the calls by which it is written, the last sync of the folder included."""
    for number in range(1, calls + 1):
        assert attempt(tmp_path, write, f"{call}:error={error}:when={number}") == "refused pack"
        assert list(tmp_path.iterdir()) == []
    assert attempt(tmp_path, write, f"{call}:error={error}:when={calls + 1}") == "written"
    assert [path.name for path in tmp_path.iterdir()] == ["pack"]


@pytest.mark.parametrize("kind", ["file", "folder", "full folder", "link"])
def test_a_taken_name_stays_as_it_is(tmp_path: Path, kind: str) -> None:
    """Nothing is written beside it either."""
    target = tmp_path / "pack"
    if "folder" in kind:
        target.mkdir()
    if kind == "full folder":
        (target / "mine").touch()
    if kind == "file":
        target.write_bytes(b"mine")
    if kind == "link":
        target.symlink_to("nowhere")
    before = target.lstat()
    with pytest.raises(FileExistsError), new_folder(target, {"a": b"1"}):
        pytest.fail("there is something")
    with pytest.raises(FileExistsError), new_file(target, b"1"):
        pytest.fail("there is something")
    assert target.lstat() == before
    assert list(tmp_path.iterdir()) == [target]
