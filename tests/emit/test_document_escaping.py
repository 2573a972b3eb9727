"""Nobody's words change the form of the change document, in Markdown or in HTML."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from sitecert.emit.documents import ChangeDocument, change_document
from sitecert.model.generation import Generation
from sitecert.model.runbook import Constant, Runbook, Step
from sitecert.model.site import Change, LoadBalancer, Vendor
from support.documents import NAUGHTY, a_balanced_site, a_waiver, html, issued, markdown
from support.sites import a_server

ISSUED = issued()
PARSER = MarkdownIt("commonmark").enable("table")
COMMENT = "<!-- -->"


def document(text: str) -> ChangeDocument:
    """Return a document in which every field that people or certificates fill holds a text."""
    site = a_balanced_site(
        customer=text,
        version=text,
        servers=(a_server(role=text),),
        load_balancer=LoadBalancer(Vendor.OTHER, text),
        waivers=(a_waiver(text),),
        change=Change(number=text, window=text, contact=text, approvers=(text, "Clinical lead")),
    )
    step = Step("only", title=text, why=text, article=text, do=("do",), check=(), undo=("undo",), impact=text)
    runbooks = (Runbook("spokwb.parknicollet.com", (step,), (), (Constant("NAME", text, text),)),)
    return change_document(site, _certified(text), runbooks, {}, None)


def _certified(text: str) -> Generation:
    leaf, link = replace(ISSUED.leaf, subject=text, issuer=text), replace(ISSUED.chain[0], subject=text)
    return Generation(1, certificate=replace(ISSUED, leaf=leaf, chain=(link,)))


def nodes(text: str) -> list[str]:
    """Return the types of all tokens, block and inline; runs of text are one."""
    found: list[str] = []
    for token in PARSER.parse(text):
        found.append(f"{token.type} {token.tag} {token.info}")
        for child in token.children or []:
            if child.content == COMMENT or (child.type == "text" and found[-1] == "text"):
                continue
            found.append(child.type)
    return found


class Tags(HTMLParser):
    """Collects tags and attributes, and the text apart."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__(convert_charrefs=True)
        self.tags: list[object] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag with its attributes."""
        self.tags.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        """Note the end of a tag."""
        self.tags.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        """Note a comment: there should be none."""
        self.tags.append(f"!{data}")

    def handle_data(self, data: str) -> None:
        """Collect the text."""
        self.text += data


def tags(text: str) -> Tags:
    """Parse HTML."""
    parser = Tags()
    parser.feed(text)
    parser.close()
    return parser


HARMLESS_NODES = nodes(markdown(document("harmless")))
HARMLESS_TAGS = tags(html(document("harmless"))).tags


def test_the_markdown_has_neither_links_nor_html() -> None:
    """What naughty texts are compared with is itself plain."""
    assert not [node for node in HARMLESS_NODES if node.startswith(("html", "link", "image", "em_"))]


@pytest.mark.parametrize("text", NAUGHTY)
def test_no_text_changes_the_markdown(text: str) -> None:
    """A naughty text in every field gives the same nodes as a harmless one."""
    assert nodes(markdown(document(text))) == HARMLESS_NODES


@pytest.mark.parametrize("text", NAUGHTY)
def test_no_text_changes_the_html(text: str) -> None:
    """A naughty text in every field gives the same tags as a harmless one, and is shown each time."""
    parsed = tags(html(document(text)))
    assert parsed.tags == HARMLESS_TAGS
    assert parsed.text.count(text) >= 20


def test_html_needs_and_runs_nothing() -> None:
    """One page without script, link, image or any address to load; its policy forbids them too."""
    text = html(document("harmless"))
    parsed = tags(text)
    names = {tag[0] for tag in parsed.tags if isinstance(tag, tuple)}
    assert not names & {"script", "link", "img", "iframe", "object", "base", "form", "a"}
    assert "url(" not in text
    assert "@import" not in text
    attributes = [attribute for tag in parsed.tags if isinstance(tag, tuple) for attribute in tag[1]]
    assert not [name for name, _ in attributes if name in {"src", "href", "style"} or name.startswith("on")]
    policy = [value for name, value in attributes if name == "content" and "default-src" in (value or "")]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"]
