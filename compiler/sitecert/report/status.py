"""Where every site stands: as a table, as JSON, as a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from textwrap import wrap

from sitecert.model.fleet import InService, Mark, SiteStage, SiteStatus
from sitecert.problems import Problem
from sitecert.report.moments import instant
from sitecert.report.problems import FORMAT_VERSION, problem_data
from sitecert.report.style import Style, printable

WIDTH = 80
LONGEST_NAME = 30
HEADINGS = ("site", "stage", "until", "days", "act by")
WIDTHS = (0, 15, 10, 5, 10)
"""Columns of a terminal; the first one is as wide as the longest name, at most LONGEST_NAME."""

WORDS = ("stopped", "expired", "due", "under way", "fine")

CSV_FIELDS = (
    *("site", "customer", "common_name", "stage", "generation", "in_service", "not_after", "days_left"),
    *("act_by", "due", "marks", "next"),
)
OBEYED = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection)."""


def status_table(sites: Sequence[SiteStatus], style: Style) -> str:
    """Return a line for each site, and below it, where there is one, why and what to do next."""
    if not sites:
        return ""
    names = [len(each.site) for each in sites if len(each.site) <= LONGEST_NAME]
    width = max([len(HEADINGS[0]), *names])
    lines = [style("dim", _row(HEADINGS, width))]
    for site in sites:
        lines += _site_lines(site, width, style)
    return "".join(f"{line}\n" for line in lines)


def _site_lines(site: SiteStatus, width: int, style: Style) -> Iterator[str]:
    service = site.in_service
    until, act_by = (_day(service.leaf.not_after), _day(service.act_by)) if service else ("-", "-")
    left = "-" if site.days_left is None else str(site.days_left)
    name = site.site
    if len(name) > width:
        yield style("path", name)
        name = ""
    row = _row((name, site.stage.value, until, left, act_by), width)
    yield style("path", row[:width]) + row[width:]
    yield from _below(", ".join(_remarks(site)), _role(site), style)
    yield from _below(f"next: {printable(site.next)}" if site.next else "", "", style)


def _row(cells: Sequence[str], width: int) -> str:
    widths = (width, *WIDTHS[1:])
    padded = [
        cell.rjust(size) if heading == "days" else cell.ljust(size)
        for cell, size, heading in zip(cells, widths, HEADINGS, strict=True)
    ]
    return "  ".join(padded).rstrip()


def _below(text: str, role: str, style: Style) -> Iterator[str]:
    lines = wrap(text, WIDTH - 2, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    for line in lines:
        yield f"  {style(role, line)}"


def _role(site: SiteStatus) -> str:
    if site.stage is SiteStage.STOPPED or Mark.EXPIRED in site.marks:
        return "error"
    return "warning" if site.is_due or site.marks else "dim"


def _remarks(site: SiteStatus) -> Iterator[str]:
    """Yield, in clauses, what the columns do not tell."""
    service = site.in_service
    if Mark.EXPIRED in site.marks:
        yield "expired"
    if site.is_due:
        yield "due"
    if service and Mark.INTERIM in site.marks:
        yield f"an interim certificate stands in for generation {service.generation}"
    elif service and service.generation != site.generation:
        yield _served_words(service)
    if Mark.DISCLOSED in site.marks:
        yield "its private key was disclosed"


def _served_words(service: InService) -> str:
    older = "the certificate from before sitecert (generation 0)"
    return f"in service: {older if service.generation == 0 else f'generation {service.generation}'}"


def status_total(sites: Sequence[SiteStatus]) -> str:
    """Return the one-line total."""
    counts = Counter(_word(site) for site in sites)
    told = ", ".join(f"{counts[word]} {word}" for word in WORDS if counts[word])
    return f"{len(sites)} site{'s' * (len(sites) != 1)}{': ' * bool(told)}{told}"


def _word(site: SiteStatus) -> str:
    if site.stage is SiteStage.STOPPED:
        return "stopped"
    if Mark.EXPIRED in site.marks:
        return "expired"
    if site.is_due:
        return "due"
    return "under way" if site.next else "fine"


def status_json(sites: Sequence[SiteStatus], at: date, problems: Sequence[Problem]) -> str:
    """Return the status as one JSON document (schema/status.schema.json)."""
    document = {
        "format_version": FORMAT_VERSION,
        "at": at.isoformat(),
        "sites": [_site_data(site) for site in sites],
        "problems": [problem_data(each) for each in problems],
    }
    return json.dumps(document, indent=2) + "\n"


def _site_data(site: SiteStatus) -> dict[str, object]:
    return {
        "site": site.site,
        "customer": site.customer,
        "common_name": site.common_name,
        "generation": site.generation,
        "stage": site.stage.value,
        "due": site.is_due,
        "days_left": site.days_left,
        "marks": [mark.value for mark in site.marks],
        "next": site.next or None,
        "in_service": _service_data(site.in_service) if site.in_service else None,
        "generations": [
            {
                "number": each.number,
                "stage": each.stage.value,
                "not_after": instant(each.not_after) if each.not_after else None,
            }
            for each in site.generations
        ],
    }


def _service_data(service: InService) -> dict[str, object]:
    return {
        "generation": service.generation,
        "interim": service.is_interim,
        "act_by": service.act_by.isoformat(),
        "fingerprint": service.leaf.fingerprint,
        "issuer": service.leaf.issuer,
        "serial": service.leaf.serial,
        "not_before": instant(service.leaf.not_before),
        "not_after": instant(service.leaf.not_after),
    }


def status_csv(sites: Sequence[SiteStatus]) -> str:
    """Return a row for each site under a row of headings (RFC 4180), safe to open in a spreadsheet."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(CSV_FIELDS)
    for site in sites:
        service = site.in_service
        writer.writerow(
            (
                _cell(site.site),
                _cell(site.customer or ""),
                _cell(site.common_name or ""),
                site.stage.value,
                site.generation,
                service.generation if service else None,
                _day(service.leaf.not_after) if service else None,
                site.days_left,
                _day(service.act_by) if service else None,
                "yes" if site.is_due else "no",
                " ".join(mark.value for mark in site.marks),
                _cell(site.next),
            )
        )
    return text.getvalue()


def _cell(text: str) -> str:
    """Return a text that no spreadsheet obeys and no terminal either."""
    return f"'{printable(text)}" if text.startswith(OBEYED) else printable(text)


def _day(moment: date) -> str:
    return f"{moment:%Y-%m-%d}"
