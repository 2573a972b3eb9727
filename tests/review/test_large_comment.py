"""A comment on a change of many sites."""

from __future__ import annotations

from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options

from sitecert.model.review import Act, Level, Mark, Remark, Review, Risk, SiteReview, StateLabel, Topic
from sitecert.report.review_markdown import LARGEST_COMMENT, review_markdown


def a_review(sites: int, text: str) -> Review:
    """Return a review of that many sites with twenty remarks each."""
    remarks = tuple(Remark(Topic.SETTINGS, Mark.CHANGED, f"{number} {text}") for number in range(20))
    risk = Risk(Level.LOW, ("settings or documents change",))
    return Review(
        StateLabel("main", "a" * 40),
        StateLabel("HEAD", "b" * 40),
        Risk(Level.NONE),
        (),
        tuple(SiteReview(f"site-{number}", (Act.CHANGED,), risk, remarks) for number in range(sites)),
        other_paths=tuple(f"{text}/{number}" for number in range(sites)),
    )


def test_it_stays_within_githubs_limit() -> None:
    """Whatever the number of sites and the width of their characters; what is left out is counted."""
    for sites in (1, 50, 3000):
        for text in ("word " * 100, "\N{GREEK SMALL LETTER ALPHA}" * 900, "@a" * 900, "<" * 900):
            comment = review_markdown(a_review(sites, text), (), {})
            assert len(comment.encode()) <= LARGEST_COMMENT, (sites, text[:5])
            shown = comment.count("<details>")
            assert shown == comment.count("</details>")
            assert shown == sites or f"The details of {sites - shown} site" in comment


def test_what_is_shown_is_whole() -> None:
    """Every element that is opened is closed, so that what follows is not swallowed."""
    html = github_flavored_markdown_to_html(
        review_markdown(a_review(500, "word " * 40), (), {}), Options.CMARK_OPT_UNSAFE
    )
    assert html.count("<details>") == html.count("</details>") > 3
    assert html.rstrip().endswith("</p>")


def test_one_detail_that_fits_is_not_kept_out_by_one_that_does_not() -> None:
    """The riskiest come first; the first that does not fit ends the list."""
    comment = review_markdown(a_review(100, "word " * 150), (), {})
    assert "#### site-0:" in comment
    assert "#### site-99:" not in comment
