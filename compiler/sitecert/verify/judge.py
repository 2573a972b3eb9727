"""Hold what was seen against what is expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TypeAlias

from cryptography import x509

from sitecert.model.certificate import CertificateFacts
from sitecert.model.site import Site
from sitecert.model.verification import Check, SentCertificate, Served
from sitecert.pki.certificates import certificate_facts, read_certificate
from sitecert.pki.coverage import missing_names
from sitecert.pki.errors import CertificateError
from sitecert.pki.extensions import EXTENDED_KEY_USAGE, KEY_USAGE, describe_value
from sitecert.pki.structures import read_certificate_structure
from sitecert.problems import Problem, Rule
from sitecert.problems.codes import verification as codes
from sitecert.verify.chain import chain_faults
from sitecert.verify.endpoints import server_name
from sitecert.verify.expected import Expected, Known
from sitecert.verify.handshake import Failure, Handshake
from sitecert.verify.look import Look

OLD_PROTOCOLS = frozenset({"SSLv3", "TLSv1", "TLSv1.1"})
NEEDED = ((KEY_USAGE, "digitalSignature", codes.KEY_USAGE), (EXTENDED_KEY_USAGE, "serverAuth", codes.PURPOSE))
"""What an extension must include where the certificate has it, and the rule that says so."""

Fault: TypeAlias = tuple[Rule, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """A look that was judged: what it showed, and what is wrong there."""

    check: Check
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Sent:
    """One certificate as it was sent, and as it reads where it does."""

    fingerprint: str
    certificate: x509.Certificate | None
    facts: CertificateFacts | None


def judge(site: Site, expected: Expected, look: Look, moment: datetime) -> Judged:
    """Judge one look; validity is judged by `moment`.

    Its problems stand at the place's own line in the site's file.
    """
    if isinstance(look.outcome, Failure):
        check = Check(look.endpoint, look.name, server_name(look.name), Served.NOTHING, reached=look.reached)
        faults = [(look.outcome.rule, look.outcome.message)]
    else:
        sent = [_read(der) for der in look.outcome.certificates]
        known = expected.known.get(sent[0].fingerprint)
        check = _check(look, look.outcome, sent, known)
        faults = list(_Judgement(expected, check, sent, moment).faults(known))
    pointer = look.endpoint.pointer
    place = site.place(pointer)
    problems = (rule.at(place, message, pointer=pointer, site=site.name) for rule, message in faults)
    return Judged(check, tuple(problems))


def _read(der: bytes) -> _Sent:
    fingerprint = sha256(der).hexdigest()
    try:
        certificate = read_certificate(der)
        return _Sent(fingerprint, certificate, certificate_facts(certificate))
    except CertificateError:
        return _Sent(fingerprint, None, None)


def _check(look: Look, shown: Handshake, sent: Sequence[_Sent], known: Known | None) -> Check:
    return Check(
        endpoint=look.endpoint,
        name=look.name,
        server_name=server_name(look.name),
        served=known.served if known else Served.OTHER,
        generation=known.generation if known else None,
        reached=look.reached,
        protocol=shown.protocol,
        cipher=shown.cipher,
        chain=tuple(SentCertificate(each.fingerprint, each.facts) for each in sent),
    )


class _Judgement:
    """One handshake."""

    def __init__(self, expected: Expected, check: Check, sent: Sequence[_Sent], moment: datetime) -> None:
        self._expected = expected
        self._check = check
        self._sent = sent
        self._moment = moment

    def faults(self, known: Known | None) -> Iterator[Fault]:
        """Yield what is wrong; of a certificate that is to be replaced, only what its users notice."""
        if self._check.protocol in OLD_PROTOCOLS:
            yield codes.OLD_PROTOCOL, f"it speaks {self._check.protocol} at best"
        unreadable = [each.fingerprint for each in self._sent if each.facts is None]
        if unreadable:
            yield codes.SENT_UNREADABLE, f"a certificate cannot be read, SHA-256 {', '.join(unreadable)}"
        if known is None:
            yield from self._other()
            return
        yield from self._dates()
        if known.served is Served.CURRENT:
            yield from self._name(known)
            if not unreadable:
                certificates = [each.certificate for each in self._sent if each.certificate is not None]
                yield from _usages(certificates[0])
                yield from chain_faults(certificates, known.issued)
        else:
            yield self._to_be_replaced(known)

    def _other(self) -> Iterator[Fault]:
        facts = self._sent[0].facts
        if facts is None:
            return
        current = self._expected.current
        same_key = current is not None and current.spki_sha256 == facts.spki_sha256
        key = f", for generation {current.number}'s key" if current is not None and same_key else ""
        who = f'"{facts.subject}" from "{facts.issuer}"{key}'
        how = f"valid until {facts.not_after:%Y-%m-%d}, SHA-256 {facts.fingerprint}"
        yield codes.OTHER_SERVED, f"another certificate is served: {who}, {how}"

    def _to_be_replaced(self, known: Known) -> Fault:
        current = self._expected.current
        until = f"valid until {known.issued.leaf.not_after:%Y-%m-%d}"
        instead = f"not generation {current.number}" if current else "and no other is filed yet"
        if known.served is Served.INTERIM:
            return (
                codes.INTERIM_SERVED,
                f"the interim certificate of generation {known.generation} is served ({until}), {instead}",
            )
        return codes.STILL_BEFORE, f"generation {known.generation} is still served ({until}), {instead}"

    def _dates(self) -> Iterator[Fault]:
        for each in self._sent:
            facts = each.facts
            if facts is None:
                continue
            if facts.not_after < self._moment:
                yield codes.SERVED_EXPIRED, f'"{facts.subject}" expired on {facts.not_after:%Y-%m-%d}'
            if facts.not_before > self._moment:
                yield (
                    codes.SERVED_TOO_EARLY,
                    f'"{facts.subject}" is valid from {facts.not_before:%Y-%m-%d} on',
                )

    def _name(self, known: Known) -> Iterator[Fault]:
        carried = known.issued.leaf.alternative_names
        if missing_names([self._check.name], carried):
            answers = ", ".join(each.value for each in carried) or "no name"
            yield (
                codes.NAME_NOT_SERVED,
                f"it does not answer for {self._check.name.value}; it does for {answers}",
            )


def _usages(certificate: x509.Certificate) -> Iterator[Fault]:
    """Yield what the certificate's own bits forbid: openssl would say that all is well."""
    for extension in read_certificate_structure(certificate).extensions:
        for oid, needed, rule in NEEDED:
            values = describe_value(extension) if extension.oid == oid else (needed,)
            if needed not in values:
                yield rule, f"it is for {', '.join(values) or 'nothing'}, not for {needed}"
