"""Names that come and go, and who notices."""

from __future__ import annotations

from collections.abc import Iterator

from sitecert.model.names import AlternativeName, NameKind
from sitecert.model.review import Mark, Remark, Topic
from sitecert.problems import Problem
from sitecert.problems.codes.review import FOREIGN_NAME, NAME_LEAVES
from sitecert.review.change import SiteChange

NAMES_POINTER = "/alt_names"


def name_remarks(change: SiteChange) -> Iterator[Remark]:
    """Say which names the site asks for now and did not, and the other way round."""
    place = change.place(NAMES_POINTER)
    leaving, foreign = change.names_leaving_service, foreign_names(change)
    for name in leaving:
        text = f"{name.value} stops working for whoever uses it, once the new certificate is installed"
        yield Remark(Topic.NAMES, Mark.REMOVED, text, place)
    for name in change.names_removed if change.after.site else ():
        if name not in leaving:
            yield Remark(
                Topic.NAMES,
                Mark.REMOVED,
                f"{name.value} is no longer asked for; no certificate had it",
                place,
            )
    for name in change.names_added:
        other = " (under a domain that this customer did not have)" if name in foreign else ""
        yield Remark(Topic.NAMES, Mark.ADDED, f"{name.value} will answer{other}", place)
    unasked = _unasked(change)
    if unasked:
        listed = ", ".join(name.value for name in unasked)
        yield Remark(
            Topic.NAMES, Mark.ALERT, f"the certificate also answers for {listed}, which nobody asked for"
        )


def name_problems(change: SiteChange) -> Iterator[Problem]:
    """Warn of names that leave, and of those under a new domain."""
    place = change.place(NAMES_POINTER)
    for name in change.names_leaving_service:
        yield NAME_LEAVES.at(
            place, f"{name.value} leaves the certificate", pointer=NAMES_POINTER, site=change.name
        )
    for name in foreign_names(change):
        message = f"{name.value} is under a domain that this customer did not have"
        yield FOREIGN_NAME.at(place, message, pointer=NAMES_POINTER, site=change.name)


def foreign_names(change: SiteChange) -> tuple[AlternativeName, ...]:
    """Return the added names under another domain than the customer's others.

    Of a new site, those under another than the common name's.
    """
    site = change.after.site
    if site is None:
        return ()
    known_names = change.before.site.alternative_names if change.before.site else (site.common_name,)
    known = {_domain(change, name) for name in known_names}
    return tuple(name for name in change.names_added if _domain(change, name) not in known)


def _domain(change: SiteChange, name: AlternativeName) -> str:
    """Return the domain that somebody registered, as far as that can be told: the suffix and one label."""
    if name.kind is NameKind.IP:
        return "an IP address"
    base = name.value.removeprefix("*.")
    labels = base.split(".")
    suffix = change.suffixes.suffix_of(base)
    own = suffix.count(".") + 2 if suffix else 2
    return ".".join(labels[-own:]) if len(labels) > 1 else "a short name"


def _unasked(change: SiteChange) -> tuple[AlternativeName, ...]:
    before, after = change.certificates
    site = change.after.site
    if after is None or site is None or (before is not None and before.leaf == after.leaf):
        return ()
    return tuple(name for name in after.leaf.alternative_names if name not in site.alternative_names)
