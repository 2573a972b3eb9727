"""Colour for a terminal, and text that is safe to show on one."""

from __future__ import annotations

from collections.abc import Callable
from unicodedata import category, combining, east_asian_width

from sitecert.problems.wording import show_path

Style = Callable[[str, str], str]
"""Takes a role (`error`, `warning`, `note`, `path`, `+`, `~`, `-`, `-/+`, `dim`) and a text."""

COLOURS = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "path": "1",
    "help": "1;32",
    "dim": "2",
    "+": "32",
    "~": "33",
    "-": "31",
    "-/+": "35",
}


def plain(role: str, text: str) -> str:
    """Return the text as it is."""
    del role
    return text


def coloured(role: str, text: str) -> str:
    """Return the text in its role's colour (ECMA-48 SGR)."""
    return f"\x1b[{COLOURS[role]}m{text}\x1b[0m" if role in COLOURS else text


def columns(text: str) -> int:
    """Return how many columns a terminal gives to a text (Unicode Standard Annex 11)."""
    return sum(_columns_of(character) for character in text)


def _columns_of(character: str) -> int:
    if combining(character) or category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if east_asian_width(character) in {"W", "F"} else 1


def printable(text: str) -> str:
    """Return the text with every character that a terminal could obey, or not show, written as an escape."""
    return show_path(text)
