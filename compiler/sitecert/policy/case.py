"""What a rule looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sitecert.model.configuration import Policy
from sitecert.model.names import PublicSuffixes
from sitecert.model.site import IssuerKind, Site
from sitecert.problems import Problem, Rule
from sitecert.problems.wording import key_of


@dataclass(frozen=True, slots=True)
class Case:
    """One site before the rules of one policy; `has_anchor` tells whether the repository trusts any root."""

    site: Site
    policy: Policy
    suffixes: PublicSuffixes
    has_anchor: bool

    @property
    def is_public(self) -> bool:
        """Whether a publicly trusted CA is to sign."""
        return self.site.issuer is IssuerKind.PUBLIC

    def at(self, rule: Rule, pointer: str, clause: str, hint: str = "") -> Problem:
        """Return a rule's problem at a value of the site."""
        message = f"{key_of(pointer)}: {clause}"
        return rule.at(self.site.place(pointer), message, hint=hint, pointer=pointer, site=self.site.name)


Check = Callable[[Case], Iterator[Problem]]
"""One rule: it yields a problem for each value that breaks it."""
