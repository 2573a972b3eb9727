"""A disk that can lose its power: a file system in an image, and what a journal replay makes of it.

An image is a file in memory that a loop device writes to. What is in it is what had reached the device: the
file system's own memory (the page cache, a transaction that was not committed) is not. There are two ways to
lose power:

* a copy of the image, taken while the program is stopped at a point: one run has one at every point;
* EXT4_IOC_SHUTDOWN, XFS_IOC_GOINGDOWN: the kernel's own way, which ends the run.

Both exist in two forms. Either nothing more is written (NOLOGFLUSH), or the journal is brought to the disk
first, as it happens every few seconds anyway (LOGFLUSH): then the names and sizes of files are there, and the
bytes that nobody asked to be flushed are not. For a copy, the fsync of a bystander does that.

A device that loses what it called written is not modelled.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SHUTDOWN = 0x8004587D
NO_FLUSH, FLUSH = 2, 1
"""The forms of a loss of power, as `SHUTDOWN` numbers them (fs/xfs/libxfs/xfs_fs.h)."""
SIZE = 32 << 20
BYSTANDER = ".bystander"
# The smallest XFS that mkfs.xfs makes is 300 MB, unless it is its own test suite that asks (mkfs/xfs_mkfs.c).
SMALL = {"TEST_DIR": "x", "TEST_DEV": "x", "QA_CHECK_FS": "x"}
OPTIONS = {"ext4": "loop", "xfs": "loop,nouuid"}


@dataclass(frozen=True)
class Image:
    """A file system in a file."""

    path: Path
    kind: str

    def make(self) -> None:
        """Make an empty file system, `ext4` or `xfs`, in a fresh file: an old one may still be mounted.

        A mount namespace that somebody made while it was mounted here holds it until that namespace ends.
        """
        self.path.unlink(missing_ok=True)
        with self.path.open("wb") as file:
            file.truncate(SIZE)
        make = [f"mkfs.{self.kind}", "-q", str(self.path)]
        subprocess.run(make, check=True, capture_output=True, env={**os.environ, **SMALL})

    def copy(self, path: Path) -> Image:
        """Return a copy of what has reached the device, in a fresh file; holes stay holes."""
        path.unlink(missing_ok=True)
        with self.path.open("rb") as source, path.open("wb") as copy:
            copy.truncate(SIZE)
            end = 0
            while (start := _next_data(source.fileno(), end)) is not None:
                end = os.lseek(source.fileno(), start, os.SEEK_HOLE)
                os.lseek(source.fileno(), start, os.SEEK_SET)
                os.lseek(copy.fileno(), start, os.SEEK_SET)
                while start < end:
                    start += os.sendfile(copy.fileno(), source.fileno(), None, end - start)
        return Image(path, self.kind)

    @contextlib.contextmanager
    def mounted(self, folder: Path) -> Iterator[Mounted]:
        """Mount it, which replays its journal; unmount it afterwards."""
        subprocess.run(["mount", "-t", self.kind, "-o", OPTIONS[self.kind], self.path, folder], check=True)
        try:
            yield Mounted(self, folder)
        finally:
            subprocess.run(["umount", folder], check=True)


@dataclass(frozen=True)
class Mounted:
    """An image that is mounted on a folder."""

    image: Image
    folder: Path

    def fill(self, source: Path) -> None:
        """Copy a folder's files onto it, and bring them to the disk."""
        shutil.copytree(source, self.folder, symlinks=True, dirs_exist_ok=True, copy_function=_copy)
        for path in source.rglob("*"):
            status = path.lstat()
            there = self.folder / path.relative_to(source)
            os.chown(there, status.st_uid, status.st_gid, follow_symlinks=False)
        (self.folder / BYSTANDER).touch()
        subprocess.run(["sync", "-f", self.folder], check=True)

    def commit(self) -> None:
        """Bring the journal to the disk, and no file but a bystander."""
        with (self.folder / BYSTANDER).open("ab") as bystander:
            bystander.write(b"x")
            bystander.flush()
            os.fsync(bystander.fileno())

    def written(self) -> str:
        """Return the device's counters of writes: where they are equal, so is the image."""
        device = self.folder.stat().st_dev
        counters = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}/stat").read_text().split()
        return " ".join(counters[4:7])

    def lose_power(self, form: int) -> None:
        """Shut the file system down: nothing that is not on the device will be."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, SHUTDOWN, struct.pack("I", form))
        finally:
            os.close(descriptor)


def _copy(source: str, copy: str) -> None:
    shutil.copy2(source, copy)


def _next_data(descriptor: int, offset: int) -> int | None:
    try:
        return os.lseek(descriptor, offset, os.SEEK_DATA)
    except OSError:
        return None  # holes to the end
