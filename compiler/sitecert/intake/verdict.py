"""Hold what came against what was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from sitecert.intake.algorithm import check_signature
from sitecert.intake.anchor import check_anchor, check_issuer
from sitecert.intake.bundle import Bundle, find_leaf, sort_bundle
from sitecert.intake.case import Case, Check, Question, wrong
from sitecert.intake.chain import check_chain
from sitecert.intake.key import check_key
from sitecert.intake.names import check_names
from sitecert.intake.private_key import judge_keys
from sitecert.intake.public import check_transparency, check_validation
from sitecert.intake.request import judge_request
from sitecert.intake.subject import check_subject
from sitecert.intake.usage import check_constraints, check_extensions, check_key_usage, check_purpose
from sitecert.intake.validity import check_validity
from sitecert.model.certificate import IssuedCertificate
from sitecert.model.generation import Generation
from sitecert.model.site import Custody
from sitecert.model.verdict import Field
from sitecert.pki.certificates import certificate_label, issued_certificate
from sitecert.pki.errors import PkiError
from sitecert.pki.formats.contents import Contents, FoundCertificate
from sitecert.pki.structures import read_certificate_structure
from sitecert.problems import Problem
from sitecert.problems.codes import certificates as codes
from sitecert.problems.codes.verdict import LEAF_DAMAGED
from sitecert.problems.finding import Finding

LEAF_CHECKS: tuple[Check, ...] = (
    check_key,
    check_names,
    check_subject,
    check_validity,
    check_key_usage,
    check_purpose,
    check_constraints,
    check_extensions,
    check_signature,
    check_transparency,
    check_validation,
    check_issuer,
)
"""What is judged of a certificate once; of one that is filed already, nothing can change it."""

CHAIN_CHECKS: tuple[Check, ...] = (check_chain, check_anchor)
"""What is judged again whenever an issuer is given later."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is thought of the files.

    `generation` is what would be filed, None where there is nothing; whether it may be is for whoever
    weighs the findings. `private_key` came along and is to be encrypted (`key.custody: customer`
    alone); it must never be shown.
    """

    findings: tuple[Finding, ...]
    generation: Generation | None
    private_key: rsa.RSAPrivateKey | None = field(default=None, repr=False)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong."""
        return tuple(each.problem for each in self.findings if each.problem is not None)


def judge(question: Question, contents: Contents, path: str) -> Verdict:
    """Judge what was found in files that came for a site; `path` is the one that is named where none is.

    The certificate is judged, or the request where none came, then the private keys.
    """
    if contents.certificates:
        findings, generation = _judge_certificates(question, contents.certificates)
    elif contents.requests:
        findings, generation = judge_request(question, contents.requests)
    else:
        return Verdict(tuple(_nothing(question, contents, path)), None)
    if generation is None:
        return Verdict(findings, None)
    origins = [each.origin for each in contents.certificates] + [each.origin for each in contents.requests]
    keys = judge_keys(question, generation, contents.keys, origins[0])
    return Verdict((*findings, *keys.findings), keys.generation, keys.private_key)


def _nothing(question: Question, contents: Contents, path: str) -> Iterator[Finding]:
    """Say that nothing was found that could be filed, unless it is told already why."""
    if contents.refusals:
        return
    message = "holds a private key alone: no certificate was found"
    came = "a private key" if contents.keys else "nothing"
    yield wrong(question.site, path, codes.NO_CERTIFICATE, Field.CERTIFICATE, "a certificate", came, message)


def _judge_certificates(
    question: Question, found: Sequence[FoundCertificate]
) -> tuple[tuple[Finding, ...], Generation | None]:
    site, current = question.site, question.current
    asked = f"a certificate for generation {current.number}"
    if current.request is None and site.key.custody is not Custody.CUSTOMER:
        message = f"generation {current.number} has no request yet"
        rule = codes.NOTHING_AWAITED
        return (wrong(site, found[0].origin, rule, Field.CERTIFICATE, "nothing yet", asked, message),), None
    given = [each.certificate for each in found]
    try:
        leaf = find_leaf(given, current.certificate, current.spki_sha256)
    except PkiError as error:
        came = f"{len(given)} certificate{'s' * (len(given) != 1)}"
        rule = codes.NO_LEAF
        return (wrong(site, found[0].origin, rule, Field.CERTIFICATE, asked, came, str(error)),), None
    path = next((each.origin for each in found if each.certificate == leaf), found[0].origin)
    try:
        findings, issued = _judge_leaf(question, leaf, given, path)
    except PkiError as error:
        message = f"its certificate is damaged: {error}"
        return (wrong(site, path, LEAF_DAMAGED, Field.CERTIFICATE, asked, "damaged", message),), None
    return findings, replace(current, certificate=issued)


def _judge_leaf(
    question: Question, leaf: x509.Certificate, given: Sequence[x509.Certificate], path: str
) -> tuple[tuple[Finding, ...], IssuedCertificate]:
    filed = question.current.certificate
    is_filed = filed is not None and filed.leaf == issued_certificate(leaf, ()).leaf
    beside = filed if is_filed else None
    bundle = sort_bundle(leaf, given, beside, (question.internal, question.public), question.at)
    case = Case(question, bundle, read_certificate_structure(leaf), path)
    checks = CHAIN_CHECKS if is_filed else (*LEAF_CHECKS, *CHAIN_CHECKS)
    findings = [_which(case, filed, bundle)]
    for check in checks:
        findings += check(case)
    return tuple(findings), bundle.issued


def _which(case: Case, filed: IssuedCertificate | None, bundle: Bundle) -> Finding:
    """Tell which certificate it is, and whether another has its place already."""
    number = case.question.current.number
    asked, came = f"a certificate for generation {number}", certificate_label(bundle.leaf)
    if filed is None or filed.leaf == case.facts:
        return Finding(Field.CERTIFICATE, asked, came)
    until = f"valid until {filed.leaf.not_after:%Y-%m-%d} (serial {filed.leaf.serial})"
    message = f"generation {number} has another certificate, {until}"
    return case.wrong(
        codes.ALREADY_CERTIFIED, Field.CERTIFICATE, f"none: one is filed, {until}", came, message
    )
