"""Every code that sitecert can report."""

from __future__ import annotations

from importlib import import_module

from sitecert.problems.rule import Rule

FAMILIES = (
    "files",
    "schema",
    "names",
    "settings",
    "subject",
    "policy",
    "generations",
    "certificates",
    "formats",
    "verdict",
    "issuers",
    "verification",
    "handoff",
    "interim",
    "conversion",
    "review",
    "leaks",
    "fleet",
    "spreadsheet",
    "keys",
    "environment",
)


def all_rules() -> dict[str, Rule]:
    """Return every rule by its code, in the order of the codes."""
    modules = [import_module(f"sitecert.problems.codes.{family}") for family in FAMILIES]
    rules = [value for module in modules for value in vars(module).values() if isinstance(value, Rule)]
    return {rule.code: rule for rule in sorted(rules, key=lambda rule: rule.code)}


def acceptable_codes() -> frozenset[str]:
    """Return the codes that a person may overrule with `intake --accept`; a key mismatch is never one."""
    return frozenset(code for code, rule in all_rules().items() if rule.acceptable)
