"""Plain text, for a mail: what a reader sees is what there is."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from sitecert.pki.visible import show_visibly

_WIDTH = 72


def wrapped(text: str, mark: str = "") -> str:
    """Return text in lines of at most 72 characters where its words allow; the first begins with `mark`."""
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )


FILTERS: dict[str, Callable[..., str]] = {"plain": show_visibly, "wrapped": wrapped}
"""What the templates of plain text call them."""
