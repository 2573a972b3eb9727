"""What the kernel tells of a process that waits in a system call: which files the call is about."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from faults.syscalls import At, Call

AT_FDCWD = -100
PATH_MAX = 4096
GONE = (FileNotFoundError, ProcessLookupError)
"""What is raised about a process that was killed meanwhile."""


@dataclass(frozen=True)
class Asked:
    """A call that waits: whose it is, which it is, and its arguments."""

    process: int
    call: Call
    arguments: tuple[int, ...]

    def creates(self, file: str) -> bool:
        """Say whether a file is not there yet, as the process sees it."""
        return not os.path.lexists(f"/proc/{self.process}/root{file}")

    def program(self) -> str:
        """Return the name of the program that the process runs."""
        return Path(f"/proc/{self.process}/comm").read_text().rstrip()


def changed_files(asked: Asked) -> list[str]:
    """Return the absolute paths of the files that a call changes; none for pipes, sockets and the like."""
    places = [place for place in (asked.call.file, asked.call.source) if place is not None]
    found = [_path(asked, place) if isinstance(place, At) else _open_file(asked, place) for place in places]
    return [path for path in found if path.startswith("/")]


def _open_file(asked: Asked, place: int) -> str:
    descriptor = _signed(asked.arguments[place])
    try:
        path = str(Path(f"/proc/{asked.process}/fd/{descriptor}").readlink())
    except FileNotFoundError:
        if not Path(f"/proc/{asked.process}").exists():
            raise
        return ""  # no such descriptor: the call fails
    return path.removesuffix(" (deleted)")


def _path(asked: Asked, place: At) -> str:
    """Return the path that a call names, its folder without symbolic links.

    Where a call names an open file without a path (utimensat(2) with NULL, AT_EMPTY_PATH) it is that file.
    """
    base = Path(f"/proc/{asked.process}/cwd")
    if place.folder is not None and (folder := _signed(asked.arguments[place.folder])) != AT_FDCWD:
        base = Path(f"/proc/{asked.process}/fd/{folder}")
    address = asked.arguments[place.path]
    name = _text(asked.process, address) if address else ""
    folder_name, _, last = os.path.normpath(base.readlink() / name).rpartition("/")
    return f"{_without_links(asked.process, folder_name)}/{last}"


def _without_links(process: int, folder: str) -> str:
    """Return a folder's path without symbolic links, as the process sees it: the kernel resolves it."""
    try:
        descriptor = os.open(f"/proc/{process}/root{folder}/", os.O_PATH | os.O_DIRECTORY)
    except OSError:
        return folder
    try:
        path = str(Path(f"/proc/self/fd/{descriptor}").readlink())
    finally:
        os.close(descriptor)
    return "" if path == "/" else path


def _text(process: int, address: int) -> str:
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        memory.seek(address)
        return os.fsdecode(memory.read(PATH_MAX).split(b"\0", 1)[0])


def _signed(argument: int) -> int:
    """Return a descriptor, which is the low half of an argument."""
    low = argument & 0xFFFFFFFF
    return low - (1 << 32) if low >> 31 else low


def shell_of(process: int, script: str) -> int:
    """Return the oldest ancestor of a process (or itself) that runs a script."""
    found = process
    while process > 1:
        arguments = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
        if os.fsencode(script) in arguments:
            found = process
        status = Path(f"/proc/{process}/stat").read_text()
        process = int(status.rpartition(")")[2].split()[1])
    return found
