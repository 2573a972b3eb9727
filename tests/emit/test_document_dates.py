"""The dates of the change document."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitecert.emit.documents.dates import (
    validity_schedule,
)
from sitecert.model.window import read_window
from sitecert.pki.renewal import renewal_start
from sitecert.pki.validity import longest_validity, validity_days
from support.documents import issued


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            "2026-12-05T22:00-06:00/PT2H",
            (
                "Saturday 2026-12-05 22:00 to Sunday 2026-12-06 00:00, UTC-06:00"
                " (Sunday 2026-12-06 04:00 to Sunday 2026-12-06 06:00 UTC)"
            ),
        ),
        (
            "2026-12-05T22:00+05:30/2026-12-06T01:00+05:30",
            (
                "Saturday 2026-12-05 22:00 to Sunday 2026-12-06 01:00, UTC+05:30"
                " (Saturday 2026-12-05 16:30 to Saturday 2026-12-05 19:30 UTC)"
            ),
        ),
        ("2026-12-05T22:00Z/PT90M", "Saturday 2026-12-05 22:00 to Saturday 2026-12-05 23:30 UTC"),
        ("2026-12-05T22:00Z/P1DT1H", "Saturday 2026-12-05 22:00 to Sunday 2026-12-06 23:00 UTC"),
    ],
)
def test_window_is_shown_with_weekdays_and_zone(written: str, shown: str) -> None:
    """A board reads weekdays, the local zone and UTC."""
    assert str(read_window(written)) == shown


def test_window_whose_ends_have_two_zones_is_shown_in_the_first() -> None:
    """Both times stand in the zone that is named beside them."""
    window = read_window("2026-12-05T22:00-06:00/2026-12-06T05:00Z")
    assert str(window).startswith("Saturday 2026-12-05 22:00 to Saturday 2026-12-05 23:00, UTC-06:00 (")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Saturday night",
        "2026-12-05T22:00/PT2H",
        "2026-12-05T22:00Z",
        "2026-12-05T22:00Z/PT",
        "2026-12-05T22:00Z/2026-12-05T21:00Z",
        "9999-12-31T23:00Z/P9D",
        "0001-01-01T00:00+05:00/PT1H",
    ],
)
def test_window_that_is_none_is_not_guessed(written: str) -> None:
    """Words, a missing zone or end, and times that do not exist are shown as they were written."""
    assert read_window(written) is None


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_a_window(text: str) -> None:
    """Whatever is written, reading it gives a window or None."""
    window = read_window(text)
    assert window is None or window.start < window.end


@pytest.mark.parametrize(
    ("issued_on", "days"),
    [
        (date(2026, 3, 14), 398),
        (date(2026, 3, 15), 200),
        (date(2027, 3, 14), 200),
        (date(2027, 3, 15), 100),
        (date(2029, 3, 14), 100),
        (date(2029, 3, 15), 47),
    ],
)
def test_longest_validity_changes_on_the_days_of_the_ballot(issued_on: date, days: int) -> None:
    """The schedule of BR 6.3.2, at both sides of each boundary."""
    assert longest_validity(issued_on) == days
    assert validity_schedule(issued_on)[0].days == days


def test_schedule_begins_with_the_period_of_the_certificate() -> None:
    """What is past for this certificate is not shown."""
    shown = [(period.issued, period.days) for period in validity_schedule(date(2027, 6, 1))]
    assert shown == [("from 2027-03-15 to 2029-03-14", 100), ("from 2029-03-15", 47)]


def test_renewal_is_due_thirty_days_before_the_end() -> None:
    """The dates come from the certificate alone."""
    leaf = issued(days=199).leaf
    assert leaf.not_after == datetime(2027, 6, 17, 23, 59, 59, tzinfo=UTC)
    assert (renewal_start(leaf), validity_days(leaf)) == (date(2027, 5, 18), 199)


def test_renewal_of_a_short_certificate_is_due_in_its_last_third() -> None:
    """One of ten days is not due before it was issued, nor as soon as it is there."""
    leaf = issued(days=10).leaf
    assert leaf.not_before.date() == date(2026, 12, 1)
    assert renewal_start(leaf) == date(2026, 12, 7)
