"""Days and moments as data."""

from __future__ import annotations

from datetime import UTC, datetime


def instant(moment: datetime) -> str:
    """Return a moment in UTC, to the second, as RFC 3339 writes it: `2026-12-05T22:00:00Z`."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
