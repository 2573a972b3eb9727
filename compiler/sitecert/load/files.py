"""Read a file of the repository without following anything that leads elsewhere."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

from sitecert.model.document import Place
from sitecert.problems import Problem
from sitecert.problems.codes.files import NOT_A_REGULAR_FILE, OUTSIDE, TOO_LARGE, UNREADABLE
from sitecert.problems.wording import show_path

KINDS = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
)

# Where the system has them: follow no link, wait for no pipe's writer, translate no line ends.
OPEN_FLAGS = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)


def read_regular(root: Path, relative: str, limit: int, *, site: str | None = None) -> bytes | Problem:
    """Return the bytes of a regular file below `root`, or the problem that it is not one.

    `relative` is written with `/`; `limit` is the largest size allowed, in bytes. Every component below
    `root` is looked at before the file is opened, and what was opened is looked at again.
    """
    place = Place(show_path(relative), 1, 1)
    if leads_outside(relative):
        return OUTSIDE.at(place, "the path leads out of the repository", site=site)
    try:
        found = _unfit_component(root, relative)
        if found is not None:
            return NOT_A_REGULAR_FILE.at(place, found, site=site)
        content = _read(root / relative, limit)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return UNREADABLE.at(place, f"cannot be read: {reason}", site=site)
    if content is None:
        return NOT_A_REGULAR_FILE.at(place, "changed while it was read", site=site)
    if len(content) > limit:
        return TOO_LARGE.at(
            place, f"the file has more than {limit} bytes, which is the most allowed", site=site
        )
    return content


def walk_files(root: Path) -> Iterator[str]:
    """Yield every file below a folder, relative to it, sorted; folders that begin with a dot are left out."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        yield from ((Path(folder) / name).relative_to(root).as_posix() for name in sorted(files))


def leads_outside(relative: str) -> bool:
    """Tell whether a path is anything but a chain of names below the root, on any system."""
    parts = relative.split("/")
    return (
        any(part in {"", ".", ".."} for part in parts)
        or any(character in relative for character in "\\\0")
        or bool(PureWindowsPath(relative).drive)
    )


def is_folder(status: os.stat_result) -> bool:
    """Tell whether an entry, by its own status, is a real folder (on Windows: no junction either)."""
    return stat.S_ISDIR(status.st_mode) and not _is_junction(status)


def kind_of(status: os.stat_result) -> str:
    """Return what an entry is, in words, from its own status."""
    if _is_junction(status):
        return "a junction"
    return next((words for is_kind, words in KINDS if is_kind(status.st_mode)), "a device")


def _unfit_component(root: Path, relative: str) -> str | None:
    """Return what is wrong with the first component of a path that is no folder, or no file at its end."""
    path = root
    *folders, name = relative.split("/")
    for folder in folders:
        path /= folder
        status = path.lstat()
        if not is_folder(status):
            found = "a file" if stat.S_ISREG(status.st_mode) else kind_of(status)
            return f"{show_path(folder)} on the way to it is {found}, not a folder"
    status = (path / name).lstat()
    return None if stat.S_ISREG(status.st_mode) else f"is {kind_of(status)}, not an ordinary file"


def _read(path: Path, limit: int) -> bytes | None:
    """Return at most `limit` bytes and one more, or None where something else stands there by now."""
    with open(os.open(path, OPEN_FLAGS), "rb") as file:  # noqa: PTH123 - a descriptor, opened with flags
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return None
        return file.read(limit + 1)


def _is_junction(status: os.stat_result) -> bool:
    tag: int = getattr(status, "st_reparse_tag", 0)
    return tag != 0 and tag == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", 0)
