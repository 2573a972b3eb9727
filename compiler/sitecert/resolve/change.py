"""The customer's change record and the waivers of a site."""

from __future__ import annotations

from datetime import date, datetime

from sitecert.model.site import Change, Waiver
from sitecert.problems.codes.settings import UNTIL, WINDOW
from sitecert.problems.wording import quoted
from sitecert.resolve.settings import Settings


def read_change(settings: Settings) -> Change:
    """Return what is known of the customer's change record."""
    window = settings.text("/change/window")
    fault = None if window is None else _window_fault(window)
    if window is not None and fault is not None:
        settings.report(WINDOW, "/change/window", f"{quoted(window)} {fault}")
    return Change(
        number=settings.text("/change/number"),
        window=window,
        contact=settings.text("/change/contact"),
        approvers=tuple(settings.text(pointer) or "" for pointer in settings.items("/change/approvers")),
    )


def _window_fault(window: str) -> str | None:
    """Return what is wrong with an ISO 8601 interval of the schema's form, as a clause."""
    start, _, end = window.partition("/")
    try:
        begins = datetime.fromisoformat(start)
        if not end.startswith("P") and datetime.fromisoformat(end) <= begins:
            return "ends before it begins"
    except (ValueError, TypeError) as error:
        return f"has a moment that does not exist: {error}"
    if end.startswith("P") and not end.strip("PTDHM0"):
        return "lasts no time"
    return None


def read_waivers(settings: Settings) -> tuple[Waiver, ...]:
    """Return the waivers; one whose day is not in the calendar is reported."""
    waivers = [_read_waiver(settings, pointer) for pointer in settings.items("/waive")]
    return tuple(waiver for waiver in waivers if waiver is not None)


def _read_waiver(settings: Settings, pointer: str) -> Waiver | None:
    text = settings.text(f"{pointer}/until") or ""
    try:
        until = date.fromisoformat(text)
    except ValueError:
        settings.report(UNTIL, f"{pointer}/until", f"{quoted(text)} is not in the calendar")
        return None
    code = settings.text(f"{pointer}/code") or ""
    reason = settings.text(f"{pointer}/reason") or ""
    return Waiver(code, reason, until, settings.nodes[f"{pointer}/code"].place)
