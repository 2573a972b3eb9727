"""Every date of the document: taken from the certificate or the change window, never from today."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sitecert.emit.documents.view import ValidityPeriod
from sitecert.pki.validity import DAY, PUBLIC_LIMITS


def instant(moment: datetime) -> str:
    """Return a certificate's time as `2027-06-10 23:59:59 UTC`."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=' ', timespec='seconds')} UTC"


def validity_schedule(issued: date) -> tuple[ValidityPeriod, ...]:
    """Return the longest validity of public certificates, from the period of a day of issue on."""
    ends: list[date | None] = [limit.since for limit in PUBLIC_LIMITS[1:]]
    periods = []
    for limit, end in zip(PUBLIC_LIMITS, [*ends, None], strict=True):
        if end is not None and end <= issued:
            continue
        if limit.since == date.min:
            words = f"before {end}"
        else:
            words = f"from {limit.since}" if end is None else f"from {limit.since} to {end - DAY}"
        periods.append(ValidityPeriod(words, limit.days))
    return tuple(periods)
