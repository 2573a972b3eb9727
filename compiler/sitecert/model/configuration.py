"""What `sitecert.yaml` says for the whole repository."""

from __future__ import annotations

from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase

from sitecert.model.document import Mapping, Scalar
from sitecert.model.names import AlternativeName
from sitecert.model.site import Custody, IssuerKind
from sitecert.model.window import Window


@dataclass(frozen=True, slots=True)
class LongestValidity:
    """The most days that a certificate issued from the day `since` on may be valid."""

    since: date
    days: int


@dataclass(frozen=True, slots=True)
class Freeze:
    """A time when nothing may be changed, at the sites whose names match one of the patterns."""

    name: str
    window: Window
    sites: tuple[str, ...] = ("*",)

    def holds_for(self, site: str) -> bool:
        """Whether the site of this name is frozen."""
        return any(fnmatchcase(site, pattern) for pattern in self.sites)


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who must approve changes of the sites whose names match one of the patterns."""

    sites: tuple[str, ...]
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """What one repository asks for, and how strict the rules are there.

    It is a value, so that any site can be judged by any policy: a pull request by its base's too.
    `severities` maps a code to `error`, `warning` or `note`. An empty `issuers` or `custody` allows all;
    so does a kind of issuer that `authorities` (organizations and names of CAs) or `validity` (limits in
    the order of their days) leaves out. `domains` maps a customer to the domains and addresses that are
    its own; None asks for nothing. `change_fields` are those of `Change` that must be given. `patterns` are
    those by which freezes and owners name sites, as they were written.
    """

    severities: MappingABC[str, str] = field(default_factory=dict)
    issuers: tuple[IssuerKind, ...] = ()
    authorities: MappingABC[IssuerKind, tuple[str, ...]] = field(default_factory=dict)
    minimum_bits: int = 0
    custody: tuple[Custody, ...] = ()
    validity: MappingABC[IssuerKind, tuple[LongestValidity, ...]] = field(default_factory=dict)
    domains: MappingABC[str, tuple[AlternativeName, ...]] | None = None
    change_fields: tuple[str, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    ownerships: tuple[Ownership, ...] = ()
    patterns: tuple[Scalar, ...] = field(default=(), compare=False, repr=False)

    def owners_of(self, site: str) -> tuple[str, ...]:
        """Return who must approve a site's changes: the last entry that names it counts (CODEOWNERS)."""
        matching = [
            each.owners
            for each in self.ownerships
            if any(fnmatchcase(site, pattern) for pattern in each.sites)
        ]
        return matching[-1] if matching else ()

    def longest_validity(self, issuer: IssuerKind, issued: date) -> int | None:
        """Return the most days for a certificate issued on a day, or None where nothing is asked for."""
        holding = [limit.days for limit in self.validity.get(issuer, ()) if limit.since <= issued]
        return holding[-1] if holding else None


@dataclass(frozen=True, slots=True)
class Configuration:
    """The repository's configuration, resolved.

    `requires` is a version specifier (PEP 440) or None; `recipients` are age or SSH public keys, in the
    order in which they stand; `defaults` is the mapping that every site starts from, where there is
    one; `trust` names files of anchors, relative to the root.
    """

    source: str
    requires: Scalar | None
    recipients: tuple[Scalar, ...]
    defaults: Mapping | None
    trust: tuple[Scalar, ...]
    policy: Policy = field(default_factory=Policy)
