"""How long a server certificate may live, by who issued it and when (BR 6.3.2, Apple 103769)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sitecert.model.certificate import CertificateFacts

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class ValidityLimit:
    """The limit for what is issued on the day `since` (UTC) or later, until the next limit's day.

    A validity period must not exceed `days`, and should not exceed `advised` days.
    """

    since: date
    days: int
    advised: int


PUBLIC_LIMITS = (
    ValidityLimit(date.min, 398, 397),
    ValidityLimit(date(2026, 3, 15), 200, 199),
    ValidityLimit(date(2027, 3, 15), 100, 99),
    ValidityLimit(date(2029, 3, 15), 47, 46),
)
"""Publicly trusted certificates (BR 6.3.2, ballot SC-081v3), the earliest first."""

PRIVATE_DAYS = 825
"""Certificates of any other CA, and self-signed ones: Apple's systems refuse more (Apple 103769)."""


def public_limit(issued: date) -> ValidityLimit:
    """Return the limit that governs a public certificate by the day of its issuance (notBefore, UTC)."""
    day = issued.astimezone(UTC).date() if isinstance(issued, datetime) else issued
    return next(limit for limit in reversed(PUBLIC_LIMITS) if limit.since <= day)


def longest_validity(issued: date) -> int:
    """Return the most days that a public certificate issued on a day may be valid (BR 6.3.2)."""
    return public_limit(issued).days


def validity_days(leaf: CertificateFacts) -> int:
    """Return the length of the validity in days.

    Both ends count (RFC 5280 4.1.2.5), and a second more than a whole day is a further day (BR 6.3.2).
    """
    return -(-(leaf.not_after - leaf.not_before + SECOND) // DAY)
