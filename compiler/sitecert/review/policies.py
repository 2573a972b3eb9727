"""How two policies differ, and where the newer one refuses less."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from sitecert.model.configuration import Freeze, Policy
from sitecert.model.site import IssuerKind
from sitecert.problems import Severity
from sitecert.problems.registry import all_rules

STRICTNESS = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}
ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """One difference: its JSON pointer in `sitecert.yaml`, a sentence, whether less is refused now."""

    pointer: str
    text: str
    is_milder: bool


def policy_changes(before: Policy, after: Policy) -> tuple[PolicyChange, ...]:
    """Return every difference between two policies."""
    return (
        *_severities(before, after),
        *_choices("issuers", before.issuers, after.issuers),
        *_choices("key.custody", before.custody, after.custody),
        *_minimum_bits(before, after),
        *_authorities(before, after),
        *_validity(before, after),
        *_domains(before, after),
        *_required(before, after),
        *_freezes(before, after),
        *_owners(before, after),
    )


def _severities(before: Policy, after: Policy) -> Iterator[PolicyChange]:
    rules = all_rules()
    for code in sorted({*before.severities, *after.severities}):
        default = rules[code].severity
        old, new = (Severity(each.severities.get(code, default)) for each in (before, after))
        if old is not new:
            text = f"{code} ({rules[code].title}): {old} becomes {new}"
            yield PolicyChange(f"/policy/severity/{code}", text, STRICTNESS[new] < STRICTNESS[old])


def _choices(key: str, old: Collection[str], new: Collection[str]) -> Iterator[PolicyChange]:
    """Compare what may be chosen: nothing listed allows anything."""
    if set(old) != set(new):
        yield _change(key, _listed(old), _listed(new), is_milder=_allows_more(old, new))


def _minimum_bits(before: Policy, after: Policy) -> Iterator[PolicyChange]:
    old, new = before.minimum_bits, after.minimum_bits
    if old != new:
        yield _change("key.minimum_bits", str(old), str(new), is_milder=new < old)


def _authorities(before: Policy, after: Policy) -> Iterator[PolicyChange]:
    for kind in IssuerKind:
        old, new = (each.authorities.get(kind, ()) for each in (before, after))
        yield from _choices(f"authorities.{kind}", old, new)


def _validity(before: Policy, after: Policy) -> Iterator[PolicyChange]:
    for kind in IssuerKind:
        old, new = (each.validity.get(kind, ()) for each in (before, after))
        if old == new:
            continue
        days = sorted({limit.since for limit in (*old, *new)})
        pairs = [(before.longest_validity(kind, day), after.longest_validity(kind, day)) for day in days]
        is_milder = any(least is not None and (now is None or now > least) for least, now in pairs)
        said = [", ".join(f"{each.days} days from {each.since}" for each in limits) for limits in (old, new)]
        yield _change(f"validity.{kind}", said[0] or ANYTHING, said[1] or ANYTHING, is_milder=is_milder)


def _domains(before: Policy, after: Policy) -> Iterator[PolicyChange]:
    """Compare the domains customer by customer; a customer who comes has none to lose."""
    if (before.domains is None) != (after.domains is None):
        words = ["anything" if each.domains is None else "a list by customer" for each in (before, after)]
        yield _change("domains", *words, is_milder=after.domains is None)
        return
    olds, news = before.domains or {}, after.domains or {}
    for customer in sorted({*olds, *news}):
        old, new = ({each.value for each in domains.get(customer, ())} for domains in (olds, news))
        if old != new:
            said = [", ".join(sorted(each)) or "nothing" for each in (old, new)]
            yield _change(f"domains, {customer}", *said, is_milder=bool(old) and bool(new - old))


def _required(before: Policy, after: Policy) -> Iterator[PolicyChange]:
    old, new = before.change_fields, after.change_fields
    if set(old) != set(new):
        is_milder = bool(set(old) - set(new))
        yield _change("change.required", _names(old), _names(new), is_milder=is_milder)


def _freezes(before: Policy, after: Policy) -> Iterator[PolicyChange]:
    for freeze in before.freezes:
        if freeze not in after.freezes:
            yield PolicyChange(
                "/policy/freezes", f"freezes: {_freeze(freeze)} does not hold any more", is_milder=True
            )
    for freeze in after.freezes:
        if freeze not in before.freezes:
            yield PolicyChange(
                "/policy/freezes", f"freezes: {_freeze(freeze)} holds from here on", is_milder=False
            )


def _owners(before: Policy, after: Policy) -> Iterator[PolicyChange]:
    """Any other owner counts as milder: who must approve is what a reviewer relies on."""
    if before.ownerships != after.ownerships:
        text = "owners: who must approve which sites changes"
        yield PolicyChange("/policy/owners", text, bool(before.ownerships))


def _change(key: str, old: str, new: str, *, is_milder: bool) -> PolicyChange:
    pointer = "/policy/" + key.partition(",")[0].replace(".", "/")
    return PolicyChange(pointer, f"{key}: {old} becomes {new}", is_milder)


def _allows_more(old: Collection[str], new: Collection[str]) -> bool:
    return bool(old) and (not new or not set(new) <= set(old))


def _listed(values: Iterable[str]) -> str:
    return ", ".join(values) or ANYTHING


def _names(values: Iterable[str]) -> str:
    return ", ".join(values) or "nothing"


def _freeze(freeze: Freeze) -> str:
    return f"{freeze.name} ({freeze.window.start:%Y-%m-%d} to {freeze.window.end:%Y-%m-%d})"
