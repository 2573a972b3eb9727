"""PEM as it comes back: quoted, indented, glued, through mail, tickets and word processors (RFC 7468).

Every tolerance is named, so that a person sees what was understood.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from quopri import decodestring

from sitecert.pki.formats.contents import RefusalKind
from sitecert.pki.formats.errors import NotReadError
from sitecert.pki.formats.text import BLANKS, Text

DASH = "[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]"
MARKER = re.compile(
    rf"(?P<left>{DASH}{{1,5}}) {{0,2}}(?P<what>BEGIN|END) "
    rf"(?P<label>[A-Z0-9 #]{{1,64}}?) {{0,2}}(?P<right>{DASH}{{1,5}})"
)
"""A line that begins or ends a block; bounded everywhere, so that no text takes long."""

HYPHENS = "-----"
LINE = 64
PREFIX = re.compile(r"[\s>|*#:;\"'`]{0,40}")
"""What mail, tickets and source code put before a line; none of it is base64."""

QUOTE = re.compile(r"[>|*#:;\"'`]")
SUFFIX = "\"'`,;\\| \t"
HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,40}:")
TAG = re.compile(r"<[^<>]{0,300}>")
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,10});")
BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
QUOTED_PRINTABLE = re.compile(r"=(?:3D|0A|0D|20|2B|2F)|=\n(?=\s*[A-Za-z0-9+/])")


@dataclass(frozen=True, slots=True)
class ArmouredBlock:
    """One block: its label, its headers (`Proc-Type`), the bytes in it, and what had to be understood."""

    label: str
    headers: dict[str, str]
    content: bytes = field(repr=False)
    repairs: tuple[str, ...]


def has_armour(text: Text) -> bool:
    """Tell whether a text has a line that begins or ends a block."""
    return MARKER.search(text.spaced) is not None


def as_plain(text: Text) -> Text:
    r"""Return a text with the wrapping of a whole file undone: HTML around it, line ends written as `\n`."""
    written, repairs = text.written, list(text.repairs)
    if "\\n" in written and re.search(rf"{DASH}(?:\\r)?\\n", written):
        written = written.replace("\\r", "").replace("\\n", "\n")
        repairs.append("line ends are written as \\n")
    if MARKER.search(written.translate(BLANKS)) is None and ENTITY.search(written):
        unescaped = unescape(written)
        if MARKER.search(unescaped.translate(BLANKS)):
            written = unescaped
            repairs.append("holds HTML entities")
    return Text(written, tuple(repairs))


def read_armour(text: Text) -> Iterator[ArmouredBlock | NotReadError]:
    """Yield the blocks of a text in order, each read or the reason why it is not.

    Whatever stands around the blocks is passed over.
    """
    spaced = text.spaced
    begun: re.Match[str] | None = None
    for marker in MARKER.finditer(spaced):
        if marker["what"] == "BEGIN":
            if begun is not None:
                yield _cut_off(begun)
            begun = marker
        elif begun is None:
            clause = f"has the end of a {_label(marker)} without its beginning"
            yield NotReadError(RefusalKind.CUT_OFF, clause)
        else:
            yield _block(text, spaced, begun, marker)
            begun = None
    if begun is not None:
        yield _cut_off(begun)


def _block(text: Text, spaced: str, begin: re.Match[str], end: re.Match[str]) -> ArmouredBlock | NotReadError:
    """Return what stands between two markers."""
    label = _label(begin)
    if label != _label(end):
        return NotReadError(
            RefusalKind.DAMAGED, f"begins as {label} and ends as {_label(end)}: a part is missing between"
        )
    body = spaced[begin.end() : end.start()]
    repairs = list(_marker_repairs(spaced, begin, end))
    if text.written[begin.start() : end.end()] != spaced[begin.start() : end.end()]:
        repairs.append("blanks are not those of ASCII")
    if TAG.search(body) or ENTITY.search(body):
        body = unescape(TAG.sub("\n", body)).translate(BLANKS)
        repairs.append("is wrapped in HTML")
    if QUOTED_PRINTABLE.search(body):
        body = decodestring(body.encode("ascii", errors="replace")).decode("ascii", errors="replace")
        repairs.append("is quoted-printable, as mail has it")
    lines, found = unquoted(body)
    repairs += found
    headers, lines = _headers(lines)
    lines, found = _base64_lines(lines, is_strict=bool(headers))
    repairs += found
    content = decode_base64("".join(lines))
    if content is None:
        return NotReadError(RefusalKind.DAMAGED, f"is a {label} that is damaged: it is not base64")
    return ArmouredBlock(label, headers, content, tuple(repairs))


def _marker_repairs(spaced: str, begin: re.Match[str], end: re.Match[str]) -> Iterator[str]:
    if any(each[side] != HYPHENS for each in (begin, end) for side in ("left", "right")) or any(
        f"{each['what']} {each['label']}{HYPHENS}" not in each[0] or f"{HYPHENS}{each['what']}" not in each[0]
        for each in (begin, end)
    ):
        yield "the dashes around a label are not five hyphens"
    before = spaced[max(0, begin.start() - 200) : begin.start()].rpartition("\n")[2]
    if before.endswith("-"):
        yield "a beginning stands on the line of the end before it"
    elif PREFIX.fullmatch(before) is None:
        yield "text stands before a beginning on its line"


def unquoted(body: str) -> tuple[list[str], list[str]]:
    """Return the lines of a body without what was put around them, and what that was."""
    lines, is_quoted, is_indented = [], False, False
    for line in body.split("\n"):
        prefix = PREFIX.match(line)
        start = prefix.end() if prefix else 0
        bare = line[start:].rstrip(SUFFIX)
        if bare:
            is_quoted |= QUOTE.search(line[:start]) is not None or line.rstrip() != line[:start] + bare
            is_indented |= start > 0 and line[:start].isspace()
        lines.append(bare)
    repairs = [
        *(["lines are quoted, as in a mail or a ticket"] if is_quoted else []),
        *(["lines are indented"] if is_indented else []),
    ]
    return lines, repairs


def _headers(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Split the headers of RFC 1421 (`DEK-Info: AES-256-CBC,...`) from the lines behind the blank one."""
    start = next((index for index, line in enumerate(lines) if line), len(lines))
    if start == len(lines) or not HEADER.match(lines[start]):
        return {}, lines
    end = next((index for index in range(start, len(lines)) if not lines[index]), len(lines))
    pairs = (line.partition(":") for line in lines[start:end])
    return {name: value.strip() for name, colon, value in pairs if colon}, lines[end:]


