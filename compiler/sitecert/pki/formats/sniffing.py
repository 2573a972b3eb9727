"""What bytes are, told from themselves: the name of a file says nothing."""

from __future__ import annotations

import re
from enum import StrEnum

from sitecert.pki.formats.ber import declared_length
from sitecert.pki.formats.contents import RefusalKind
from sitecert.pki.formats.errors import NotReadError
from sitecert.pki.formats.keystore import JCEKS_MAGIC, JKS_MAGIC

TAR_MAGIC_AT = 257
SAMPLE = 4096


class Form(StrEnum):
    """How bytes are to be read."""

    ZIP = "zip"
    TAR = "tar"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    KEYSTORE = "keystore"
    ASN1 = "ASN.1"
    TEXT = "text"


MAGICS = (
    (b"PK\x03\x04", Form.ZIP),
    (b"PK\x05\x06", Form.ZIP),
    (b"\x1f\x8b\x08", Form.GZIP),
    (b"BZh", Form.BZIP2),
    (b"\xfd7zXZ\0", Form.XZ),
    (JKS_MAGIC, Form.KEYSTORE),
    (JCEKS_MAGIC, Form.KEYSTORE),
)
NOT_READ = (
    (b"%PDF-", RefusalKind.DOCUMENT, "is a PDF document"),
    (b"{\\rtf", RefusalKind.DOCUMENT, "is an RTF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", RefusalKind.DOCUMENT, "is a Word document or an Outlook message"),
    (b"\x89PNG\r\n", RefusalKind.PICTURE, "is a picture (PNG)"),
    (b"\xff\xd8\xff", RefusalKind.PICTURE, "is a picture (JPEG)"),
    (b"GIF8", RefusalKind.PICTURE, "is a picture (GIF)"),
    (b"BM", RefusalKind.PICTURE, "is a picture (BMP)"),
    (b"II*\0", RefusalKind.PICTURE, "is a picture (TIFF)"),
    (b"MM\0*", RefusalKind.PICTURE, "is a picture (TIFF)"),
    (b"RIFF", RefusalKind.PICTURE, "is a picture (WebP)"),
    (b"7z\xbc\xaf\x27\x1c", RefusalKind.UNSUPPORTED, "is a 7-Zip archive; send a zip archive or the files"),
    (b"Rar!\x1a\x07", RefusalKind.UNSUPPORTED, "is a RAR archive; send a zip archive or the files"),
    (b"MSCF", RefusalKind.UNSUPPORTED, "is a Windows cabinet; send a zip archive or the files"),
    (b"age-encryption.org/v1", RefusalKind.UNSUPPORTED, "is encrypted with age; decrypt it first"),
    (b"PuTTY-User-Key-File-", RefusalKind.UNSUPPORTED, "is a PuTTY key, which no web server reads"),
    (b"ssh-rsa ", RefusalKind.OTHER_KIND, "is an SSH public key"),
    (b"ssh-ed25519 ", RefusalKind.OTHER_KIND, "is an SSH public key"),
)
OFFICE_NAMES = ("[Content_Types].xml", "mimetype", "META-INF/container.xml")
"""Entries by which a zip archive is a document of Word, LibreOffice or a reader of books."""

WEB_PAGE = re.compile(
    r"\s*(?:<!doctype\s+html|<html|<\?xml[^>]{0,200}>\s*<!doctype\s+html|<head|<body)", re.IGNORECASE
)


def form_of(content: bytes) -> Form:
    """Return how bytes are to be read; raises NotReadError for what is known and not read."""
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise NotReadError(
            RefusalKind.EMPTY, "is empty" if not content.strip() else "holds nothing but blanks"
        )
    for magic, kind, clause in NOT_READ:
        if content.startswith(magic) and _is_surely(magic, content):
            raise NotReadError(kind, clause)
    for magic, form in MAGICS:
        if content.startswith(magic):
            return form
    if content[TAR_MAGIC_AT : TAR_MAGIC_AT + 5] == b"ustar":
        return Form.TAR
    return Form.ASN1 if _looks_like_asn1(content) else Form.TEXT


def is_web_page(text: str) -> bool:
    """Tell whether a text begins as a page of HTML does."""
    return WEB_PAGE.match(text[:SAMPLE]) is not None


def is_document(names: list[str]) -> bool:
    """Tell a document of Word or LibreOffice by the names of the files in its zip archive."""
    return any(name in names for name in OFFICE_NAMES)


def _is_surely(magic: bytes, content: bytes) -> bool:
    """Tell whether a magic of few letters is no text that begins with them."""
    return magic not in {b"BM", b"RIFF", b"GIF8", b"MSCF"} or b"\0" in content[:64]


def _looks_like_asn1(content: bytes) -> bool:
    """Tell a SEQUENCE, definite or not, cut off or not, from a text that begins with the digit 0."""
    if content[0] != 0x30 or len(content) < 2:  # noqa: PLR2004 - identifier and length
        return False
    if content[1] >= 0x80:  # noqa: PLR2004 - no ASCII
        return True
    length = declared_length(content)
    return length is not None and length <= len(content) and not content[:64].isascii()
