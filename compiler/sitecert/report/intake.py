"""The verdict on what came: a table for people, a document for programs, and what was filed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from textwrap import wrap

from sitecert.model.artifact import Change
from sitecert.model.generation import Generation
from sitecert.model.layout import REQUEST, generation_folder
from sitecert.problems import Problem, errors
from sitecert.problems.finding import Finding
from sitecert.report.plan import change_data
from sitecert.report.problems import FORMAT_VERSION, problem_data
from sitecert.report.style import Style, printable

ROLES = {"ok": "+", "accepted": "warning"}
NOTHING = "nothing"
WIDTH = 80


def verdict_text(findings: Sequence[Finding], style: Style) -> str:
    """Return the table of the fields: what is thought of each, what came, what was asked where it differs.

    A field in which several things are wrong is named once.
    """
    if not findings:
        return ""
    width = max(len(finding.field) for finding in findings)
    words = max(len(_judged(finding)) for finding in findings)
    lines = []
    for field, group in groupby(findings, key=lambda finding: finding.field):
        for index, finding in enumerate(group):
            name = field.value if index == 0 else ""
            judged = _judged(finding)
            coloured = style(ROLES.get(finding.word, finding.word), judged) + " " * (words - len(judged))
            margin = width + words + 4
            first, *others = (line for said in _said(finding) for line in _wrapped(*said, margin))
            lines.append(f"{name:<{width}}  {coloured}  {first}")
            lines += [" " * margin + other for other in others]
    return "".join(f"{line}\n" for line in lines)


def _judged(finding: Finding) -> str:
    return f"{finding.word} {finding.problem.code}" if finding.problem is not None else finding.word


def _said(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield what is said of a finding: labels, and words."""
    came = printable(finding.came) or NOTHING
    if finding.problem is None or not finding.asked or finding.asked == finding.came:
        yield "", came
    else:
        yield "asked: ", printable(finding.asked)
        yield "came:  ", came


def _wrapped(label: str, words: str, margin: int) -> list[str]:
    """Return words behind their label in lines for what a margin leaves; no word is broken."""
    return wrap(
        words,
        WIDTH - margin,
        initial_indent=label,
        subsequent_indent=" " * len(label),
        break_long_words=False,
        break_on_hyphens=False,
    )


def intake_json(
    site: str,
    generation: int | None,
    findings: Sequence[Finding],
    problems: Sequence[Problem],
    changes: Sequence[Change],
    *,
    filed: bool,
) -> str:
    """Return an intake as one JSON document (schema/intake.schema.json)."""
    document = {
        "format_version": FORMAT_VERSION,
        "site": site,
        "generation": generation,
        "filed": filed,
        "fields": [_finding_data(each) for each in findings],
        "changes": [change_data(each) for each in changes],
        "problems": [problem_data(each) for each in problems],
    }
    return json.dumps(document, indent=2) + "\n"


def _finding_data(finding: Finding) -> dict[str, object]:
    return {
        "field": finding.field.value,
        "asked": finding.asked,
        "came": finding.came,
        "verdict": finding.word,
        "code": finding.problem.code if finding.problem is not None else None,
    }


def filed_text(site: str, generation: Generation, *, is_new: bool) -> str:
    """Return what was filed for a site: for which names, from whom, until when; one line."""
    what = f"generation {generation.number} of {site}"
    issued = generation.certificate
    if not is_new:
        return f"{what}: nothing to do, this is filed already"
    if issued is None:
        request = f"{generation_folder(site, generation.number)}/{REQUEST}"
        return f"{what}: filed the server's request; next: send {request} to the CA"
    names = ", ".join(name.value for name in issued.leaf.alternative_names)
    return (
        f"{what}: filed the certificate for {names}, valid until {issued.leaf.not_after:%Y-%m-%d}, "
        f'from "{issued.leaf.issuer}", with {len(issued.chain)} of its issuers'
    )


def refused_text(site: str, problems: Sequence[Problem], acceptable: frozenset[str]) -> str:
    """Return that nothing was filed, and how a person overrules that where it is allowed; one line."""
    codes = sorted({problem.code for problem in errors(list(problems))})
    if not acceptable.issuperset(codes):
        return f"{site}: nothing was filed"
    accept = " ".join(f"--accept {code}" for code in codes)
    return f"{site}: nothing was filed; it may be overruled with {accept}"