def _base64_lines(lines: list[str], *, is_strict: bool) -> tuple[list[str], list[str]]:
    """Return the lines that hold base64, and how they stray from what OpenSSL reads.

    OpenSSL takes lines of any length, but for a block with headers (`is_strict`) only those of 64
    characters without blanks.
    """
    end = next((index for index, line in enumerate(lines) if line.startswith("-")), len(lines))
    repairs = ["text stands behind the base64 of a block"] if any(lines[end:]) else []
    kept = "\n".join(lines[:end]).strip("\n").split("\n")
    if "" in kept[1:]:
        repairs.append("blank lines stand inside a block")
    kept = [line for line in kept if line]
    lengths = [len(line) for line in kept]
    if is_strict and (
        " " in "".join(kept) or {LINE} < {LINE, *lengths[:-1]} or max(lengths, default=0) > LINE
    ):
        repairs.append("lines are not of 64 characters")
    if kept and len("".join("".join(kept).split())) % 4:
        repairs.append("the padding of the base64 is not what it should be")
    return kept, repairs


def decode_base64(text: str) -> bytes | None:
    """Return what base64 means, white space and missing padding aside; None where it is none."""
    letters = "".join(text.split())
    if BASE64.fullmatch(letters) is None or len(letters.rstrip("=")) % 4 == 1:
        return None
    bare = letters.rstrip("=")
    return b64decode(bare + "=" * (-len(bare) % 4))


def _label(marker: re.Match[str]) -> str:
    return " ".join(marker["label"].split())


def _cut_off(begun: re.Match[str]) -> NotReadError:
    return NotReadError(RefusalKind.CUT_OFF, f"has the beginning of a {_label(begun)} but no end")
