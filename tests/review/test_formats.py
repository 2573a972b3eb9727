"""The expectations, judged by independent readers: what `test_history.py` compares with is right itself."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from review.sarif import SARIF
from sitecert.load.data import read_schema
from sitecert.model.document import Place
from sitecert.problems import Problem, Severity
from sitecert.report.review import review_github

EXPECTED = sorted((Path(__file__).parent / "history").iterdir())
NAMES = [folder.name for folder in EXPECTED]
OURS = {
    *("h3", "h4", "p", "strong", "code", "ul", "li", "details", "summary"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
"""The elements that a comment is made of."""

MENTION = re.compile(r"(?<![\w/`])@[a-z0-9]", re.IGNORECASE)
ISSUE = re.compile(r"(?<![\w&])#[0-9]|\bGH-[0-9]")
LARGEST_COMMENT = 65_536


class Page(HTMLParser):
    """What a browser gets: the elements, the attributes, and the text between two of them."""

    def __init__(self, html: str) -> None:
        """Read a page."""
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.texts.append(data)


@pytest.fixture(params=EXPECTED, ids=NAMES)
def folder(request: pytest.FixtureRequest) -> Path:
    """Return the folder of one pull request's expectations."""
    chosen: Path = request.param
    return chosen


def read(folder: Path, form: str) -> str:
    """Return one expectation."""
    return (folder / f"{form}.txt").read_text(encoding="utf-8")


def rendered(markdown: str) -> Page:
    """Return what GitHub's renderer makes of a comment, before anything dangerous is taken out of it."""
    return Page(github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE))


def test_there_are_pull_requests_enough() -> None:
    """At least 25."""
    assert len(EXPECTED) >= 25


def test_the_markdown_holds_nothing_alive(folder: Path) -> None:
    """GitHub's own renderer makes of it our elements alone: no link, image, script, mention or issue."""
    page = rendered(read(folder, "markdown"))
    assert page.elements <= OURS
    assert [name for name, _ in page.attributes if name != "align"] == []
    assert [text for text in page.texts if MENTION.search(text) or ISSUE.search(text)] == []


def test_the_markdown_is_one_comment(folder: Path) -> None:
    """It begins with the mark by which it is found again, which no field can forge, and has room."""
    text = read(folder, "markdown")
    assert text.startswith("<!-- sitecert-review -->\n")
    assert text.count("<!-- sitecert-review -->") == 1
    assert len(text.encode()) <= LARGEST_COMMENT


def test_hostile_text_shows() -> None:
    """It is escaped, not left out: a reviewer sees what was written."""
    page = rendered(read(Path(__file__).parent / "history/hostile-text", "markdown"))
    shown = "".join(page.texts)
    for part in (
        "<img src=x onerror=alert(1)>",
        "@octocat",
        "[x](javascript:alert(1))",
        "</details>",
        ":tada:",
    ):
        assert part in shown, part


def test_the_json_is_valid_by_its_schema(folder: Path) -> None:
    """And by that of problems, to which it refers."""
    schemas = {name: json.loads(read_schema(name)) for name in ("review", "problems")}
    resources = [(f"{name}.schema.json", Resource.from_contents(each)) for name, each in schemas.items()]
    registry: Registry[Any] = Registry().with_resources(
        [(f"https://sitecert.dev/schema/{name}", resource) for name, resource in resources]
    )
    Draft202012Validator.check_schema(schemas["review"])
    Draft202012Validator(schemas["review"], registry=registry).validate(json.loads(read(folder, "json")))


def test_the_sarif_is_valid(folder: Path) -> None:
    """By what the OASIS standard says of the parts that we write, and its indices agree."""
    document = json.loads(read(folder, "sarif"))
    Draft202012Validator(SARIF).validate(document)
    run = document["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


def test_the_formats_agree(folder: Path) -> None:
    """The same problems stand in JSON, SARIF, annotations and text."""
    problems = json.loads(read(folder, "json"))["problems"]
    results = json.loads(read(folder, "sarif"))["runs"][0]["results"]
    codes = sorted(problem["code"] for problem in problems)
    assert sorted(result["ruleId"] for result in results) == codes
    annotations = re.findall(r"^::\w+ file=[^\n]*,title=(SC[0-9]+)::", read(folder, "github"), re.MULTILINE)
    assert sorted(annotations) == codes
    assert {code for code in codes if f"[{code}]" not in read(folder, "text")} == set()


@pytest.mark.parametrize("form", ["text", "github", "markdown"])
def test_no_terminal_is_commanded(folder: Path, form: str) -> None:
    """No control character, no bidi override, nothing else that does not show."""
    assert [line for line in read(folder, form).split("\n") if not line.isprintable()] == []


def test_no_workflow_is_commanded(folder: Path) -> None:
    """Every line is an annotation of ours: no line of a field becomes a command."""
    lines = read(folder, "github").splitlines()
    form = re.compile(
        r"::(error|warning|notice) file=[^:,]+,line=\d+,col=\d+,title=(SC\d{3}|sitecert review)::.+"
    )
    assert [line for line in lines if not form.fullmatch(line)] == []


def test_an_annotation_shows_what_does_not_show() -> None:
    """Whatever a message holds, a workflow's log gets one line of characters that can be seen."""
    place = Place("sites/a\u202e.yaml", 1, 1)
    problem = Problem("SC844", Severity.ERROR, place, "a\x1b[31m\r\n::error::\u202eb", "c\x07")
    told = review_github(None, (problem,), {})
    assert told.count("\n") == 1
    assert told.rstrip("\n").isprintable()
    assert "\\u202eb" in told
