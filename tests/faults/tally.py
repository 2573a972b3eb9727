"""What the sweeps of one test counted; `conftest` adds it up over all tests and workers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Tally:
    """A counter that goes with a test's report."""

    node: pytest.Item
    kind: str

    def add(self, **counts: int) -> None:
        """Count."""
        self.node.user_properties.append((self.kind, counts))


def summary(reports: list[pytest.TestReport]) -> list[str]:
    """Return one line for each kind of count."""
    sums: dict[str, Counter[str]] = {}
    for report in reports:
        if report.when == "call":
            for kind, counts in report.user_properties:
                if isinstance(counts, dict):
                    sums.setdefault(kind, Counter()).update(counts)
    return [_line(kind, counts) for kind, counts in sorted(sums.items())]


def _line(kind: str, counts: Counter[str]) -> str:
    return (
        f"{kind}: {counts['points']}, survived {counts['points']} "
        f"({counts['repaired']} repaired by the next command); {counts['disks']} different states"
    )
