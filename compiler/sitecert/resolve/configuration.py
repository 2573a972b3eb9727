"""The repository's configuration, from its document."""

from __future__ import annotations

from sitecert.model.configuration import Configuration, Policy
from sitecert.model.document import Document, Mapping, Node, Scalar, Sequence
from sitecert.problems import Problem, Rule, Severity
from sitecert.problems.codes.settings import (
    REQUIRES_FORM,
    REQUIRES_OTHER,
    SEVERITY_FIXED,
    SEVERITY_UNKNOWN,
)
from sitecert.problems.registry import all_rules
from sitecert.problems.wording import did_you_mean, quoted
from sitecert.resolve.requires import is_satisfied

STRICTNESS = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}


def resolve_configuration(
    document: Document, version: str
) -> tuple[Configuration | None, tuple[Problem, ...]]:
    """Return what `sitecert.yaml` says, and its problems, for a sitecert of `version`.

    There is no configuration where `requires` excludes this version: the rest may mean something else
    to the one that is asked for.
    """
    requires = _scalar(document.root.get("requires"))
    problem = _check_requires(requires, version)
    if problem is not None:
        return None, (problem,)
    defaults = document.root.get("defaults")
    severities, problems = _read_severities(document.root.get("policy"))
    configuration = Configuration(
        source=document.path,
        requires=requires,
        recipients=_scalars(document.root.get("recipients")),
        defaults=defaults if isinstance(defaults, Mapping) else None,
        trust=_scalars(document.root.get("trust")),
        policy=Policy(severities),
    )
    return configuration, problems


def _check_requires(requires: Scalar | None, version: str) -> Problem | None:
    if requires is None:
        return None
    satisfied = is_satisfied(requires.text, version)
    if satisfied is None:
        message = f"requires: {quoted(requires.text)} cannot be read"
        return REQUIRES_FORM.at(requires.place, message, pointer="/requires")
    if not satisfied:
        message = f"requires: {quoted(requires.text)} excludes this sitecert, {version}"
        return REQUIRES_OTHER.at(requires.place, message, pointer="/requires")
    return None


def _read_severities(policy: Node | None) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Return the severities that may be set, and a problem for each other one."""
    chosen = policy.get("severity") if isinstance(policy, Mapping) else None
    if not isinstance(chosen, Mapping):
        return {}, ()
    rules = all_rules()
    severities, problems = {}, []
    for entry in chosen.entries:
        code, severity = entry.key.text, _scalar(entry.value)
        problem = _check_severity(entry.key, severity, rules)
        if problem is not None:
            problems.append(problem)
        elif severity is not None:
            severities[code] = severity.text
    return severities, tuple(problems)


def _check_severity(code: Scalar, severity: Scalar | None, rules: dict[str, Rule]) -> Problem | None:
    pointer = f"/policy/severity/{code.text}"
    rule = rules.get(code.text)
    if rule is None:
        message = f"policy.severity: there is no code {quoted(code.text)}{did_you_mean(code.text, rules)}"
        return SEVERITY_UNKNOWN.at(code.place, message, pointer=pointer)
    if severity is None or rule.softenable or not _is_milder(severity.text, rule):
        return None
    message = f"policy.severity: {rule.code} ({rule.title}) is always at least {rule.severity}"
    return SEVERITY_FIXED.at(code.place, message, pointer=pointer)


def _is_milder(severity: str, rule: Rule) -> bool:
    return STRICTNESS[Severity(severity)] < STRICTNESS[rule.severity]


def _scalar(node: Node | None) -> Scalar | None:
    return node if isinstance(node, Scalar) else None


def _scalars(node: Node | None) -> tuple[Scalar, ...]:
    items = node.items if isinstance(node, Sequence) else ()
    return tuple(item for item in items if isinstance(item, Scalar))
