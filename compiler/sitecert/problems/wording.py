"""How problems quote what a user wrote."""

from __future__ import annotations

import json
from collections.abc import Iterable

LONGEST_SHOWN = 80


def quoted(text: str) -> str:
    """Return a value as a message shows it: in quotes, on one line, not too long."""
    shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."
    return f'"{shown}"' if shown.isprintable() else json.dumps(shown)


def show_path(path: str) -> str:
    """Return a path in characters that show: others, and bytes that are no UTF-8, as escapes."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in path
    )


def key_of(pointer: str) -> str:
    """Return the key that a JSON pointer leads to, as a user writes it: `subject.state`, `alt_names`."""
    return ".".join(part for part in pointer.split("/") if part and not part.isdigit())


def did_you_mean(code: str, known: Iterable[str]) -> str:
    """Return a clause that names the code whose digits are those of `code` in another order, if any."""
    swapped = [each for each in known if sorted(each) == sorted(code)]
    nearest = max(swapped, default=None, key=lambda each: sum(map(str.__eq__, each, code)))
    return f"; did you mean {nearest}?" if nearest else ""
