"""The message of the commit that holds one site's change (Conventional Commits 1.0.0)."""

from __future__ import annotations

import re

from sitecert.model.review import SiteReview
from sitecert.report.review_text import site_text
from sitecert.report.style import plain

LONGEST_HEADER = 100
"""Characters of the first line: what commit linters take."""

LONGEST_BODY = 16_000
"""Characters: the rest is in the review."""

LIVE = re.compile(r"(?<=[@#])(?=\w)|(?<=\bGH)(?=-\d)")
"""Where a mention or the number of an issue comes alive on a forge."""


def commit_message(site: str, review: SiteReview | None) -> str:
    """Return a header with the site and what becomes of it, and what the review says of it.

    No text of a field names a person, closes an issue, or stands where git looks for a trailer.
    """
    acts = ", ".join(review.acts) if review else "compiled"
    header = f"chore({site}): {acts}"[:LONGEST_HEADER]
    body = site_text(review, plain) if review else ""
    cut = body if len(body) <= LONGEST_BODY else f"{body[:LONGEST_BODY]}...\n"
    return f"{header}\n\n{LIVE.sub(' ', cut)}".rstrip("\n") + "\n"
