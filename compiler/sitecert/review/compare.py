"""One site's change in words, with its problems and its risk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sitecert.model.review import Act, Mark, Remark, SiteReview, Topic
from sitecert.problems import Problem
from sitecert.problems.codes.review import FOREIGN_NAME, NAME_LEAVES
from sitecert.review.certificates import certificate_remarks
from sitecert.review.change import SiteChange
from sitecert.review.keys import key_remarks, swapped
from sitecert.review.names import name_problems, name_remarks
from sitecert.review.risk import risk
from sitecert.review.runbooks import runbook_remarks
from sitecert.review.settings import setting_remarks
from sitecert.review.waivers import waiver_remarks

ABOUT_A_SITE = (
    setting_remarks,
    name_remarks,
    key_remarks,
    certificate_remarks,
    runbook_remarks,
    waiver_remarks,
)
TOLD_OTHERWISE = frozenset({NAME_LEAVES.code, FOREIGN_NAME.code})
"""Codes of problems that a remark tells of already."""

ORDER = {topic: number for number, topic in enumerate(Topic)}


def site_problems(change: SiteChange) -> tuple[Problem, ...]:
    """Return what is wrong, or dangerous, in the difference itself."""
    return (*swapped(change), *name_problems(change))


def site_review(change: SiteChange, new: Sequence[Problem], fixed: Sequence[Problem]) -> SiteReview:
    """Return what changes for one site; `new` and `fixed` are the problems that come and go with it."""
    remarks = [remark for describe in ABOUT_A_SITE for remark in describe(change)]
    remarks += _retirement(change)
    remarks += _findings(new, fixed)
    remarks.sort(key=lambda remark: ORDER[remark.topic])
    return SiteReview(change.name, change.acts(), risk(change, new), tuple(remarks))


def _retirement(change: SiteChange) -> Iterator[Remark]:
    if Act.RETIRED not in change.acts():
        return
    certificate = change.certificates[0]
    left = len(change.after.digests)
    if certificate is not None:
        names = ", ".join(name.value for name in certificate.leaf.alternative_names)
        text = f"nobody renews {names} any more; in service until {certificate.leaf.not_after:%Y-%m-%d}"
        yield Remark(Topic.SITE, Mark.REMOVED, text)
    else:
        yield Remark(Topic.SITE, Mark.REMOVED, "the site had no certificate")
    if left:
        yield Remark(Topic.OUTPUT, Mark.ALERT, f"{left} of its files are still under out/")


def _findings(new: Sequence[Problem], fixed: Sequence[Problem]) -> Iterator[Remark]:
    for problem in new:
        if problem.code in TOLD_OTHERWISE:
            continue
        yield Remark(
            Topic.FINDINGS, Mark.ADDED, f"{problem.severity} {problem.code}: {problem.message}", problem.place
        )
    for problem in fixed:
        yield Remark(Topic.FINDINGS, Mark.REMOVED, f"{problem.severity} {problem.code}: {problem.message}")
