"""Text made visible: what a reader sees is what there is."""

from __future__ import annotations

from unicodedata import ucd_3_2_0

HIDDEN = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0")
"""Letters and marks that show nothing, though their category does not say so."""
VARIATION_SELECTORS = range(0xFE00, 0xFE10)
SHOWN_CATEGORIES = frozenset("LMNPS")
"""Letters, marks, numbers, punctuation and symbols."""


def quote_visibly(text: str) -> str:
    r"""Return the text between double quotes, with everything that could deceive a reader escaped.

    `"` and `\` get a backslash. Control, format (bidirectional ones too), separator, private and
    unassigned characters, and those that show nothing, become `\u{...}`. Two texts never look alike
    for what is invisible in them, and the result is always one line.
    """
    return f'"{"".join(_visible(character) for character in text)}"'


def show_visibly(text: str) -> str:
    """Return the text without quotes, escaped like `quote_visibly` save quotes and backslashes."""
    return "".join(each if each in '"\\' else _visible(each) for each in text)


def quote_octets_visibly(octets: bytes) -> str:
    r"""Return octets that should be ASCII like `quote_visibly`, each other octet as `\x{...}`."""
    return f'"{"".join(_visible_octet(octet) for octet in octets)}"'


def _visible_octet(octet: int) -> str:
    return _visible(chr(octet)) if chr(octet).isascii() else f"\\x{{{octet:02x}}}"


def _visible(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character == " " or _is_shown(character):
        return character
    return f"\\u{{{ord(character):x}}}"


def _is_shown(character: str) -> bool:
    """Judge by Unicode 3.2, which every Python carries: a newer Python must not change `out/`."""
    return (
        ucd_3_2_0.category(character)[0] in SHOWN_CATEGORIES
        and character not in HIDDEN
        and ord(character) not in VARIATION_SELECTORS
    )
