"""The system calls that can change a file or its metadata, or bring it to the disk, as data.

Numbers: Linux `arch/x86/entry/syscalls/syscall_64.tbl` and `scripts/syscall.tbl` (what aarch64 uses).
What stores through a mapping, io_uring and file handles do is not seen here; `FORBIDDEN` and `SHARED_MAPPING`
keep a program under supervision from them.
"""

from __future__ import annotations

import mmap
import os
import platform
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple


class Kind(Enum):
    """What a call does to a disk."""

    GROWS = auto()
    """It may find no room."""
    CHANGES = auto()
    """It needs no room to speak of."""
    FLUSHES = auto()
    """It brings what was changed to the disk."""


class At(NamedTuple):
    """A path among the arguments: the place of the path and of the folder that it starts from, if any."""

    path: int
    folder: int | None = None


class Bits(NamedTuple):
    """Only calls with one of these bits in an argument change anything."""

    argument: int
    mask: int


class OneOf(NamedTuple):
    """Only calls with one of these values in an argument change anything."""

    argument: int
    values: tuple[int, ...]


@dataclass(frozen=True)
class Call:
    """A system call: its numbers, which file it changes, and when it does."""

    name: str
    x86_64: int | None
    aarch64: int | None
    file: At | int | None
    """A path, the place of an open file among the arguments, or None for all files."""
    kind: Kind = Kind.GROWS
    only: Bits | OneOf | None = None
    source: At | None = None
    """A second file that it changes."""

    @property
    def number(self) -> int | None:
        """Return its number on this computer."""
        return self.x86_64 if platform.machine() == "x86_64" else self.aarch64


WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
CLONES = (0x40049409, 0x4020940D, 0x40086602)  # FICLONE, FICLONERANGE, FS_IOC_SETFLAGS
_C, _F = Kind.CHANGES, Kind.FLUSHES

CALLS = (
    Call("open", 2, None, At(0), only=Bits(1, WRITES)),
    Call("creat", 85, None, At(0)),
    Call("openat", 257, 56, At(1, 0), only=Bits(2, WRITES)),
    Call("openat2", 437, 437, At(1, 0)),
    Call("write", 1, 64, 0),
    Call("pwrite64", 18, 68, 0),
    Call("writev", 20, 66, 0),
    Call("pwritev", 296, 70, 0),
    Call("pwritev2", 328, 287, 0),
    Call("sendfile", 40, 71, 0),
    Call("copy_file_range", 326, 285, 2),
    Call("splice", 275, 76, 2),
    Call("truncate", 76, 45, At(0)),
    Call("ftruncate", 77, 46, 0),
    Call("fallocate", 285, 47, 0),
    Call("rename", 82, None, At(1), source=At(0)),
    Call("renameat", 264, 38, At(3, 2), source=At(1, 0)),
    Call("renameat2", 316, 276, At(3, 2), source=At(1, 0)),
    Call("link", 86, None, At(1)),
    Call("linkat", 265, 37, At(3, 2)),
    Call("symlink", 88, None, At(1)),
    Call("symlinkat", 266, 36, At(2, 1)),
    Call("mkdir", 83, None, At(0)),
    Call("mkdirat", 258, 34, At(1, 0)),
    Call("mknod", 133, None, At(0)),
    Call("mknodat", 259, 33, At(1, 0)),
    Call("unlink", 87, None, At(0), _C),
    Call("unlinkat", 263, 35, At(1, 0), _C),
    Call("rmdir", 84, None, At(0), _C),
    Call("chmod", 90, None, At(0), _C),
    Call("fchmod", 91, 52, 0, _C),
    Call("fchmodat", 268, 53, At(1, 0), _C),
    Call("fchmodat2", 452, 452, At(1, 0), _C),
    Call("chown", 92, None, At(0), _C),
    Call("lchown", 94, None, At(0), _C),
    Call("fchown", 93, 55, 0, _C),
    Call("fchownat", 260, 54, At(1, 0), _C),
    Call("utime", 132, None, At(0), _C),
    Call("utimes", 235, None, At(0), _C),
    Call("futimesat", 261, None, At(1, 0), _C),
    Call("utimensat", 280, 88, At(1, 0), _C),
    Call("setxattr", 188, 5, At(0)),
    Call("lsetxattr", 189, 6, At(0)),
    Call("fsetxattr", 190, 7, 0),
    Call("setxattrat", 463, 463, At(1, 0)),
    Call("removexattr", 197, 14, At(0), _C),
    Call("lremovexattr", 198, 15, At(0), _C),
    Call("fremovexattr", 199, 16, 0, _C),
    Call("removexattrat", 466, 466, At(1, 0), _C),
    Call("file_setattr", 469, 469, At(1, 0), _C),
    Call("ioctl", 16, 29, 0, only=OneOf(1, CLONES)),
    Call("fsync", 74, 82, 0, _F),
    Call("fdatasync", 75, 83, 0, _F),
    Call("sync_file_range", 277, 84, 0, _F),
    Call("syncfs", 306, 267, 0, _F),
    Call("sync", 162, 81, None, _F),
)

SHARED_MAPPING = Call("mmap", 9, 222, 4, only=Bits(2, mmap.PROT_WRITE))
"""Notified only where the mapping is shared and of a file, too."""

FORBIDDEN = (
    Call("io_uring_setup", 425, 425, None),
    Call("open_by_handle_at", 304, 265, None),
)

BY_NUMBER = {call.number: call for call in (*CALLS, SHARED_MAPPING) if call.number is not None}
