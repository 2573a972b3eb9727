"""How long a certificate is valid, and how long a public one may be (BR 6.3.2, ballot SC-081v3)."""

from __future__ import annotations

from datetime import date, timedelta

from sitecert.model.certificate import CertificateFacts

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)

SCHEDULE = (
    (date.min, 398),
    (date(2026, 3, 15), 200),
    (date(2027, 3, 15), 100),
    (date(2029, 3, 15), 47),
)
"""The day of issue from which a longest validity of public certificates holds, and its days."""


def validity_days(leaf: CertificateFacts) -> int:
    """Return the length of the validity in days; both ends count, a part of a day is a day (BR 6.3.2)."""
    return -(-(leaf.not_after - leaf.not_before + SECOND) // DAY)


def longest_validity(issued: date) -> int:
    """Return the most days that a public certificate issued on a day may be valid (BR 6.3.2)."""
    return [days for start, days in SCHEDULE if start <= issued][-1]
