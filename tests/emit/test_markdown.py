"""Text, code spans and code blocks stay what they are, whatever they hold: judged by markdown-it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from sitecert.markdown import code_block, code_span, escape_markdown
from support.documents import NAUGHTY

PARSER = MarkdownIt("commonmark").enable("table")
COMMENT = "<!-- -->"
PLACES = ("{}", "- {}", "> {}", "# {}", "| a |\n| --- |\n| {} |", "- [ ] words {}", "words: {}\nmore words")

# What the loader lets through, and the line ends and tabs of a folded scalar.
texts = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")) | st.sampled_from("\n\t\r"), max_size=60)
lines = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp")), max_size=60)


def inlines(markdown: str) -> list[Token]:
    """Return the inline tokens of all blocks."""
    return [child for token in PARSER.parse(markdown) for child in token.children or []]


def shown(markdown: str) -> str:
    """Return the text that inline tokens show; fails on a token that is not text."""
    tokens = [each for each in inlines(markdown) if (each.type, each.content) != ("html_inline", COMMENT)]
    assert {token.type for token in tokens} <= {"text"}, tokens
    return "".join(token.content for token in tokens)


def blocks(markdown: str) -> list[str]:
    """Return the types of the block tokens."""
    return [token.type for token in PARSER.parse(markdown)]


@given(texts)
def test_escaped_text_is_shown_as_it_was_written(text: str) -> None:
    """What a reader sees equals the input, line ends and outer spaces included."""
    assert shown(f"{escape_markdown(text)}") == text


@given(texts.filter(bool), st.sampled_from(PLACES))
def test_escaped_text_changes_no_block(text: str, place: str) -> None:
    """Wherever it is put, the text opens no heading, list, table, quote, code or HTML block."""
    markdown = place.format(escape_markdown(text))
    assert blocks(markdown) == blocks(place.format("harmless"))
    assert text in "".join(token.content for token in inlines(markdown) if token.content != COMMENT)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", NAUGHTY)
def test_naughty_text_stays_text(text: str, place: str) -> None:
    """Each known trick is shown and does nothing."""
    markdown = place.format(escape_markdown(text))
    assert blocks(markdown) == blocks(place.format("harmless"))
    assert {token.type for token in inlines(markdown) if token.content != COMMENT} <= {"text", "softbreak"}


@pytest.mark.parametrize("text", ["@everyone", "a@b.example", "#12", "GH-12", "gh-3", "org/repo#7"])
def test_mentions_and_references_are_parted(text: str) -> None:
    """GitHub looks for them in the rendered text, where only a comment parts them."""
    parts = [token.content for token in inlines(escape_markdown(text))]
    assert COMMENT in parts
    assert text not in parts


@pytest.mark.parametrize(
    "text", ["http://e.example", "www.e.example", "WWW.e.example", "mailto:x", ":smile:"]
)
def test_no_link_is_recognised_in_the_source(text: str) -> None:
    """GitHub's parser finds bare links in the source, where an escape hides them."""
    assert text not in escape_markdown(text)


def test_plain_words_stay_readable_in_the_source() -> None:
    """Ordinary names, numbers and times are not escaped: people read the Markdown too."""
    plain = "St. Mary's Hospital (North), Smart Suite 8.1, +1 555 0100, 22:00 - 23:30: no. 7, KEY_SPKI?"
    assert escape_markdown(plain) == plain


def test_control_characters_are_replaced() -> None:
    """CommonMark cannot carry control characters; the loader refuses them, so this is the second wall."""
    assert escape_markdown("a\x00b\x1bc\ud800d\ufffee") == "a\ufffdb\ufffdc\ufffdd\ufffde"


def test_unseen_characters_are_seen_in_the_source() -> None:
    """A direction override or a space of no width stands as a number in the Markdown."""
    assert escape_markdown("a\u202eb\u200bc\u00a0d") == "a&#8238;b&#8203;c&#160;d"


@given(lines.filter(bool))
def test_code_span_shows_its_text(text: str) -> None:
    """A code span holds its text exactly, backticks and outer spaces included."""
    (token,) = inlines(f"x {code_span(text)} y")[1:-1]
    assert (token.type, token.content) == ("code_inline", text)


def test_code_span_of_several_lines_is_one_line() -> None:
    """No line end leaves a code span; nothing gives nothing."""
    assert code_span("a\n\n# b") == "`a  # b`"
    assert code_span("") == ""


@given(st.lists(lines, min_size=1, max_size=5))
def test_code_block_holds_its_lines(content: list[str]) -> None:
    """A fenced block holds its lines byte for byte, fences among them included."""
    tokens = PARSER.parse(f"before\n\n{code_block(content, 'sh')}\n\nafter")
    (fence,) = [token for token in tokens if token.type == "fence"]
    assert (fence.content, fence.info) == ("\n".join(content) + "\n", "sh")
    assert [token.type for token in tokens].count("paragraph_open") == 2
