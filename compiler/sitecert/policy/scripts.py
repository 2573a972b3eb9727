"""Labels in other scripts, and whether one may be taken for another (UTS 39)."""

from __future__ import annotations

import unicodedata

# Scripts that one language writes together (UTS 39 section 5.1, "highly restrictive").
WRITTEN_TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
)
# Letters that look like Latin ones in most fonts (after the confusables of UTS 39; the choice is ours).
LOOK_LATIN = frozenset(
    "\u0430\u0501\u0435\u04bb\u0456\u0458\u04cf\u043e"  # Cyrillic a d e h i j l o
    "\u0440\u051b\u0455\u051d\u0445\u0443\u0475"  # Cyrillic p q s w x y v
    "\u03bf\u03c1\u03b9\u03c5\u03bd\u03ba\u03b1"  # Greek o p i u v k a
    "\u0585\u057d\u0570\u0578"  # Armenian o u h n
)
COMMON = frozenset({"DIGIT", "HYPHEN-MINUS", "COMBINING", "MIDDLE", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"})


def decode_label(label: str) -> str:
    """Return an A-label as people read it, any other label as it is."""
    return label[4:].encode().decode("punycode") if label.startswith("xn--") else label


def is_confusable(label: str) -> bool:
    """Tell whether a label mixes scripts that are not written together, or only looks like Latin."""
    if label.isascii():
        return False
    scripts = {_script(character) for character in label} - COMMON
    if len(scripts) > 1 and not any(scripts <= together for together in WRITTEN_TOGETHER):
        return True
    letters = {character for character in label if character.isalpha()}
    return bool(letters) and letters <= LOOK_LATIN


def _script(character: str) -> str:
    """Return a character's script, by the first word of its name: `CYRILLIC SMALL LETTER A`."""
    return unicodedata.name(character, "UNNAMED").split()[0]
