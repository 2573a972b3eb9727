"""The rules by which a change is risky are those that the documentation states."""

from __future__ import annotations

import json
import re
from pathlib import Path

from sitecert.review.risk import REPOSITORY_RULES, RISK_RULES

PAGE = (Path(__file__).parents[2] / "docs/review.md").read_text(encoding="utf-8")
LEVELS = ["high", "medium", "low"]


def test_the_documentation_states_every_rule_in_order() -> None:
    """Level and reason, as `review` prints them."""
    rows = re.findall(r"^\| (high|medium|low)\s+\| (.*?)\s+\| .* \|$", PAGE, re.MULTILINE)
    rules = [(rule.level.value, rule.reason) for rule in RISK_RULES]
    assert rows == [*rules, *((level.value, reason) for level, reason, _ in REPOSITORY_RULES)]


def test_the_highest_level_comes_first() -> None:
    """The first rule that applies gives the level."""
    order = [LEVELS.index(rule.level.value) for rule in RISK_RULES]
    assert order == sorted(order)


def test_every_reason_is_met_in_the_history() -> None:
    """A rule that no pull request meets is not known to work."""
    told: set[str] = set()
    for path in (Path(__file__).parent / "history").glob("*/json.txt"):
        document = json.loads(path.read_text(encoding="utf-8"))
        for part in (document, *document.get("sites", ())):
            told |= set(part.get("risk", {}).get("reasons", ()))
    reasons = {rule.reason for rule in RISK_RULES} | {reason for _, reason, _ in REPOSITORY_RULES}
    assert reasons - told == set()
