"""What archives hold: each file in them is searched like any other."""

from __future__ import annotations

from collections.abc import Iterator

from sitecert.pki.formats.archives import Entry, decompress, untar, unzip
from sitecert.pki.formats.bounds import MEBIBYTE, Bounds, Sizes
from sitecert.pki.formats.errors import NotReadError
from sitecert.pki.formats.sniffing import Form, form_of

COMPRESSED = frozenset({Form.GZIP, Form.BZIP2, Form.XZ})
SEARCHED = Sizes(file=64 * MEBIBYTE, total=256 * MEBIBYTE, entries=20_000)
"""How large what is searched may be: what people commit is larger than what a CA sends."""

ARCHIVES = frozenset({Form.ZIP, Form.TAR}) | COMPRESSED


def beginning(content: bytes) -> Form | None:
    """Return what bytes begin like, or None where that is something that holds no key."""
    try:
        return form_of(content)
    except NotReadError:
        return None


def members(content: bytes, form: Form, bounds: Bounds) -> Iterator[Entry]:
    """Yield the files of an archive, or the one that was compressed.

    A file, or an archive, that cannot be unpacked within bounds is yielded with the reason.
    """
    try:
        if form in COMPRESSED:
            yield Entry(form.value, decompress(content, form.value, bounds))
        else:
            yield from (unzip if form is Form.ZIP else untar)(content, bounds)
    except NotReadError as error:
        yield Entry("", error)
