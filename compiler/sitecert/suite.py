"""What differs between versions of Smart Suite (kb39324 steps 9 to 11; docs/design.md section 3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sitecert.model.suite import ServiceManager, SuiteTraits

Version = tuple[int, int, int]
"""Major, minor and patch: `8.0-1` is (8, 0, 1)."""

WRITTEN = re.compile(r"([0-9]{1,4})\.(?:x|([0-9]{1,4})(?:-([0-9]{1,4}))?)")
ENDLESS = 10_000
"""Above every number that a version may have: `5.x` goes from (5, 0, 0) to (5, ENDLESS, ENDLESS)."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """The article does not say how such a version behaves; `reason` is a clause that says why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Span:
    """The versions from `first` to `last`, both included, and what holds for all of them."""

    first: Version
    last: Version
    verdict: SuiteTraits | Undecided


SPANS = (
    Span(
        (0, 0, 0),
        (4, ENDLESS, ENDLESS),
        Undecided("is older than 5.x, the oldest version that kb39324 mentions"),
    ),
    Span((5, 0, 0), (5, ENDLESS, ENDLESS), SuiteTraits(ServiceManager.SYSV, ords=False)),
    Span((6, 0, 0), (6, ENDLESS, ENDLESS), Undecided("is not mentioned in kb39324")),
    Span((7, 0, 0), (7, ENDLESS, ENDLESS), SuiteTraits(ServiceManager.SYSTEMD, ords=False)),
    Span((8, 0, 0), (8, 0, 1), SuiteTraits(ServiceManager.SYSTEMD, ords=False)),
    Span(
        (8, 0, 2),
        (8, 0, ENDLESS),
        Undecided('lies between "8.0-1 and below" and "8.1 and above", which kb39324 treats differently'),
    ),
    Span((8, 1, 0), (8, ENDLESS, ENDLESS), SuiteTraits(ServiceManager.SYSTEMD, ords=True)),
    Span(
        (9, 0, 0),
        (ENDLESS, ENDLESS, ENDLESS),
        Undecided("is newer than 8.x, the newest version that kb39324 mentions"),
    ),
)
UNREADABLE = Undecided("is not written as versions are: 5.x, 7.1, 8.0-1, 8.10")
ACROSS = Undecided("spans the change at 8.1, from which on ORDS runs beside Apache")


def traits_of(version: str) -> SuiteTraits | Undecided:
    """Return what holds for a version as it is written (`5.x`, `7.1`, `8.0-1`, `8.10`).

    Versions compare as numbers: 8.10 is above 8.1, which is above 8.0-1.
    """
    written = WRITTEN.fullmatch(version)
    if written is None:
        return UNREADABLE
    lowest, highest = _ends(written)
    verdicts = [span.verdict for span in SPANS if span.first <= highest and lowest <= span.last]
    return verdicts[0] if len(verdicts) == 1 else ACROSS


def _ends(written: re.Match[str]) -> tuple[Version, Version]:
    """Return the lowest and the highest version that a text stands for."""
    major, minor, patch = (int(part) if part else None for part in written.groups())
    if minor is None:
        return (major or 0, 0, 0), (major or 0, ENDLESS, ENDLESS)
    exact = (major or 0, minor, patch or 0)
    return exact, exact
