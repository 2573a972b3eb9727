"""Replacing files and generations: old or new, never half, whatever the moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sitecert.write.files import complete_folder, remove_folder, replace_file, replace_folder, write_new

OLD = {"server.key.age": b"old key", "server.csr": b"old request"}
NEW = {"server.key.age": b"new key", "server.csr": b"new request", "manifest.json": b"{}"}

REPLACE = """
import sys
from pathlib import Path
from sitecert.write.files import replace_folder
files = {"server.key.age": b"new key", "server.csr": b"new request", "manifest.json": b"{}"}
replace_folder(Path(sys.argv[1]), files)
"""


def content(folder: Path) -> dict[str, bytes]:
    """Return a folder's files."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    """A new generation stands under its name, and nothing is left beside it."""
    replace_folder(tmp_path / "generation-1", NEW)
    assert content(tmp_path / "generation-1") == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["generation-1"]


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    """A file that the new folder does not have is gone with the old one."""
    replace_folder(tmp_path / "generation-1", {**OLD, "extra": b""})
    replace_folder(tmp_path / "generation-1", NEW)
    assert content(tmp_path / "generation-1") == NEW


@pytest.mark.parametrize("left", [("new",), ("old", "new"), ("old",), ("gone",)])
def test_whatever_was_left_is_completed(tmp_path: Path, left: tuple[str, ...]) -> None:
    """From every state that a kill can leave, completion reaches the old folder or the new one."""
    target = tmp_path / "generation-1"
    for state in left:
        aside = tmp_path / f".generation-1.{state}"
        aside.mkdir()
        for name, data in (OLD if state == "old" else NEW).items():
            (aside / name).write_bytes(data)
    if left == ("new",):
        replace_folder(tmp_path / "other", OLD)
        (tmp_path / "other").rename(target)
    complete_folder(target)
    complete_folder(target)
    wanted = {("new",): OLD, ("old", "new"): NEW, ("old",): OLD}.get(left)
    assert (content(target) if target.exists() else None) == wanted
    assert not list(tmp_path.glob(".generation-1.*"))


def test_a_removed_folder_is_gone(tmp_path: Path) -> None:
    """Removal leaves nothing."""
    replace_folder(tmp_path / "generation-1", OLD)
    remove_folder(tmp_path / "generation-1")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_exists_is_never_overwritten_in_place(tmp_path: Path) -> None:
    """An exclusive write refuses what is there, symbolic links too."""
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "link", b"x")
    assert not (tmp_path / "elsewhere").exists()


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk refuses, the file is as it was and nothing lies beside it."""
    target = tmp_path / "document.md"
    replace_file(target, b"old")

    def refuse(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        replace_file(target, b"new")
    assert content(tmp_path) == {"document.md": b"old"}


@pytest.mark.system("strace")
def test_killed_at_every_change_a_folder_is_old_or_new(tmp_path: Path) -> None:
    """SIGKILL at every rename, fsync, write and unlink: completion gives the old folder or the new one."""
    seen = set()
    for call in ("mkdir", "fsync", "write", "rename", "unlinkat", "rmdir"):
        for nth in range(1, 12):
            target = tmp_path / f"{call}-{nth}" / "generation-1"
            replace_folder(target, OLD)
            injection = f"inject={call}:signal=SIGKILL:when={nth}"
            command = ["strace", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", injection]
            done = subprocess.run(
                [*command, sys.executable, "-c", REPLACE, str(target)], check=False, capture_output=True
            )
            killed = done.returncode == -signal.SIGKILL
            complete_folder(target)
            assert content(target) in (OLD, NEW), (call, nth)
            seen.add((call, killed, content(target) == NEW))
            if not killed:
                break
    assert ("rename", True, True) in seen, "no kill after the new folder was whole"
    assert ("fsync", True, False) in seen, "no kill before the new folder was whole"
