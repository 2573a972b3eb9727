"""Which characters a YAML file may hold, and where it holds others."""

from __future__ import annotations

import re
import unicodedata

from sitecert.load.findings import Findings
from sitecert.model.document import Place
from sitecert.problems.codes.files import NOT_NORMALISED, STRANGE_CHARACTER, TAB

# Cc control, Cf format (bidi, zero width, BOM), Cs lone surrogates, Co private use, Zl and Zp line breaks
# that only some programs see, Zs the spaces that are not the ordinary one.
STRANGE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs"})

# Letters and marks that show nothing (Unicode: Default_Ignorable_Code_Point, less those of the categories
# above), the blank braille pattern, and the noncharacters U+FDD0 to U+FDEF.
INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufdd0-\ufdef\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000-\U000e0fff]"
)
LAST_OF_PLANE = 0xFFFE


def is_strange(character: str) -> bool:
    """Tell whether a character is one that a reader cannot see for what it is; a line feed is not."""
    if " " <= character <= "~" or character == "\n":
        return False
    return (
        unicodedata.category(character) in STRANGE_CATEGORIES
        or INVISIBLE.match(character) is not None
        or ord(character) & LAST_OF_PLANE == LAST_OF_PLANE
    )


def blank_strange(text: str, findings: Findings) -> str:
    """Report every strange character and tab; return the text with a space in the place of each.

    So the positions hold, and the parser can go on to find what else is wrong.
    """
    strange = {character for character in set(text) if is_strange(character)}
    if not strange:
        return text
    pattern = re.compile(f"([{re.escape(''.join(sorted(strange)))}])\\1*")
    for number, line in enumerate(text.split("\n"), start=1):
        for run in pattern.finditer(line):
            place = Place(findings.path, number, run.start() + 1, len(run[0]))
            if run[0][0] == "\t":
                findings.add(TAB, place, "a tab; use spaces")
            else:
                findings.add(STRANGE_CHARACTER, place, f"{describe(run[0][0])} is not allowed")
    return text.translate(dict.fromkeys(map(ord, strange), " "))


def check_normalised(text: str, findings: Findings) -> None:
    """Report every line that is not in normal form C, at the first character that differs."""
    if unicodedata.is_normalized("NFC", text):
        return
    for number, line in enumerate(text.split("\n"), start=1):
        normal = unicodedata.normalize("NFC", line)
        if normal != line:
            pairs = enumerate(zip(line, normal, strict=False))
            start = next((index for index, (found, wanted) in pairs if found != wanted), len(normal))
            message = f"{describe(line[start : start + 1])} is not in Unicode normal form C"
            hint = f"type {describe(normal[start : start + 1])}"
            findings.add(NOT_NORMALISED, Place(findings.path, number, start + 1), message, hint)


def check_value(text: str, place: Place, findings: Findings) -> None:
    r"""Report what escapes such as `"\u202e"` brought into a value unseen."""
    if text.isascii() and text.isprintable():
        return
    for character in sorted({character for character in text if is_strange(character)}):
        findings.add(STRANGE_CHARACTER, place, f"{describe(character)} is not allowed, even as an escape")
    if not unicodedata.is_normalized("NFC", text) and not findings.has(NOT_NORMALISED):
        findings.add(NOT_NORMALISED, place, "the value is not in Unicode normal form C")


def describe(character: str) -> str:
    """Return a character by its code point and name, as in `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "")
    if not name and unicodedata.category(character) == "Cc":
        name = "control character"
    return f"{code} {name}".rstrip()
