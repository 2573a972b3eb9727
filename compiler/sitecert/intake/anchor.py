"""Who issued a certificate, and whether its chain leads to a root that is known."""

from __future__ import annotations

from collections.abc import Iterator

from sitecert.intake.case import Case
from sitecert.model.site import IssuerKind
from sitecert.model.verdict import Field
from sitecert.pki.certificates import certificate_label
from sitecert.pki.names import describe_name
from sitecert.pki.structures import read_certificate_structure
from sitecert.problems.codes import issuers as codes
from sitecert.problems.finding import Finding

ASKED = {
    IssuerKind.PUBLIC: "a public CA",
    IssuerKind.INTERNAL: "the customer's own CA",
    IssuerKind.SELF_SIGNED: "self-signed",
}
ROOTS = {IssuerKind.PUBLIC: "a public root", IssuerKind.INTERNAL: "a root of `trust`"}


def check_issuer(case: Case) -> Iterator[Finding]:
    """Judge whether the issuer is of the kind that the site names, and the one of the generation before."""
    kind, asked = case.site.issuer, ASKED[case.site.issuer]
    if case.facts.self_signed:
        if kind is IssuerKind.SELF_SIGNED:
            yield Finding(Field.ISSUER, asked, "self-signed")
        else:
            yield _self_signed(case, asked)
        return
    if kind is IssuerKind.SELF_SIGNED:
        message = f'it is not self-signed, but from "{case.facts.issuer}"'
        yield case.wrong(codes.NOT_SELF_SIGNED, Field.ISSUER, asked, case.facts.issuer, message)
    elif kind is IssuerKind.INTERNAL and case.bundle.is_public:
        message = f'its issuer "{case.facts.issuer}" is a public CA'
        yield case.wrong(codes.IS_PUBLIC, Field.ISSUER, asked, case.facts.issuer, message)
    else:
        yield from _compared_with_before(case, asked)


def _self_signed(case: Case, asked: str) -> Finding:
    """Return the finding that no CA signed it; the interim certificate that stands in is told apart."""
    if case.bundle.issued.leaf_pem == case.question.current.interim_pem:
        message = "it is the interim certificate that `self-sign` made, not a CA's"
        return case.wrong(codes.INTERIM_RETURNED, Field.ISSUER, asked, "the interim certificate", message)
    message = "it is signed with its own key, by no CA"
    return case.wrong(codes.SELF_SIGNED, Field.ISSUER, asked, "self-signed", message)


def _compared_with_before(case: Case, asked: str) -> Iterator[Finding]:
    before = case.question.before
    filed = before.certificate if before is not None else None
    if before is None or filed is None or filed.leaf.issuer == case.facts.issuer:
        yield Finding(Field.ISSUER, asked, case.facts.issuer)
        return
    message = f'its issuer is "{case.facts.issuer}"; generation {before.number} is from "{filed.leaf.issuer}"'
    yield case.wrong(codes.ISSUER_CHANGED, Field.ISSUER, filed.leaf.issuer, case.facts.issuer, message)


def check_anchor(case: Case) -> Iterator[Finding]:
    """Judge whether the chain leads to a known root: a public one, or one of `trust`."""
    kind, bundle = case.site.issuer, case.bundle
    if kind is IssuerKind.SELF_SIGNED or case.facts.self_signed:
        return
    asked = ROOTS[kind]
    if bundle.anchor is not None:
        yield from _anchored(case, asked, certificate_label(bundle.anchor))
    elif not _is_whole(case):
        message = "it cannot be told whether it leads to a known root: its issuer is not there"
        yield case.wrong(codes.CANNOT_TELL, Field.ANCHOR, asked, "cannot be told", message)
    elif kind is IssuerKind.INTERNAL and not case.question.internal:
        message = "it cannot be told whether it leads to the customer's root: `trust` names none"
        yield case.wrong(codes.CANNOT_TELL, Field.ANCHOR, asked, "cannot be told", message)
    else:
        end = _end(case)
        message = f'its chain ends at "{end}", which is not {asked}'
        rule = (
            codes.NOT_PUBLIC if kind is IssuerKind.PUBLIC and bundle.root is not None else codes.UNKNOWN_ROOT
        )
        yield case.wrong(rule, Field.ANCHOR, asked, end, message)


def _anchored(case: Case, asked: str, label: str) -> Iterator[Finding]:
    if case.site.issuer is IssuerKind.PUBLIC and not case.bundle.is_public:
        message = f'its chain leads to "{label}" of `trust`, which is no public root'
        yield case.wrong(codes.NOT_PUBLIC, Field.ANCHOR, asked, label, message)
    else:
        yield Finding(Field.ANCHOR, asked, label)


def _is_whole(case: Case) -> bool:
    """Whether there is a chain at all that could be followed to its end."""
    return bool(case.bundle.chain) or case.bundle.top is not None


def _end(case: Case) -> str:
    """Return the name at which the chain ends: that of the root, or of the missing issuer above it."""
    if case.bundle.root is not None:
        return certificate_label(case.bundle.root)
    return describe_name(read_certificate_structure(case.bundle.chain[-1]).issuer)
