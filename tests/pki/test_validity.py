"""The schedule of validity periods, at its edges."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from sitecert.pki.validity import public_limit, validity_days
from support.documents import issued

START = datetime(2026, 3, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("issued", "days", "advised"),
    [
        (date(2012, 1, 1), 398, 397),
        (date(2026, 3, 14), 398, 397),
        (date(2026, 3, 15), 200, 199),
        (date(2027, 3, 14), 200, 199),
        (date(2027, 3, 15), 100, 99),
        (date(2029, 3, 14), 100, 99),
        (date(2029, 3, 15), 47, 46),
        (date(2040, 1, 1), 47, 46),
    ],
)
def test_the_day_of_issuance_governs(issued: date, days: int, advised: int) -> None:
    """Each limit begins on its day (BR 6.3.2)."""
    limit = public_limit(issued)
    assert (limit.days, limit.advised) == (days, advised)


def test_the_day_is_that_of_utc() -> None:
    """Half past six in the evening of the 14th in Minnesota is the 15th."""
    evening = datetime(2026, 3, 14, 18, 30, tzinfo=timezone(timedelta(hours=-6)))
    assert public_limit(evening).days == 200


@pytest.mark.parametrize(
    ("length", "days"),
    [
        (timedelta(days=200, seconds=-1), 200),
        (timedelta(days=200), 201),
        (timedelta(days=200, seconds=-2), 200),
        (timedelta(0), 1),
    ],
)
def test_both_ends_count(length: timedelta, days: int) -> None:
    """`openssl -days 200` makes 200 days and a second, which is 201 days to a CA."""
    leaf = replace(issued(days=1).leaf, not_before=START, not_after=START + length)
    assert validity_days(leaf) == days
