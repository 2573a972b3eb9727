"""Text, code spans and code blocks for Markdown that nobody's words can break out of.

Judged by CommonMark and by GitHub's tables and autolinks: whatever the text, it becomes text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from unicodedata import category

# A mention, an e-mail address or an issue is looked for after the Markdown is rendered, so that no
# escape hides it. An empty comment parts the text there and shows nothing.
_PARTED = "<!-- -->"

_SPECIAL = re.compile(
    r"@(?=\w)|\#(?=\w)"  # a mention or an e-mail address; an issue
    r"|(?<=\bGH)-(?=\d)"  # GitHub's other way to name an issue
    r"|(?<=\bwww)\."  # a link without a scheme
    r"|(?<!\d):(?=\S)|:(?=[^\s\d])"  # a link, an emoji; not a time, nor before a space
    r"|(?<![a-z0-9])_|_(?![a-z0-9])"  # emphasis; not within a word
    r"|[^\w ,.:;'\"()/?%+=!-]",  # everything that is not plainly harmless
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(\d+)([.)])(?=\s|$)")
_STARTERS = ("-", "+", "=", ":", " ")  # of a list, a rule, an underlined heading, a definition, code
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LINE_CHARACTERS = "\t\n\r"
_NEVER_TEXT = ("Cc", "Cs", "Cn")
_UNSEEN = ("Cf", "Co", "Zl", "Zp", "Zs")


def escape_markdown(text: str) -> str:
    """Return Markdown that shows `text` and is nothing but text, in a paragraph, list item or table cell.

    Line ends, tabs and spaces at either end are kept; other control characters, which CommonMark cannot
    carry, become U+FFFD. `@name`, `#1` and `GH-1` are parted by an empty comment.
    """
    escaped = _SPECIAL.sub(_harmless, text)
    if escaped.startswith(_STARTERS):
        escaped = _reference(escaped[0]) + escaped[1:]
    numbered = _NUMBERED.match(escaped)
    if numbered:
        escaped = numbered[1] + _reference(numbered[2]) + escaped[numbered.end() :]
    if escaped.endswith(" "):
        escaped = escaped[:-1] + _reference(" ")
    return escaped


def code_span(text: str) -> str:
    """Return a code span that shows `text`; line ends become spaces, nothing stays nothing.

    In a table, only for text without `|`: parsers differ on how a cell escapes it within code.
    """
    line = " ".join(text.splitlines())
    if not line:
        return ""
    fence = "`" * (_longest_run(line) + 1)
    # CommonMark takes one space off both ends where there are two (0.31 section 6.1).
    is_padded = line.strip(" ") and (line[0] in "` " or line[-1] in "` ")
    space = " " if is_padded else ""
    return f"{fence}{space}{line}{space}{fence}"


def code_block(lines: Iterable[str], language: str = "") -> str:
    """Return a fenced code block that holds `lines` byte for byte, without a line end of its own."""
    content = "\n".join(lines)
    fence = "`" * max(3, _longest_run(content) + 1)
    return f"{fence}{language}\n{content}\n{fence}"


FILTERS: dict[str, Callable[..., str]] = {"md": escape_markdown, "code": code_span, "code_block": code_block}
"""What the Markdown templates call them."""


def _harmless(match: re.Match[str]) -> str:
    character = match[0]
    if character in "@#-":
        is_parted = match.end() < len(match.string) and _is_word(match.string[match.end()])
        return character + _PARTED if is_parted else _reference(character)
    if character in _NAMED:
        return _NAMED[character]
    if character in _LINE_CHARACTERS or (" " < character < "\x7f"):
        return _reference(character)
    kind = category(character)
    if kind in _NEVER_TEXT:
        return "\N{REPLACEMENT CHARACTER}"
    return _reference(character) if kind in _UNSEEN else character


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _reference(character: str) -> str:
    return f"&#{ord(character)};"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
