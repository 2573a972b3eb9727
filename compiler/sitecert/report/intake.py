"""The verdict on what came: a table for people, a document for programs, and what was filed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby

from sitecert.model.artifact import Change
from sitecert.model.generation import Generation
from sitecert.model.layout import REQUEST, generation_folder
from sitecert.problems import Problem
from sitecert.problems.finding import Finding
from sitecert.report.plan import change_data
from sitecert.report.problems import FORMAT_VERSION, problem_data
from sitecert.report.style import Style, printable

ROLES = {"ok": "+", "accepted": "warning"}
NOTHING = "nothing"


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
            first, *others = _said(finding)
            lines.append(f"{name:<{width}}  {coloured}  {first}")
            lines += [" " * (width + words + 4) + other for other in others]
    return "".join(f"{line}\n" for line in lines)


def _judged(finding: Finding) -> str:
    return f"{finding.word} {finding.problem.code}" if finding.problem is not None else finding.word


def _said(finding: Finding) -> Iterator[str]:
    came = printable(finding.came) or NOTHING
    if finding.problem is None or not finding.asked or finding.asked == finding.came:
        yield came
    else:
        yield f"asked: {printable(finding.asked)}"
        yield f"came:  {came}"


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
