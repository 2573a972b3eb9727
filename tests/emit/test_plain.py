"""Plain text that people paste into a mail: its lines are ours, and what does not show is shown."""

from __future__ import annotations

import pytest

from sitecert.emit.plain import FILTERS, wrapped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('St. Mary\'s "Hospital" \\ Söhne', 'St. Mary\'s "Hospital" \\ Söhne'),
        ("one\nBcc: two", "one\\u{a}Bcc: two"),
        ("a\u202eb\u00adc", "a\\u{202e}b\\u{ad}c"),
        ("\x1b[31mred", "\\u{1b}[31mred"),
    ],
)
def test_what_does_not_show_is_made_visible(text: str, shown: str) -> None:
    """A line end begins no new header, and nothing turns the writing round or colours it."""
    assert FILTERS["plain"](text) == shown


def test_lines_are_short_and_names_stay_whole() -> None:
    """A host name that is longer than a line is not broken, nor one with hyphens."""
    name = "-".join(["smartweb"] * 12) + ".example.org"
    lines = wrapped(f"The name is {name} and the rest follows {'word ' * 30}", "- ").splitlines()
    assert lines[0].startswith("- The name is")
    assert f"  {name}" in lines
    assert all(len(line) <= 72 for line in lines if name not in line)
    assert all(line.startswith("  ") for line in lines[1:])
