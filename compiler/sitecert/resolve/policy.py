"""`policy` of `sitecert.yaml`, from what its schema found valid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sitecert.model.configuration import Freeze, LongestValidity, Ownership, Policy
from sitecert.model.document import Document, Mapping, Node, Scalar, Sequence
from sitecert.model.names import AlternativeName
from sitecert.model.site import Custody, IssuerKind
from sitecert.model.window import read_window
from sitecert.problems import Problem, Rule, Severity
from sitecert.problems.codes.settings import SEVERITY_FIXED, SEVERITY_UNKNOWN, UNTIL, WINDOW
from sitecert.problems.registry import all_rules
from sitecert.problems.wording import did_you_mean, key_of, quoted
from sitecert.resolve.merge import flatten
from sitecert.resolve.names import NameFault, parse_name

STRICTNESS = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}


def resolve_policy(document: Document) -> tuple[Policy, tuple[Problem, ...]]:
    """Return the policy that a repository's document holds, and what cannot be used in it."""
    node = document.root.get("policy")
    if not isinstance(node, Mapping):
        return Policy(), ()
    reader = _Reader({f"/policy{pointer}": value for pointer, value in flatten(node)})
    return reader.policy(), tuple(reader.problems)


class _Reader:
    """Reads the keys of one policy, by JSON pointer, and collects what is wrong with them."""

    def __init__(self, nodes: dict[str, Node]) -> None:
        self._nodes = nodes
        self.problems: list[Problem] = []

    def policy(self) -> Policy:
        """Return the policy; what cannot be used is left out and reported."""
        return Policy(
            severities=dict(self._severities()),
            issuers=tuple(IssuerKind(each) for each in self._texts("/policy/issuers")),
            authorities={
                IssuerKind(kind): self._texts(f"/policy/authorities/{kind}")
                for kind in self._keys("/policy/authorities")
            },
            minimum_bits=int(self._text("/policy/key/minimum_bits") or 0),
            custody=tuple(Custody(each) for each in self._texts("/policy/key/custody")),
            validity={IssuerKind(kind): self._limits(kind) for kind in self._keys("/policy/validity")},
            domains=self._domains(),
            change_fields=self._texts("/policy/change/required"),
            freezes=tuple(self._freezes()),
            ownerships=tuple(
                Ownership(self._texts(f"{entry}/sites"), self._texts(f"{entry}/owners"))
                for entry in self._items("/policy/owners")
            ),
            patterns=tuple(self._patterns()),
        )

    def _severities(self) -> Iterator[tuple[str, str]]:
        """Yield the severities that may be set."""
        severity = self._nodes.get("/policy/severity")
        rules = all_rules()
        for entry in severity.entries if isinstance(severity, Mapping) else ():
            pointer = f"/policy/severity/{entry.key.text}"
            problem = _check_severity(entry.key, self._text(pointer), pointer, rules)
            if problem is not None:
                self.problems.append(problem)
            else:
                yield entry.key.text, self._text(pointer)

    def _limits(self, kind: str) -> tuple[LongestValidity, ...]:
        """Return how long certificates of a kind of issuer may be valid, in the order of the days."""
        pointer = f"/policy/validity/{kind}"
        if isinstance(self._nodes[pointer], Scalar):
            return (LongestValidity(date.min, int(self._text(pointer))),)
        limits = []
        for entry in self._items(pointer):
            since = self._date(f"{entry}/from")
            if since is not None:
                limits.append(LongestValidity(since, int(self._text(f"{entry}/days"))))
        return tuple(sorted(limits, key=lambda limit: limit.since))

    def _domains(self) -> dict[str, tuple[AlternativeName, ...]] | None:
        """Return every customer's domains; one that stands twice has those of both entries."""
        if "/policy/domains" not in self._nodes:
            return None
        domains: dict[str, tuple[AlternativeName, ...]] = {}
        for entry in self._items("/policy/domains"):
            customer = self._text(f"{entry}/customer")
            own = [self._name(pointer) for pointer in self._items(f"{entry}/allowed")]
            domains[customer] = domains.get(customer, ()) + tuple(each for each in own if each is not None)
        return domains

    def _freezes(self) -> Iterator[Freeze]:
        for entry in self._items("/policy/freezes"):
            pointer = f"{entry}/window"
            window = read_window(self._text(pointer))
            if window is None:
                clause = (
                    f"{quoted(self._text(pointer))} is no span of time: its end does not follow its start"
                )
                self._report(WINDOW, pointer, clause)
            else:
                sites = self._texts(f"{entry}/sites") or ("*",)
                yield Freeze(self._text(f"{entry}/name"), window, sites)

    def _patterns(self) -> Iterator[Scalar]:
        for entry in (*self._items("/policy/freezes"), *self._items("/policy/owners")):
            nodes = (self._nodes[pointer] for pointer in self._items(f"{entry}/sites"))
            yield from (node for node in nodes if isinstance(node, Scalar))

    def _date(self, pointer: str) -> date | None:
        try:
            return date.fromisoformat(self._text(pointer))
        except ValueError:
            self._report(UNTIL, pointer, f"{quoted(self._text(pointer))} is not in the calendar")
            return None

    def _name(self, pointer: str) -> AlternativeName | None:
        text = self._text(pointer)
        name = parse_name(text)
        if isinstance(name, NameFault):
            self._report(name.rule, pointer, f"{quoted(text)} {name.clause}", name.hint)
            return None
        return name

    def _report(self, rule: Rule, pointer: str, clause: str, hint: str = "") -> None:
        message = f"{key_of(pointer)}: {clause}"
        self.problems.append(rule.at(self._nodes[pointer].place, message, hint=hint, pointer=pointer))

    def _text(self, pointer: str) -> str:
        node = self._nodes.get(pointer)
        return node.text if isinstance(node, Scalar) else ""

    def _items(self, pointer: str) -> list[str]:
        """Return the pointers of a list's items."""
        node = self._nodes.get(pointer)
        count = len(node.items) if isinstance(node, Sequence) else 0
        return [f"{pointer}/{index}" for index in range(count)]

    def _texts(self, pointer: str) -> tuple[str, ...]:
        return tuple(self._text(each) for each in self._items(pointer))

    def _keys(self, pointer: str) -> tuple[str, ...]:
        node = self._nodes.get(pointer)
        return tuple(entry.key.text for entry in node.entries) if isinstance(node, Mapping) else ()


def _check_severity(code: Scalar, severity: str, pointer: str, rules: dict[str, Rule]) -> Problem | None:
    rule = rules.get(code.text)
    if rule is None:
        message = f"policy.severity: there is no code {quoted(code.text)}{did_you_mean(code.text, rules)}"
        return SEVERITY_UNKNOWN.at(code.place, message, pointer=pointer)
    if rule.softenable or STRICTNESS[Severity(severity)] >= STRICTNESS[rule.severity]:
        return None
    message = f"policy.severity: {rule.code} ({rule.title}) is always at least {rule.severity}"
    return SEVERITY_FIXED.at(code.place, message, pointer=pointer)
