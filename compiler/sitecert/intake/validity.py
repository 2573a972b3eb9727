"""From when until when a certificate is valid, and whether that is too long."""

from __future__ import annotations

from collections.abc import Iterator

from sitecert.intake.case import Case
from sitecert.model.site import IssuerKind
from sitecert.model.verdict import Field
from sitecert.pki.validity import PRIVATE_DAYS, public_limit, validity_days
from sitecert.problems.codes import verdict as codes
from sitecert.problems.codes.certificates import EXPIRED, NOT_YET_VALID
from sitecert.problems.finding import Finding


def check_validity(case: Case) -> Iterator[Finding]:
    """Judge the validity period at the moment of the intake, and by the limit of its issuance."""
    faults = [*_moment(case), *_length(case)]
    yield from faults or [Finding(Field.VALIDITY, _asked(case), _came(case))]


def _moment(case: Case) -> Iterator[Finding]:
    first, last = case.facts.not_before, case.facts.not_after
    asked, came = f"valid on {case.at:%Y-%m-%d}", _came(case)
    if last < first:
        message = f"it ends before it begins: {came}"
        yield case.wrong(codes.ENDS_BEFORE_IT_BEGINS, Field.VALIDITY, asked, came, message)
    elif last < case.at:
        yield case.wrong(EXPIRED, Field.VALIDITY, asked, came, f"it expired on {last:%Y-%m-%d}")
    elif first > case.at:
        message = f"it is valid from {first:%Y-%m-%d %H:%M} UTC on"
        yield case.wrong(NOT_YET_VALID, Field.VALIDITY, asked, came, message)


def _length(case: Case) -> Iterator[Finding]:
    days = validity_days(case.facts)
    asked, came = _asked(case), _came(case)
    if case.site.issuer is not IssuerKind.PUBLIC:
        if days > PRIVATE_DAYS:
            message = f"it lives {days} days; Apple's systems allow {PRIVATE_DAYS}"
            yield case.wrong(codes.OVER_PRIVATE_LIMIT, Field.VALIDITY, asked, came, message)
        return
    limit = public_limit(case.facts.not_before)
    if days > limit.days:
        message = f"it lives {days} days; a public one that was issued then may live {limit.days}"
        yield case.wrong(codes.TOO_LONG, Field.VALIDITY, asked, came, message)
    elif days > limit.advised:
        message = (
            f"it lives {days} days; more than {limit.advised} are advised against, {limit.days} the limit"
        )
        yield case.wrong(codes.AT_THE_LIMIT, Field.VALIDITY, asked, came, message)


def _asked(case: Case) -> str:
    is_public = case.site.issuer is IssuerKind.PUBLIC
    days = public_limit(case.facts.not_before).days if is_public else PRIVATE_DAYS
    return f"at most {days} days"


def _came(case: Case) -> str:
    first, last = case.facts.not_before, case.facts.not_after
    if last < first:
        return f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    days = validity_days(case.facts)
    return f"{first:%Y-%m-%d} to {last:%Y-%m-%d}, {days} day{'s' * (days != 1)}"
