"""Waivers that come, go, change or end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sitecert.model.review import Mark, Remark, Topic
from sitecert.model.site import Waiver
from sitecert.problems import Problem
from sitecert.problems.codes.review import WAIVER_NEAR_END
from sitecert.review.change import SiteChange

NEAR = timedelta(days=30)


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


def waiver_problems(change: SiteChange) -> Iterator[Problem]:
    """Warn of waivers that end soon; those that ended are `validate`'s own problem."""
    for waiver in _waivers(change)[1]:
        if change.at <= waiver.until <= change.at + NEAR:
            message = f"waive: the waiver of {waiver.code} ends on {waiver.until}"
            yield WAIVER_NEAR_END.at(waiver.place, message, pointer="/waive", site=change.name)


def _waivers(change: SiteChange) -> tuple[tuple[Waiver, ...], tuple[Waiver, ...]]:
    before, after = change.before.site, change.after.site
    return before.waivers if before else (), after.waivers if after else ()
