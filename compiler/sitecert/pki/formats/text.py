"""Text out of bytes, whatever saved it: the encoding, the line ends, white space that is none."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

UTF_16_SAMPLE = 400
"""Bytes at the beginning that tell UTF-16 without a byte order mark."""

BLANKS = dict.fromkeys(
    map(
        ord,
        "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    ),
    " ",
) | dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), " ")
"""Spaces of mail and word processors, and characters without width: one for one, so that places stay."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8", "begins with a byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "is UTF-32, not ASCII"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "is UTF-32, not ASCII"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "is UTF-16, not ASCII"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "is UTF-16, not ASCII"),
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text with LF as its only line end, as it stands; `repairs` are what had to be understood."""

    written: str
    repairs: tuple[str, ...]

    @property
    def spaced(self) -> str:
        """The text with blanks of every kind as spaces, character for character as long."""
        return self.written.translate(BLANKS)


def text_of(content: bytes) -> Text:
    """Return the text that bytes are; every file is some text, if not one that makes sense."""
    text, repairs = _decode(content)
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        if "\r" in text:
            repairs = (*repairs, "line ends are CR alone")
            text = text.replace("\r", "\n")
    return Text(text, repairs)


def _decode(content: bytes) -> tuple[str, tuple[str, ...]]:
    for mark, encoding, clause in MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace"), (clause,)
    without_mark = _utf_16_without_mark(content[:UTF_16_SAMPLE])
    if without_mark:
        return content.decode(without_mark, errors="replace"), ("is UTF-16 without a byte order mark",)
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), ()


def _utf_16_without_mark(sample: bytes) -> str | None:
    """Return the byte order where every other byte is NUL, as in ASCII saved as UTF-16."""
    if re.fullmatch(rb"(?:[\t\n\r -~]\0)+[\t\n\r -~]?", sample) and len(sample) > 1:
        return "utf-16-le"
    if re.fullmatch(rb"(?:\0[\t\n\r -~])+\0?", sample) and len(sample) > 1:
        return "utf-16-be"
    return None
