"""The days to act by, for a calendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from sitecert.model.fleet import InService, SiteStatus

LONGEST_LINE = 75
"""Octets of a content line, without its end (RFC 5545 3.1)."""


def status_calendar(sites: Sequence[SiteStatus], at: datetime) -> str:
    """Return a calendar with one event for each site that serves a certificate, on the day to act by.

    `at` is the moment (UTC) that the status is of. An event keeps its UID as long as the certificate does.
    """
    events = [line for site in sites if site.in_service for line in _event(site, site.in_service, at)]
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//sitecert//status//EN")
    lines = [*head, *events, "END:VCALENDAR"]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(site: SiteStatus, service: InService, at: datetime) -> Iterator[str]:
    url = f"https://sitecert.dev/act-by/{site.site}/{service.leaf.fingerprint}"
    ends = f"{service.leaf.not_after:%Y-%m-%d}"
    summary = f"Replace the certificate of {site.common_name or site.site} (ends {ends})"
    description = f"{site.site}: {site.customer or 'its file has an error'}"
    if site.next:
        description += f"\nNext: {site.next}"
    yield "BEGIN:VEVENT"
    yield f"UID:{uuid5(NAMESPACE_URL, url)}"
    yield f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{service.act_by:%Y%m%d}"
    yield f"SUMMARY:{_text(summary)}"
    yield f"DESCRIPTION:{_text(description)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(value: str) -> str:
    """Return a TEXT value (RFC 5545 3.3.11)."""
    for character in ("\\", ";", ","):
        value = value.replace(character, f"\\{character}")
    return value.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Yield a content line in pieces of at most 75 octets, no character in two of them (RFC 5545 3.1)."""
    piece = ""
    for character in line:
        if len((piece + character).encode()) > LONGEST_LINE:
            yield piece
            piece = " "
        piece += character
    yield piece
