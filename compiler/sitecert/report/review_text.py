"""What a change means, for a terminal of 80 columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from textwrap import wrap

from sitecert.model.review import Level, Mark, Remark, Review, Risk, SiteReview, Topic
from sitecert.report.style import Style, printable

WIDTH = 80
TOPIC_WIDTH = 11
"""Columns of the longest topic."""

INDENT = "  "
PATHS_SHOWN = 5
ROLES = {Mark.ADDED: "+", Mark.REMOVED: "-", Mark.CHANGED: "~", Mark.KEPT: "dim", Mark.ALERT: "error"}
RISK_ROLES = {Level.HIGH: "error", Level.MEDIUM: "warning", Level.LOW: "note", Level.NONE: "dim"}


def review_text(review: Review, style: Style) -> str:
    """Return what holds for all sites, then each site with its acts, its risk and its remarks.

    New problems are left out: whoever shows this shows them with the lines that they are about.
    """
    blocks = []
    if review.remarks:
        head = [style("path", "the whole repository"), *_risk_lines(review.risk, style)]
        blocks.append([*head, *_remark_lines(review.remarks, style)])
    blocks += [_site_lines(each, style) for each in review.sites]
    if review.reached:
        count = len(review.reached)
        text = f"new defaults reach {count} more site{'s' * (count != 1)}: {_some(review.reached)}"
        blocks.append(_wrapped(text))
    if review.other_paths:
        count = len(review.other_paths)
        text = f"not read by sitecert, so not reviewed here: {count} file{'s' * (count != 1)}"
        blocks.append(_wrapped(f"{text}: {_some(review.other_paths)}"))
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks)


def review_total(review: Review) -> str:
    """Return the one-line total: what was compared, how many sites change, and how risky that is."""
    states = (
        f"{_state(review.base.name, review.base.commit)} to {_state(review.head.name, review.head.commit)}"
    )
    count = len(review.sites)
    levels = Counter(each.risk.level for each in review.sites)
    risks = ", ".join(f"{levels[level]} {level}" for level in Level if levels[level])
    risky = f" (risk: {risks})" if risks else ""
    return f"{states}: {count} site{'s' * (count != 1)} change{'s' * (count == 1)}{risky}"


def risk_words(risk: Risk) -> str:
    """Return a risk in one line."""
    return f"risk: {risk.level}" + (f" - {'; '.join(risk.reasons)}" if risk.reasons else "")


def site_text(site: SiteReview, style: Style) -> str:
    """Return what changes for one site, under its own name; new problems, too."""
    lines = [*_risk_lines(site.risk, style), *_remark_lines(site.remarks, style)]
    return "".join(f"{line}\n" for line in lines)


def _state(name: str, commit: str) -> str:
    return f"{printable(name)} ({commit[:10]})"


def _site_lines(site: SiteReview, style: Style) -> list[str]:
    head = f"{style('path', printable(site.name))}  {', '.join(site.acts)}"
    told = [each for each in site.remarks if (each.topic, each.mark) != (Topic.FINDINGS, Mark.ADDED)]
    return [head, *_risk_lines(site.risk, style), *_remark_lines(told, style)]


def _risk_lines(risk: Risk, style: Style) -> Iterator[str]:
    for line in _wrapped(risk_words(risk), INDENT):
        yield f"{INDENT}{style(RISK_ROLES[risk.level], line.lstrip())}"


def _remark_lines(remarks: Sequence[Remark], style: Style) -> Iterator[str]:
    """Yield the remarks of each topic, the topic's name at the first of them."""
    for topic, group in groupby(remarks, key=lambda remark: remark.topic):
        label = f"{topic.value:<{TOPIC_WIDTH}}"
        for remark in group:
            first, *others = _wrapped(remark.text, " " * (len(INDENT) + TOPIC_WIDTH + 3))
            mark = style(ROLES[remark.mark], remark.mark.value)
            yield f"{INDENT}{style('dim', label)} {mark} {first.lstrip()}"
            yield from others
            label = " " * TOPIC_WIDTH


def _wrapped(text: str, indent: str = "") -> list[str]:
    """Return text in lines of the terminal's width; what is longer than a line is not broken."""
    lines = wrap(
        printable(" ".join(text.split())),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return lines or [indent]


def _some(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    left = len(names) - PATHS_SHOWN
    return ", ".join(names[:PATHS_SHOWN]) + (f" and {left} more" if left > 0 else "")
