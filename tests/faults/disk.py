"""The files of a server as a value: taken, compared, put back."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path

TALK = {"log", "output"}
"""Files that only tell what happened: no run reads them again."""


@dataclass(frozen=True)
class File:
    """A file, folder or symbolic link. Its time is put back with it, and makes no difference."""

    mode: int
    owner: tuple[int, int]
    content: bytes
    """Of a symbolic link, where it leads; of a folder, nothing."""
    attributes: tuple[tuple[str, bytes], ...]
    twin: str = ""
    """The path of the same file under another name (a hard link), if that was met before."""
    time: int = field(default=0, compare=False, repr=False)
    """When its content changed, in nanoseconds."""


@dataclass(frozen=True)
class Disk:
    """All files below some folders, by path relative to their root."""

    files: dict[str, File]

    @cached_property
    def digest(self) -> str:
        """Return what is the same for two disks that differ only in their logs."""
        told = sha256()
        for path, file in sorted(self.files.items()):
            if path.rpartition("/")[2] not in TALK:
                told.update(repr((path, file)).encode())
        return told.hexdigest()

    def below(self, folder: str) -> Disk:
        """Return the part below one folder."""
        return Disk({path: file for path, file in self.files.items() if path.startswith(f"{folder}/")})


def take(root: Path, folders: Iterable[str]) -> Disk:
    """Read folders, by their names below a root; one that is missing has no files."""
    files: dict[str, File] = {}
    names_by_number: dict[tuple[int, int], str] = {}
    for folder in folders:
        if (root / folder).exists():
            _take(root, folder, files, names_by_number)
    return Disk(files)


def _take(root: Path, name: str, files: dict[str, File], names_by_number: dict[tuple[int, int], str]) -> None:
    path = f"{root}/{name}"
    status = os.lstat(path)
    content = b""
    if stat.S_ISLNK(status.st_mode):
        content = os.fsencode(Path(path).readlink())
    elif stat.S_ISREG(status.st_mode):
        content = Path(path).read_bytes()
    twin = ""
    if stat.S_ISREG(status.st_mode) and status.st_nlink > 1:
        first = names_by_number.setdefault((status.st_dev, status.st_ino), name)
        twin = first if first != name else ""
    names = os.listxattr(path, follow_symlinks=False)
    attributes = tuple((each, os.getxattr(path, each, follow_symlinks=False)) for each in sorted(names))
    files[name] = File(
        status.st_mode, (status.st_uid, status.st_gid), content, attributes, twin, status.st_mtime_ns
    )
    if stat.S_ISDIR(status.st_mode):
        for child in sorted(Path(path).iterdir()):
            _take(root, f"{name}/{child.name}", files, names_by_number)


def put(root: Path, folders: Iterable[str], disk: Disk) -> None:
    """Make folders below a root what they are on a disk."""
    for folder in folders:
        shutil.rmtree(root / folder, ignore_errors=True)
    for name, file in disk.files.items():
        path = root / name
        if file.twin:
            path.hardlink_to(root / file.twin)
        elif stat.S_ISDIR(file.mode):
            path.mkdir(parents=True)
        elif stat.S_ISLNK(file.mode):
            path.symlink_to(os.fsdecode(file.content))
        else:
            path.write_bytes(file.content)
        os.chown(path, *file.owner, follow_symlinks=False)
        if not stat.S_ISLNK(file.mode):
            path.chmod(stat.S_IMODE(file.mode))
        for attribute, value in file.attributes:
            os.setxattr(path, attribute, value, follow_symlinks=False)
    for name, file in disk.files.items():
        os.utime(root / name, ns=(file.time, file.time), follow_symlinks=False)
