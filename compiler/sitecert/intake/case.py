"""What a returned certificate is judged by, and how a judgement is put."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from sitecert.intake.bundle import Bundle
from sitecert.model.certificate import CertificateFacts
from sitecert.model.document import Place
from sitecert.model.generation import Generation
from sitecert.model.names import AlternativeName
from sitecert.model.request import RequestContent
from sitecert.model.site import Site
from sitecert.model.verdict import Field, KeyHolder
from sitecert.pki.anchors import Anchors
from sitecert.pki.structures import CertificateStructure
from sitecert.problems import Rule
from sitecert.problems.finding import Finding


def _nobody(_: str) -> KeyHolder | None:
    return None


@dataclass(frozen=True, slots=True)
class Question:
    """All that is known of a site before a file is looked at.

    `generations` are those that stand, by number; `at` is the moment by which validity is judged;
    `public` and `internal` are the anchors of certifi and of `trust`. `find_key` tells who has a public
    key, by its SHA-256 (hex), where no standing generation of the site does.
    """

    site: Site
    generations: Mapping[int, Generation]
    at: datetime
    public: Anchors = field(default_factory=Anchors)
    internal: Anchors = field(default_factory=Anchors)
    find_key: Callable[[str], KeyHolder | None] = _nobody

    @property
    def current(self) -> Generation:
        """The generation that something is taken in for; an empty one where it does not stand yet."""
        number = self.site.key.generation
        return self.generations.get(number, Generation(number))

    @property
    def content(self) -> RequestContent:
        """What was asked for: by the request, or by the site where the customer made that."""
        request = self.current.request
        return request.content if request is not None else self.site.request

    @property
    def before(self) -> Generation | None:
        """The newest older generation that has a certificate."""
        older = [
            each
            for number, each in sorted(self.generations.items())
            if number < self.current.number and each.certificate is not None
        ]
        return older[-1] if older else None


@dataclass(frozen=True, slots=True)
class Case:
    """One certificate with its issuers, and the question; `origin` is the trail to where it was found."""

    question: Question
    bundle: Bundle
    structure: CertificateStructure
    origin: str

    @property
    def site(self) -> Site:
        """The site that it came for."""
        return self.question.site

    @property
    def facts(self) -> CertificateFacts:
        """The facts of the server's certificate."""
        return self.bundle.issued.leaf

    @property
    def at(self) -> datetime:
        """The moment by which validity is judged."""
        return self.question.at

    def wrong(self, rule: Rule, field: Field, asked: str, came: str, message: str) -> Finding:
        """Return the finding that a rule is broken; `message` is a sentence about the certificate."""
        return wrong(self.site, self.origin, rule, field, asked, came, message)


Check: TypeAlias = Callable[[Case], Iterator[Finding]]


def wrong(site: Site, origin: str, rule: Rule, field: Field, asked: str, came: str, message: str) -> Finding:
    """Return the finding that a rule is broken by what was found at `origin`, the trail into a file."""
    path = origin.partition(": ")[0]
    return Finding(field, asked, came, rule.at(Place(path, 1, 1), message, site=site.name))


def listed(names: Sequence[AlternativeName]) -> str:
    """Return names as a reader takes them in, one after the other."""
    return ", ".join(name.value for name in names) or "no name"
