"""Write a pack where nothing is yet: whole or not at all, for its owner's eyes alone."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from sitecert.write.files import TEMPORARY, naming, sync_folder, write_new

FOLDER_MODE = 0o700
FILE_MODE = 0o600
CERTIFICATE_MODE = 0o644
"""Of a file that everybody may read."""


def write_new_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a new folder: built beside with mode 0700, then renamed.

    Raises FileExistsError where `target` is taken, OSError that names it where the disk refuses; nothing
    is left then.
    """
    with naming(target):
        _refuse_taken(target)
        made = _beside(target)
        try:
            made.mkdir(mode=FOLDER_MODE)
            for name, content in files.items():
                write_new(made / name, content, FILE_MODE)
            sync_folder(made)
            # What came meanwhile is refused by rename(2), unless it is a folder with nothing in it.
            made = made.rename(target)
            sync_folder(target.parent)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise


def write_new_file(target: Path, content: bytes, mode: int = FILE_MODE) -> None:
    """Write a new file for its owner's eyes alone: beside, then renamed to a name that was taken exclusively.

    Raises as `write_new_folder` does.
    """
    with naming(target):
        _refuse_taken(target)
        made = [_beside(target)]
        try:
            write_new(made[0], content, mode)
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


def _refuse_taken(target: Path) -> None:
    if is_taken(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.{token_hex(4)}{TEMPORARY}")
