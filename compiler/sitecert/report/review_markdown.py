"""What a change means, as one comment on a pull request.

Every text that is not our own is escaped as text: no mention, link, image or HTML of a hostile field comes
alive. HTML blocks hold our own words alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from sitecert.markdown import code_span, escape_markdown
from sitecert.model.review import Level, Remark, Review, Risk, SiteReview
from sitecert.problems import Problem, Severity

MARKER = "<!-- sitecert-review -->"
"""The first line: by it a workflow finds its own comment again and updates it in place."""

LARGEST_COMMENT = 65_536
"""GitHub's limit for a comment, in characters; held in bytes, so that no way of counting exceeds it."""

FOR_ALL_SITES, TABLE, ERRORS, ELSEWHERE, DETAILS_OF_A_SITE = 14_000, 14_000, 12_000, 4_000, 18_000
"""Bytes that each part may have at most, so that no part, however long, leaves no room for the others."""

RESERVED = 1_500
"""Bytes kept for the title and for what is said of that which does not fit."""

PATHS_SHOWN = 10
LONGEST_TEXT = 1_000
LONGEST_NAME = 100
"""Characters of one remark, and of the name of a site, a file or a branch, that are shown."""


def review_markdown(review: Review | None, problems: Sequence[Problem], texts: Mapping[str, str]) -> str:
    """Return the comment: a summary, then each site's details folded, as many as there is room for."""
    del texts
    if review is None:
        return _joined([MARKER, "### sitecert review: nothing could be compared", *_problem_list(problems)])
    parts = [MARKER, _title(review), *_everywhere(review), *_table(review), *_errors(problems)]
    last = _elsewhere(review)
    room = LARGEST_COMMENT - RESERVED - _size(_joined([*parts, *last]))
    shown = _fitting(map(_details, review.sites), room)
    left = len(review.sites) - len(shown)
    rest = [f"The details of {_sites(left)} do not fit into a comment: `sitecert review` prints them."]
    return _joined([*parts, *shown, *(rest if left else ()), *last])


def _fitting(texts: Iterable[str], room: int) -> list[str]:
    """Return the first texts that fit into that many bytes, each with a blank line; no more are made."""
    shown: list[str] = []
    for text in texts:
        room -= _size(text) + 2
        if room < 0:
            break
        shown.append(text)
    return shown


def _title(review: Review) -> str:
    levels = Counter(site.risk.level for site in review.sites)
    risky = ", ".join(
        f"{levels[level]} {level} risk" for level in (Level.HIGH, Level.MEDIUM) if levels[level]
    )
    states = f"{_name(review.base.name)} ({review.base.commit[:10]}) to {_name(review.head.name)}"
    count = len(review.sites)
    title = f"### sitecert review: {_sites(count)} change{'s' * (count == 1)}{', ' * bool(risky)}{risky}"
    return f"{title}\n\n{states} ({review.head.commit[:10]})"


def _everywhere(review: Review) -> list[str]:
    """Return what holds for every site; recipients come first, and stand out."""
    if not review.remarks:
        return []
    head = f"**For every site**: {_risk(review.risk)}"
    return [head, _list(list(_remark_lines(review.remarks)), FOR_ALL_SITES)]


def _table(review: Review) -> list[str]:
    if not review.sites:
        return []
    rows = (f"| {_name(site.name)} | {', '.join(site.acts)} | {_risk(site.risk)} |" for site in review.sites)
    shown = _fitting(rows, TABLE)
    left = len(review.sites) - len(shown)
    more = [f"| and {_sites(left)} more | | |"] if left else []
    return ["\n".join(["| site | what becomes of it | risk |", "| --- | --- | --- |", *shown, *more])]


def _errors(problems: Sequence[Problem]) -> list[str]:
    """Return the errors, each on a line: nobody has to unfold anything to see why a check failed."""
    stopping = [problem for problem in problems if problem.severity is Severity.ERROR]
    if not stopping:
        return []
    return [f"**{len(stopping)} error{'s' * (len(stopping) != 1)}**", *_problem_list(stopping)]


def _problem_list(problems: Sequence[Problem]) -> list[str]:
    lines = [f"- {_where(each)} {each.severity} {each.code}: {_text(each.message)}" for each in problems]
    return [_list(lines, ERRORS)]


def _list(lines: Sequence[str], room: int) -> str:
    """Return the lines of a list that fit into that many bytes, and how many more there are."""
    shown = _fitting(lines, room)
    left = len(lines) - len(shown)
    return "\n".join([*shown, *([f"- and {left} more"] if left else [])])


def _where(problem: Problem) -> str:
    return f"{_name(problem.place.path)}:{problem.place.line}"


def _details(site: SiteReview) -> str:
    lines = list(_remark_lines(site.remarks))
    summary = f"<details><summary>{len(site.remarks)} remark{'s' * (len(site.remarks) != 1)}</summary>"
    head = f"#### {_name(site.name)}: {', '.join(site.acts)}\n\nRisk: {_risk(site.risk)}"
    return _blocks([head, summary, _list(lines, DETAILS_OF_A_SITE), "</details>"])


def _risk(risk: Risk) -> str:
    reasons = "; ".join(risk.reasons)
    return f"**{risk.level}**" + (f": {reasons}" if reasons else "")


def _remark_lines(remarks: Sequence[Remark]) -> Iterator[str]:
    for topic, group in groupby(remarks, key=lambda remark: remark.topic):
        yield f"- **{topic}**"
        yield from (f"  - {code_span(remark.mark.value)} {_text(remark.text)}" for remark in group)


def _elsewhere(review: Review) -> list[str]:
    parts = []
    if review.reached:
        parts.append(f"New defaults reach {_sites(len(review.reached))} more: {_some(review.reached)}.")
    if review.other_paths:
        count = len(review.other_paths)
        paths = f"{count} file{'s' * (count != 1)}: {_some(review.other_paths)}"
        parts.append(f"Not read by sitecert, so not reviewed here: {paths}.")
    return parts


def _some(names: Sequence[str]) -> str:
    left = len(names) - PATHS_SHOWN
    return ", ".join(_fitting(map(_name, names[:PATHS_SHOWN]), ELSEWHERE // 2)) + (
        f" and {left} more" if left > 0 else ""
    )


def _text(text: str) -> str:
    """Return somebody's words as Markdown that shows them and nothing else, on one line."""
    return _cut(text, LONGEST_TEXT)


def _name(text: str) -> str:
    """Return the name of something as `_text` does: names are not long, but a hostile one may be."""
    return _cut(text, LONGEST_NAME)


def _cut(text: str, longest: int) -> str:
    line = " ".join(text.split())
    return escape_markdown(line if len(line) <= longest else f"{line[:longest]}...")


def _sites(count: int) -> str:
    return f"{count} site{'s' * (count != 1)}"


def _blocks(parts: Sequence[str]) -> str:
    return "\n\n".join(parts)


def _joined(parts: Sequence[str]) -> str:
    return _blocks(parts) + "\n"


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
