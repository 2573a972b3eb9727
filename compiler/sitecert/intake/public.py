"""What public certificates have to show beyond others: logs, policy, the Baseline Requirements."""

from __future__ import annotations

from collections.abc import Iterator

from cryptography.hazmat.primitives.serialization import Encoding

from sitecert.intake.case import Case
from sitecert.model.site import IssuerKind
from sitecert.model.verdict import Field
from sitecert.pki.extensions import (
    CERTIFICATE_POLICIES,
    POLICIES,
    PRECERTIFICATE_POISON,
    SIGNED_TIMESTAMPS,
    read_policies,
)
from sitecert.pki.lint import LintFinding, LintSeverity, lint_certificate
from sitecert.problems.codes import verdict as codes
from sitecert.problems.finding import Finding

LINTED = {LintSeverity.ERROR: codes.LINT_ERRORS, LintSeverity.WARNING: codes.LINT_WARNINGS}
ASKED = "as the Baseline Requirements have it"
ASKED_FOR = ("common_name_attribute_present", "subscriber_rsa_digitalsignature_and_keyencipherment_present")
"""How pkilint's codes end for what our own requests ask for: a common name, and both key usages."""


def check_transparency(case: Case) -> Iterator[Finding]:
    """Judge whether a public certificate proves that it was logged (RFC 6962)."""
    if not _is_public(case) or case.structure.extension(PRECERTIFICATE_POISON) is not None:
        return
    asked = "signed certificate timestamps"
    if case.structure.extension(SIGNED_TIMESTAMPS) is None:
        message = "it carries no signed certificate timestamps: Chrome and Apple's systems refuse it"
        yield case.wrong(codes.NO_TIMESTAMPS, Field.TRANSPARENCY, asked, "none", message)
    else:
        yield Finding(Field.TRANSPARENCY, asked, "present")


def check_validation(case: Case) -> Iterator[Finding]:
    """Tell how a public CA validated the customer, by its policy, and lint what it issued."""
    if not _is_public(case):
        return
    value = case.structure.extension(CERTIFICATE_POLICIES)
    known = [POLICIES[oid] for oid in read_policies(value or b"\x30\x00") if oid in POLICIES]
    came = ", ".join(known) or "not told by a policy"
    found = [
        each
        for each in lint_certificate(case.bundle.leaf.public_bytes(Encoding.DER))
        if not each.code.endswith(ASKED_FOR)
    ]
    faults = list(_linted(case, found, came))
    yield from faults or [Finding(Field.VALIDATION, ASKED, came)]


def _linted(case: Case, found: list[LintFinding], policy: str) -> Iterator[Finding]:
    for severity, rule in LINTED.items():
        words = [_words(each) for each in found if each.severity is severity]
        if words:
            came = f"{policy}; {len(words)} {severity}{'s' * (len(words) != 1)} of pkilint"
            message = f"pkilint finds: {'; '.join(words)}"
            yield case.wrong(rule, Field.VALIDATION, ASKED, came, message)


def _words(found: LintFinding) -> str:
    return f"{found.code} ({found.message})" if found.message else found.code


def _is_public(case: Case) -> bool:
    """Whether it is a public CA's certificate, or may be one: of another's, none of this can be asked."""
    bundle = case.bundle
    may_be = bundle.is_public or not (bundle.chain or bundle.top or case.facts.self_signed)
    return case.site.issuer is IssuerKind.PUBLIC and may_be
