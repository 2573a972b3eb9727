"""Write so that a reader, a crash or a power loss sees the old bytes or the new ones, never half."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

TEMPORARY = ".tmp"


def replace_file(target: Path, content: bytes) -> None:
    """Write `content` to `target` durably: a new file beside it, fsync, rename, fsync of the folder.

    Raises OSError that names `target`.
    """
    with naming(target):
        make_folder(target.parent)
        if target.is_dir():
            target.rmdir()
        beside = target.with_name(f".{target.name}.{token_hex(4)}{TEMPORARY}")
        try:
            write_new(beside, content)
            os.replace(beside, target)  # noqa: PTH105 - Path.replace hides that it is rename(2)
        except BaseException:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise
        sync_folder(target.parent)


def write_new(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Create `path`, which must not exist, and write `content` durably; the folder is not synced."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def create_file(target: Path, content: bytes) -> None:
    """Write `content` durably to `target`, which must not exist; no file is left by a failure.

    Raises OSError that names `target`, FileExistsError where something stands there.
    """
    with naming(target):
        make_folder(target.parent)
        try:
            write_new(target, content)
        except FileExistsError:
            raise
        except BaseException:
            with suppress(OSError):
                target.unlink(missing_ok=True)
            raise
        sync_folder(target.parent)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it; their names are durable."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in missing:
        sync_folder(each.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can (Windows has no such call)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Replace a folder as a whole: built beside, the old one aside, the new one in, the old one gone.

    The key and its request are both durable before the folder appears under its name. Raises OSError
    that names `target`; the old folder or the new one then stands, perhaps aside: `complete_folder`.
    """
    complete_folder(target)
    new, old, _ = folders_aside(target)
    with naming(target):
        make_folder(target.parent)
        try:
            new.mkdir()
            for name, content in files.items():
                write_new(new / name, content)
            sync_folder(new)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        with suppress(FileNotFoundError):
            target.rename(old)
        new.rename(target)
        sync_folder(target.parent)
        if old.exists():
            shutil.rmtree(old)


def complete_folder(target: Path) -> None:
    """Complete a replacement of `target` that was interrupted, whatever the moment; idempotent."""
    new, old, gone = folders_aside(target)
    with naming(target):
        if not target.exists() and old.exists():
            (new if new.exists() else old).rename(target)
            sync_folder(target.parent)
        for left in (new, old, gone):
            if left.exists():
                shutil.rmtree(left)


def remove_folder(target: Path) -> None:
    """Remove a folder so that no half of it is ever seen under its name; one that is gone is fine."""
    complete_folder(target)
    gone = folders_aside(target)[2]
    with naming(target):
        if target.exists():
            target.rename(gone)
            sync_folder(target.parent)
            shutil.rmtree(gone)


def folders_aside(target: Path) -> tuple[Path, Path, Path]:
    """Return where a folder is built, where the old one stands meanwhile, where one goes to be removed."""
    new, old, gone = (target.with_name(f".{target.name}.{state}") for state in ("new", "old", "gone"))
    return new, old, gone


def write_missing(path: Path, content: bytes) -> bool:
    """Write a file that is not there yet; return whether it was written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_new(path, content)
    except FileExistsError:
        return False
    return True


@contextmanager
def naming(target: Path) -> Iterator[None]:
    """Let an OSError name the file that is written, not the one beside it, nor none at all."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(target), None
        raise
