"""Every date of the document: taken from the certificate or the change window, never from today."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sitecert.emit.documents.view import ValidityPeriod
from sitecert.model.certificate import CertificateFacts

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)

# The day from which a longest validity holds, and its days (BR 6.3.2, ballot SC-081v3).
_SCHEDULE = (
    (date.min, 398),
    (date(2026, 3, 15), 200),
    (date(2027, 3, 15), 100),
    (date(2029, 3, 15), 47),
)


def instant(moment: datetime) -> str:
    """Return a certificate's time as `2027-06-10 23:59:59 UTC`."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=' ', timespec='seconds')} UTC"


def validity_days(leaf: CertificateFacts) -> int:
    """Return the length of the validity in days; both ends count, a part of a day is a day (BR 6.3.2)."""
    length = leaf.not_after - leaf.not_before + _SECOND
    return -(-length // _DAY)


def longest_validity(issued: date) -> int:
    """Return the most days that a public certificate issued on a day may be valid (BR 6.3.2)."""
    return [days for start, days in _SCHEDULE if start <= issued][-1]


def validity_schedule(issued: date) -> tuple[ValidityPeriod, ...]:
    """Return the longest validity of public certificates, from the period of a day of issue on."""
    ends: list[date | None] = [start for start, _ in _SCHEDULE[1:]]
    periods = []
    for (start, days), end in zip(_SCHEDULE, [*ends, None], strict=True):
        if end is not None and end <= issued:
            continue
        if start == date.min:
            words = f"before {end}"
        else:
            words = f"from {start}" if end is None else f"from {start} to {end - _DAY}"
        periods.append(ValidityPeriod(words, days))
    return tuple(periods)
