"""A span of time with its zone: a change window, or a freeze."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DURATION = re.compile(r"P(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?)?")


@dataclass(frozen=True, slots=True)
class Window:
    """From a moment to another; both carry the zone in which the start was written."""

    start: datetime
    end: datetime

    def __str__(self) -> str:
        local = f"{_weekday_and_time(self.start)} to {_weekday_and_time(self.end)}"
        if self.start.utcoffset() == timedelta():
            return f"{local} UTC"
        start, end = self.start.astimezone(UTC), self.end.astimezone(UTC)
        return f"{local}, {self.start.tzinfo} ({_weekday_and_time(start)} to {_weekday_and_time(end)} UTC)"

    def touches(self, other: Window) -> bool:
        """Whether the two have a moment in common; one that ends as the other begins has none."""
        return self.start < other.end and other.start < self.end


def read_window(text: str | None) -> Window | None:
    """Read `start/end` or `start/duration` (ISO 8601), the start with its zone; None where it is not so."""
    start_text, slash, end_text = (text or "").partition("/")
    try:
        start = datetime.fromisoformat(start_text)
        duration = _DURATION.fullmatch(end_text)
        if duration:
            days, hours, minutes = (int(number or 0) for number in duration.groups())
            end = start + timedelta(days=days, hours=hours, minutes=minutes)
        else:
            end = datetime.fromisoformat(end_text)
        if not slash or start.tzinfo is None or end.tzinfo is None or start >= end:
            return None
        # Shown in UTC too: a time that UTC cannot express is refused here.
        start.astimezone(UTC)
        end.astimezone(UTC)
        return Window(start, end.astimezone(start.tzinfo))
    except (ValueError, OverflowError):
        return None


def _weekday_and_time(moment: datetime) -> str:
    written = moment.replace(tzinfo=None).isoformat(sep=" ", timespec="minutes")
    return f"{_WEEKDAYS[moment.weekday()]} {written}"
