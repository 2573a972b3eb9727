"""Write a pack where nothing is yet: whole or not at all, for its owner's eyes alone."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from sitecert.write.files import TEMPORARY, naming, sync_folder, write_new

FOLDER_MODE = 0o700
FILE_MODE = 0o600
CERTIFICATE_MODE = 0o644
"""Of a file that everybody may read."""


@contextmanager
def new_folder(target: Path, files: Mapping[str, bytes]) -> Iterator[None]:
    """Write files into a new folder: built beside with mode 0700, renamed once the caller's block is done.

    Raises FileExistsError where `target` is taken, OSError that names it where the disk refuses; nothing
    is left then, nor where the block raises. What the block does is done before anybody sees the folder.
    """
    with naming(target):
        _refuse_taken(target)
        made = _beside(target)
    try:
        with naming(target):
            made.mkdir(mode=FOLDER_MODE)
            for name, content in files.items():
                write_new(made / name, content, FILE_MODE)
            sync_folder(made)
        yield
        with naming(target):
            # What came meanwhile is refused by rename(2), unless it is a folder with nothing in it.
            made = made.rename(target)
            sync_folder(target.parent)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


@contextmanager
def new_file(target: Path, content: bytes, mode: int = FILE_MODE) -> Iterator[None]:
    """Write a new file for its owner's eyes alone: beside, then renamed to a name that was taken exclusively.

    It comes into being, and raises, as `new_folder` does.
    """
    with naming(target):
        _refuse_taken(target)
        made = [_beside(target)]
    try:
        with naming(target):
            write_new(made[0], content, mode)
        yield
        with naming(target):
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
            made.append(target)
            os.replace(*made)  # noqa: PTH105 - Path.replace hides that it is rename(2)
            sync_folder(target.parent)
    except BaseException:
        for path in made:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        raise


def is_taken(target: Path) -> bool:
    """Say whether something has this name; a link that leads nowhere has it too."""
    return os.path.lexists(target)


def holds_folder(target: Path, files: Mapping[str, bytes]) -> bool:
    """Say whether `target` is a folder with just these files; raises OSError where it cannot be read."""
    if target.is_symlink() or not target.is_dir() or {each.name for each in target.iterdir()} != {*files}:
        return False
    return all(holds_file(target / name, content) for name, content in files.items())


def holds_file(target: Path, content: bytes) -> bool:
    """Say whether `target` is a regular file with just this content; raises OSError as reading does."""
    status = target.lstat()
    return stat.S_ISREG(status.st_mode) and status.st_size == len(content) and target.read_bytes() == content


def _refuse_taken(target: Path) -> None:
    if is_taken(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.{token_hex(4)}{TEMPORARY}")
