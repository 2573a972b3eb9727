"""The formats in which a review is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from sitecert.model.document import Place
from sitecert.model.review import Level, Review
from sitecert.problems import Problem
from sitecert.report.problems import annotation, problems_github, problems_text
from sitecert.report.review_json import review_json
from sitecert.report.review_markdown import review_markdown
from sitecert.report.review_sarif import review_sarif
from sitecert.report.review_text import review_text, risk_words
from sitecert.report.style import plain, printable

Renderer = Callable[[Review | None, Sequence[Problem], Mapping[str, str]], str]
"""Takes the review (None where nothing could be compared), its problems, and the texts of files by path."""

COMMANDS = {Level.HIGH: "warning", Level.MEDIUM: "notice", Level.LOW: "notice", Level.NONE: "notice"}


def text_without_colour(review: Review | None, problems: Sequence[Problem], texts: Mapping[str, str]) -> str:
    """Return what a terminal shows, as it stands in a log."""
    told = review_text(review, plain) if review else ""
    return f"{told}\n{problems_text(problems, texts, plain)}".lstrip("\n")


def review_github(review: Review | None, problems: Sequence[Problem], texts: Mapping[str, str]) -> str:
    """Return workflow commands: each problem at its line, and each site's risk at the top of its file."""
    del texts
    visible = [
        replace(each, message=printable(each.message), hint=printable(each.hint), place=_visible(each.place))
        for each in problems
    ]
    return problems_github(visible) + "".join(_risks(review) if review else ())


def _risks(review: Review) -> Iterator[str]:
    for site in review.sites:
        place = Place(printable(f"sites/{site.name}.yaml"), 1, 1)
        message = f"{', '.join(site.acts)}; {risk_words(site.risk)}"
        yield annotation(COMMANDS[site.risk.level], place, "sitecert review", message)


def _visible(place: Place) -> Place:
    return replace(place, path=printable(place.path))


RENDERERS: Mapping[str, Renderer] = {
    "text": text_without_colour,
    "markdown": review_markdown,
    "json": review_json,
    "github": review_github,
    "sarif": review_sarif,
}
