"""Waivers that come, go or change; those that end are found by the policy."""

from __future__ import annotations

from collections.abc import Iterator

from sitecert.model.review import Mark, Remark, Topic
from sitecert.model.site import Waiver
from sitecert.review.change import SiteChange


def waiver_remarks(change: SiteChange) -> Iterator[Remark]:
    """Say what the site is newly excused from, and no longer."""
    old, new = ({each.code: each for each in waivers} for waivers in _waivers(change))
    for code, waiver in new.items():
        if code not in old:
            yield Remark(
                Topic.WAIVERS, Mark.ADDED, f"{code} until {waiver.until}: {waiver.reason}", waiver.place
            )
        elif (old[code].until, old[code].reason) != (waiver.until, waiver.reason):
            text = f"{code} until {waiver.until} (was {old[code].until}): {waiver.reason}"
            yield Remark(Topic.WAIVERS, Mark.CHANGED, text, waiver.place)
    for code, waiver in old.items():
        if code not in new and change.after.site is not None:
            yield Remark(Topic.WAIVERS, Mark.REMOVED, f"{code}, which held until {waiver.until}")


def _waivers(change: SiteChange) -> tuple[tuple[Waiver, ...], tuple[Waiver, ...]]:
    before, after = change.before.site, change.after.site
    return before.waivers if before else (), after.waivers if after else ()
