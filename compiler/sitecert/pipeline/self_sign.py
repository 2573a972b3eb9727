"""Sign a site's request with the site's own key, file the certificate, compile what depends on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from sitecert.model.certificate import IssuedCertificate
from sitecert.model.document import Place
from sitecert.model.generation import Generation
from sitecert.model.layout import INTERIM, generation_folder
from sitecert.model.site import Custody, IssuerKind, Site
from sitecert.pipeline.compile import Compilation, Options, Outcome
from sitecert.pipeline.private_key import KeySource, open_private_key
from sitecert.pipeline.standing import find_kept, own_problems
from sitecert.pipeline.survey import Survey
from sitecert.pki.certificates import read_issued
from sitecert.pki.self_signing import LONGEST_DAYS, self_sign
from sitecert.problems import Problem, errors
from sitecert.problems.codes.interim import CERTIFIED_ALREADY, INTERIM_STANDS, KEY_ELSEWHERE

__all__ = ["LONGEST_DAYS", "KeySource", "Order", "SelfSigned", "sign_own"]


@dataclass(frozen=True, slots=True)
class Order:
    """How a certificate is to be made: valid from the beginning of `at` (UTC) and for how many days.

    `again` replaces an interim certificate that has not expired.
    """

    at: date
    days: int = LONGEST_DAYS
    again: bool = False

    @property
    def not_before(self) -> datetime:
        """The beginning of the day in UTC."""
        return datetime.combine(self.at, time(), UTC)


@dataclass(frozen=True, slots=True)
class SelfSigned:
    """What came of it: the problems, and where none forbade it the certificate and what was written.

    `is_interim` says that it stands in for one that a CA is to issue; else it is the site's own.
    """

    problems: tuple[Problem, ...]
    filed: Generation | None = None
    issued: IssuedCertificate | None = None
    is_interim: bool = False
    outcome: Outcome | None = None


def sign_own(survey: Survey, name: str, source: KeySource, order: Order) -> SelfSigned:
    """Make the certificate of the site `name` and file it; the caller holds the repository's lock.

    With `issuer: self-signed` it is the generation's certificate, else it lies beside the request as
    `interim.crt` (docs/decisions/0006).
    """
    plan, problems = find_kept(survey, name)
    if plan is None:
        return SelfSigned(problems)
    site, current = plan.site, plan.current
    refused = _refusal(site, current, order)
    if refused is not None or current.request is None:
        return SelfSigned((*problems, *([refused] if refused else [])))
    opened = open_private_key(name, current, source, f"sitecert self-sign {name} --key -")
    if isinstance(opened, Problem):
        return SelfSigned((*problems, opened))
    issued = self_sign(opened, current.request, order.not_before, order.days)
    is_interim = site.issuer is not IssuerKind.SELF_SIGNED
    if is_interim:
        filed, why = replace(current, interim_pem=issued.leaf_pem), "an interim certificate was made"
    else:
        filed, why = replace(current, certificate=issued), "its certificate was signed with its own key"
    outcome = Compilation(survey, (name,), Options(), {name: filed}, why).write(lambda _name: None)
    problems = own_problems(outcome.problems, name)
    if errors(problems):
        return SelfSigned(problems, outcome=outcome)
    return SelfSigned(problems, filed, issued, is_interim, outcome)


def _refusal(site: Site, current: Generation, order: Order) -> Problem | None:
    """Return why nothing is signed, if so."""
    pointer = "/key/generation"
    if current.certificate is not None:
        ends = current.certificate.leaf.not_after
        message = f"generation {current.number} has its certificate, valid until {ends:%Y-%m-%d}"
        return CERTIFIED_ALREADY.at(site.place(pointer), message, pointer=pointer, site=site.name)
    if current.encrypted_key is None or current.request is None:
        return _key_elsewhere(site)
    is_own = site.issuer is IssuerKind.SELF_SIGNED
    if current.interim_pem is None or order.again or is_own:
        return None
    ends = read_issued(current.interim_pem, b"").leaf.not_after
    if ends < order.not_before:
        return None
    path = f"{generation_folder(site.name, current.number)}/{INTERIM}"
    message = f"is an interim certificate that is valid until {ends:%Y-%m-%d}"
    return INTERIM_STANDS.at(Place(path, 1, 1), message, site=site.name)


def _key_elsewhere(site: Site) -> Problem:
    pointer = "/key/custody"
    if site.key.custody is Custody.SERVER:
        server = site.servers[0].name
        message = f"key.custody: server: the private key is on {server}, which it never leaves"
        hint = "sign there, with `sh request.sh interim` in the pack that makes the request"
    else:
        message = f"key.custody: {site.key.custody}: the private key is the customer's"
        hint = "ask the customer, or take the key in with its certificate"
    return KEY_ELSEWHERE.at(site.place(pointer), message, hint=hint, pointer=pointer, site=site.name)
