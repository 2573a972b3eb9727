"""Archives, unpacked in memory and within bounds: zip, tar, and what gzip, bzip2 and xz compressed.

No path of an archive is ever used but as a name to show.
"""

from __future__ import annotations

import bz2
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO

from sitecert.pki.formats.bounds import MEBIBYTE, Bounds
from sitecert.pki.formats.contents import RefusalKind
from sitecert.pki.formats.errors import NotReadError

LONGEST_NAME = 120
LARGEST_XZ_MEMORY = 64 * MEBIBYTE
"""What a dictionary may take: `xz -6`, the default, asks for 9 MiB."""

ENCRYPTED_ENTRY = 0x1
UNIX, LINK_MODE, KIND_MASK = 3, 0o120000, 0o170000
JUNK = ("__MACOSX/", ".DS_Store", "Thumbs.db")
"""What file managers put into archives."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in an archive, or the reason why it was not unpacked; `name` is fit to be shown."""

    name: str
    content: bytes | NotReadError = field(repr=False)


def unzip(content: bytes, bounds: Bounds) -> Iterator[Entry]:
    """Yield the files of a zip archive; raises NotReadError for an archive that cannot be read."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            infos = [each for each in archive.infolist() if not each.is_dir() and not _is_junk(each.filename)]
            _check_count(len(infos), bounds)
            for info in infos:
                yield Entry(shown(info.filename), _unzipped(archive, info, bounds))
    except (
        zipfile.BadZipFile,
        ValueError,
        OSError,
        EOFError,
        NotImplementedError,
        IndexError,  # zipfile's own, for an extra field that is cut short
        struct.error,
    ) as error:
        if isinstance(error, NotReadError):
            raise
        raise NotReadError(RefusalKind.DAMAGED, "is a zip archive that is damaged") from error


def untar(content: bytes, bounds: Bounds) -> Iterator[Entry]:
    """Yield the files of an uncompressed tar archive; raises NotReadError for one that cannot be read."""
    try:
        with tarfile.TarFile(fileobj=BytesIO(content)) as archive:
            for count, member in enumerate(archive, 1):
                _check_count(count, bounds)
                if not member.isdir() and not _is_junk(member.name):
                    yield Entry(shown(member.name), _untarred(archive, member, bounds))
    except (tarfile.TarError, ValueError, OSError, EOFError, RecursionError) as error:
        if isinstance(error, NotReadError):
            raise
        raise NotReadError(RefusalKind.DAMAGED, "is a tar archive that is damaged") from error


def decompress(content: bytes, kind: str, bounds: Bounds) -> bytes:
    """Return what gzip, bzip2 or xz compressed; raises NotReadError."""
    limit = bounds.largest
    try:
        plain, is_whole = DECOMPRESSORS[kind](content, limit + 1)
    except (zlib.error, lzma.LZMAError, OSError, ValueError, EOFError, MemoryError) as error:
        raise NotReadError(RefusalKind.DAMAGED, f"is a {kind} file that is damaged") from error
    if len(plain) > limit:
        raise _expands(limit)
    if not is_whole:
        raise NotReadError(RefusalKind.CUT_OFF, f"is a {kind} file that is cut off")
    bounds.spend_bytes(len(plain))
    return plain


def shown(name: str) -> str:
    """Return a name in characters that show, on one line, and not longer than a line."""
    visible = "".join(each if each.isprintable() else "?" for each in name)
    return visible if len(visible) <= LONGEST_NAME else f"{visible[:LONGEST_NAME]}..."


def _unzipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, bounds: Bounds) -> bytes | NotReadError:
    if info.flag_bits & ENCRYPTED_ENTRY:
        clause = "is encrypted in its zip archive; unpack it and give the files"
        return NotReadError(RefusalKind.UNSUPPORTED, clause)
    if info.create_system == UNIX and info.external_attr >> 16 & KIND_MASK == LINK_MODE:
        return NotReadError(RefusalKind.NOT_A_FILE, "is a symbolic link in an archive, which leads nowhere")
    limit = bounds.largest
    try:
        with archive.open(info) as file:
            plain = file.read(limit + 1)
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        NotImplementedError,
        OSError,
        EOFError,
        ValueError,
    ):
        return NotReadError(RefusalKind.DAMAGED, "is damaged in its zip archive")
    if len(plain) > limit:
        return _expands(limit)
    bounds.spend_bytes(len(plain))
    return plain


def _untarred(archive: tarfile.TarFile, member: tarfile.TarInfo, bounds: Bounds) -> bytes | NotReadError:
    if not member.isreg():
        return NotReadError(
            RefusalKind.NOT_A_FILE, "is a link or a device in an archive, which leads nowhere"
        )
    limit = bounds.largest
    if member.size > limit:
        return _expands(limit)
    file = archive.extractfile(member)
    plain = file.read(limit + 1) if file is not None else b""
    bounds.spend_bytes(len(plain))
    return plain


def _gunzip(content: bytes, limit: int) -> tuple[bytes, bool]:
    engine = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    return engine.decompress(content, limit), engine.eof


def _bunzip2(content: bytes, limit: int) -> tuple[bytes, bool]:
    engine = bz2.BZ2Decompressor()
    return engine.decompress(content, limit), engine.eof


def _unxz(content: bytes, limit: int) -> tuple[bytes, bool]:
    engine = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=LARGEST_XZ_MEMORY)
    return engine.decompress(content, limit), engine.eof


DECOMPRESSORS: dict[str, Callable[[bytes, int], tuple[bytes, bool]]] = {
    "gzip": _gunzip,
    "bzip2": _bunzip2,
    "xz": _unxz,
}


def _is_junk(name: str) -> bool:
    return name.startswith(JUNK[0]) or name.rpartition("/")[2] in JUNK


def _check_count(count: int, bounds: Bounds) -> None:
    most = bounds.sizes.entries
    if count > most:
        clause = f"is an archive of more than {most} files, which is the most allowed"
        raise NotReadError(RefusalKind.TOO_MANY, clause)


def _expands(limit: int) -> NotReadError:
    clause = f"unpacks to more than {max(limit // MEBIBYTE, 1)} MiB, which is the most allowed"
    return NotReadError(RefusalKind.EXPANDS, clause)
