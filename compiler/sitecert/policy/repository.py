"""Rules that the repository's own policy sets for a site."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from fnmatch import fnmatchcase

from sitecert.model.configuration import Freeze, Policy
from sitecert.model.names import AlternativeName, NameKind
from sitecert.model.site import Custody, Site
from sitecert.model.window import Window, read_window
from sitecert.policy.case import Case, Check
from sitecert.problems import Problem
from sitecert.problems.codes.names import CUSTOMER_WITHOUT_DOMAINS, DOMAIN_NOT_ALLOWED
from sitecert.problems.codes.policy import (
    CHANGE_IN_FREEZE,
    CHANGE_INCOMPLETE,
    CUSTODY_NOT_ALLOWED,
    IDLE_PATTERN,
    ISSUER_NOT_ALLOWED,
    KEY_TOO_SMALL,
    NO_OWNER,
)
from sitecert.problems.wording import quoted

EVERY_SITE = "*"
"""It fits a repository without a site, too."""


def check_issuer(case: Case) -> Iterator[Problem]:
    """Refuse a kind of issuer that the policy leaves out."""
    issuer, allowed = case.site.issuer, case.policy.issuers
    if allowed and issuer not in allowed:
        yield case.at(ISSUER_NOT_ALLOWED, "/issuer", f"is {issuer}; policy.issuers allows {_list(allowed)}")


def check_key_size(case: Case) -> Iterator[Problem]:
    """Refuse a key that is too small; how large a customer's key is shows when it comes."""
    key, least = case.site.key, case.policy.minimum_bits
    if key.custody is not Custody.CUSTOMER and key.bits < least:
        clause = f"is {key.security}: RSA {key.bits}; policy.key.minimum_bits is {least}"
        yield case.at(KEY_TOO_SMALL, "/key/security", clause)


def check_custody(case: Case) -> Iterator[Problem]:
    """Refuse a custody that the policy leaves out."""
    custody, allowed = case.site.key.custody, case.policy.custody
    if allowed and custody not in allowed:
        clause = f"is {custody}; policy.key.custody allows {_list(allowed)}"
        yield case.at(CUSTODY_NOT_ALLOWED, "/key/custody", clause)


def check_domains(case: Case) -> Iterator[Problem]:
    """Refuse names that are not in the customer's domains."""
    site, domains = case.site, case.policy.domains
    if domains is None:
        return
    allowed = domains.get(site.customer)
    if allowed is None:
        clause = f"{quoted(site.customer)} has no entry in policy.domains"
        yield case.at(CUSTOMER_WITHOUT_DOMAINS, "/customer", clause)
        return
    listed = _list(each.value for each in allowed)
    for name, shown, pointer in _certified_names(site):
        if not any(_is_within(name, domain) for domain in allowed):
            clause = f"{quoted(shown)} is in no domain of the customer's; policy.domains allows {listed}"
            yield case.at(DOMAIN_NOT_ALLOWED, pointer, clause)


def _certified_names(site: Site) -> Iterator[tuple[AlternativeName, str, str]]:
    """Yield each name that the certificate will have, as it was written, with its pointer.

    The short form of a server's long name stands for that: it is not judged by itself.
    """
    for each in site.written_names:
        yield each.name, each.text, each.pointer
    written = {each.name for each in site.written_names}
    for name in site.alternative_names:
        shortened = any(server.name.startswith(f"{name.value}.") for server in site.servers)
        if name not in written and not (name.is_short and shortened):
            yield name, name.value, "/servers"


def _is_within(name: AlternativeName, domain: AlternativeName) -> bool:
    """Whether a name is the domain or lies below it; an address is only ever itself."""
    if name.kind is NameKind.IP or domain.kind is NameKind.IP:
        return name == domain
    return f".{name.value.removeprefix('*.')}".endswith(f".{domain.value.removeprefix('*.')}")


def check_change(case: Case) -> Iterator[Problem]:
    """Ask for the fields of the change record that the policy requires."""
    for field in case.policy.change_fields:
        if not getattr(case.site.change, field):
            clause = "is not given; policy.change.required asks for it"
            yield case.at(CHANGE_INCOMPLETE, f"/change/{field}", clause)


def check_owner(case: Case) -> Iterator[Problem]:
    """Warn of a site that no entry of the owners names."""
    if case.policy.ownerships and not case.policy.owners_of(case.site.name):
        message = "no entry of policy.owners names this site"
        yield NO_OWNER.at(case.site.place(""), message, site=case.site.name)


def check_freezes(site: Site, policy: Policy, at: date) -> Iterator[Problem]:
    """Refuse a change in a freeze, unless one of the two is over on the day `at`.

    For `validate` and `review` alone: what is compiled does not depend on a date.
    """
    window = read_window(site.change.window)
    if window is None or window.end.date() < at:
        return
    for freeze in policy.freezes:
        if freeze.holds_for(site.name) and freeze.window.end.date() >= at and window.touches(freeze.window):
            pointer = "/change/window"
            message = f"change.window: {quoted(site.change.window or '')} touches {_freeze(freeze)}"
            yield CHANGE_IN_FREEZE.at(site.place(pointer), message, pointer=pointer, site=site.name)


def check_patterns(policy: Policy, names: Collection[str]) -> Iterator[Problem]:
    """Warn of patterns that fit none of the repository's sites, `names`."""
    for pattern in policy.patterns:
        if pattern.text != EVERY_SITE and not any(fnmatchcase(name, pattern.text) for name in names):
            yield IDLE_PATTERN.at(pattern.place, f"policy: no site is named {quoted(pattern.text)}")


def _freeze(freeze: Freeze) -> str:
    return f"the freeze {quoted(freeze.name)}, {_span(freeze.window)}"


def _span(window: Window) -> str:
    return f"{window.start.isoformat(timespec='minutes')} to {window.end.isoformat(timespec='minutes')}"


def _list(values: Iterable[str]) -> str:
    return ", ".join(values)


REPOSITORY_CHECKS: tuple[Check, ...] = (
    check_issuer,
    check_key_size,
    check_custody,
    check_domains,
    check_change,
    check_owner,
)
