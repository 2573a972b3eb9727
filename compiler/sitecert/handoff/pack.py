"""A pack: the files that go to one place, with their checksums, and how they stand in an archive."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

CHECKSUMS = "SHA256SUMS"
FOLDER_MODE = 0o700
FILE_MODE = 0o600
UNIX = 3
"""What a zip calls the system whose modes an entry has."""


@dataclass(frozen=True, slots=True)
class Pack:
    """The files of a pack by their names, `SHA256SUMS` last; `folder` is what an archive unpacks to."""

    folder: str
    files: Mapping[str, bytes] = field(repr=False)


def make_pack(folder: str, files: Mapping[str, bytes]) -> Pack:
    """Return files as a pack, with the list of digests that `sha256sum -c` reads."""
    lines = (f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return Pack(folder, {**files, CHECKSUMS: "".join(lines).encode()})


def write_tar(pack: Pack) -> bytes:
    """Return a pack as an uncompressed tar (POSIX.1-2001): the same files give the same bytes.

    The folder has mode 0700 and each file 0600; everything belongs to root and has no time.
    """
    archive = io.BytesIO()
    with tarfile.TarFile(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as tar:
        tar.addfile(_member(pack.folder, tarfile.DIRTYPE, FOLDER_MODE))
        for name, content in sorted(pack.files.items()):
            member = _member(f"{pack.folder}/{name}", tarfile.REGTYPE, FILE_MODE)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return archive.getvalue()


def write_zip(pack: Pack) -> bytes:
    """Return a pack as a zip, not compressed: the same files give the same bytes, with the modes of a tar.

    Everything has the oldest time that a zip can hold, 1980-01-01.
    """
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        for name, content in sorted(pack.files.items()):
            entry = zipfile.ZipInfo(f"{pack.folder}/{name}")
            entry.create_system = UNIX
            entry.external_attr = (stat.S_IFREG | FILE_MODE) << 16
            made.writestr(entry, content)
    return archive.getvalue()


ARCHIVES: Mapping[str, Callable[[Pack], bytes]] = {".tar": write_tar, ".zip": write_zip}
"""The kinds of archive, by the end of the file's name."""


def _member(name: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.mode, member.mtime = kind, mode, 0
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member
