"""A rule, as `explain` prints it."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import fill

from sitecert.problems import Rule
from sitecert.report.style import Style


def rule_text(rule: Rule, style: Style) -> str:
    """Return everything that the registry says of a rule."""
    kinds = [rule.severity.value]
    kinds += ["may be waived"] if rule.waivable else []
    kinds += ["its severity may be set"] if rule.softenable else []
    kinds += ["may be overruled at intake"] if rule.acceptable else []
    head = f"{style(rule.severity.value, rule.code)}: {style('path', rule.title)} ({', '.join(kinds)})"
    parts = {"rule": rule.rule, "why": rule.why, "source": rule.source, "fix": rule.fix}
    paragraphs = [
        fill(text, width=88, initial_indent=f"  {name + ':':<8}", subsequent_indent=" " * 10)
        for name, text in parts.items()
    ]
    return "\n".join([head, "", *paragraphs]) + "\n"


def rules_list(rules: Iterable[Rule], style: Style) -> str:
    """Return one line for each rule: its code, how serious it is, its title."""
    return "".join(
        f"{style(rule.severity.value, rule.code)}  {rule.severity.value:<7}  {rule.title}\n" for rule in rules
    )
