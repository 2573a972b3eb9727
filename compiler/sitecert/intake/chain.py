"""The certificates between the server's and the root, and what else came with them."""

from __future__ import annotations

from collections.abc import Iterator

from cryptography import x509

from sitecert.intake.case import Case
from sitecert.model.site import IssuerKind
from sitecert.model.verdict import Field
from sitecert.pki.certificates import certificate_label
from sitecert.pki.extensions import EXTENDED_KEY_USAGE, KEY_USAGE, describe_value, read_key_usage
from sitecert.pki.issuance import is_authority, is_self_signed, issued
from sitecert.pki.path_rules import breaks_name_constraints, too_long_below
from sitecert.pki.structures import read_certificate_structure
from sitecert.problems import Rule
from sitecert.problems.codes import issuers as codes
from sitecert.problems.codes.certificates import CHAIN_INCOMPLETE, FOREIGN_CERTIFICATE, ROOT_LEFT_OUT
from sitecert.problems.finding import Finding

ASKED = "every issuer up to the root, in order"
SERVER_PURPOSES = frozenset({"serverAuth", "anyExtendedKeyUsage"})


def check_chain(case: Case) -> Iterator[Finding]:
    """Judge whether the chain is whole, what is wrong in it, and what was left out of it."""
    faults = [*_missing(case), *_issuers(case), *_path(case)]
    yield from faults or [Finding(Field.CHAIN, ASKED, _came(case))]
    yield from _left_out(case)


def _came(case: Case) -> str:
    return ", then ".join(certificate_label(each) for each in case.bundle.chain) or "none is needed"


def _wrong(case: Case, rule: Rule, certificate: x509.Certificate, clause: str) -> Finding:
    label = certificate_label(certificate)
    return case.wrong(rule, Field.CHAIN, ASKED, f"{label}: {clause}", f'its issuer "{label}" {clause}')


def _missing(case: Case) -> Iterator[Finding]:
    bundle = case.bundle
    culprit = next((each for each in bundle.foreign if _signed_by_no_authority(case, each)), None)
    if culprit is not None:
        yield _wrong(case, codes.ISSUER_NO_AUTHORITY, culprit, "is no CA (its basicConstraints say so)")
    elif not bundle.chain and not case.facts.self_signed and _needs_intermediate(case):
        message = f'the certificate of its issuer "{case.facts.issuer}" is not there'
        yield case.wrong(CHAIN_INCOMPLETE, Field.CHAIN, ASKED, "no issuer", message)


def _needs_intermediate(case: Case) -> bool:
    """Whether a leaf without intermediates lacks one: public roots issue nothing to servers themselves."""
    return case.bundle.top is None or case.site.issuer is IssuerKind.PUBLIC


def _signed_by_no_authority(case: Case, certificate: x509.Certificate) -> bool:
    last = case.bundle.chain[-1] if case.bundle.chain else case.bundle.leaf
    return not is_authority(certificate) and issued(certificate, last)


def _issuers(case: Case) -> Iterator[Finding]:
    for each in case.bundle.chain:
        if each.not_valid_after_utc < case.at:
            clause = f"expired on {each.not_valid_after_utc:%Y-%m-%d}"
            yield _wrong(case, codes.ISSUER_EXPIRED, each, clause)
        elif each.not_valid_before_utc > case.at:
            clause = f"is valid from {each.not_valid_before_utc:%Y-%m-%d} on"
            yield _wrong(case, codes.ISSUER_TOO_EARLY, each, clause)
        elif each.not_valid_after_utc < case.facts.not_after:
            clause = f"ends on {each.not_valid_after_utc:%Y-%m-%d}, before the certificate"
            yield _wrong(case, codes.ISSUER_ENDS_FIRST, each, clause)
        yield from _uses(case, each)


def _uses(case: Case, issuer: x509.Certificate) -> Iterator[Finding]:
    for extension in read_certificate_structure(issuer).extensions:
        if extension.oid == KEY_USAGE and "keyCertSign" not in read_key_usage(extension.value):
            yield _wrong(case, codes.ISSUER_MAY_NOT_SIGN, issuer, "has a keyUsage without keyCertSign")
        if extension.oid == EXTENDED_KEY_USAGE and not SERVER_PURPOSES & {*describe_value(extension)}:
            clause = f"is for {', '.join(describe_value(extension)) or 'nothing'}, not for serverAuth"
            yield _wrong(case, codes.ISSUER_NOT_FOR_SERVERS, issuer, clause)


def _path(case: Case) -> Iterator[Finding]:
    bundle = case.bundle
    over = too_long_below((*bundle.chain, *((bundle.top,) if bundle.top is not None else ())))
    if over is not None and over != bundle.leaf:
        yield _wrong(case, codes.PATH_TOO_LONG, over, "allows fewer CAs below it than there are")
    top = bundle.top or (bundle.chain[-1] if bundle.chain else None)
    below = bundle.chain if bundle.top is not None else bundle.chain[:-1]
    if top is not None and top != bundle.leaf and breaks_name_constraints(bundle.leaf, below, top):
        message = "an issuer's name constraints forbid its names"
        yield case.wrong(codes.NAME_FORBIDDEN, Field.CHAIN, ASKED, "a name that is forbidden", message)


def _left_out(case: Case) -> Iterator[Finding]:
    bundle = case.bundle
    if bundle.root is not None:
        label = certificate_label(bundle.root)
        message = f'the root "{label}" was left out'
        yield case.wrong(ROOT_LEFT_OUT, Field.CHAIN, "no root", label, message)
    for each in bundle.variants:
        label = certificate_label(each)
        has_expired = each.not_valid_after_utc < case.at
        rule = codes.EXPIRED_VARIANT if has_expired else codes.VARIANT_LEFT_OUT
        what = "the expired" if has_expired else "the other"
        message = f'{what} certificate "{label}" of a CA on the way was left out'
        yield case.wrong(rule, Field.CHAIN, "", label, message)
    for each in bundle.foreign:
        if not _signed_by_no_authority(case, each):
            yield _foreign(case, each)


def _foreign(case: Case, certificate: x509.Certificate) -> Finding:
    label = certificate_label(certificate)
    last = case.bundle.chain[-1] if case.bundle.chain else case.bundle.leaf
    name = read_certificate_structure(last).issuer
    is_open = case.bundle.top is None and not is_self_signed(last)
    if is_open and read_certificate_structure(certificate).subject == name:
        message = f'"{label}" bears the name of its issuer, but did not sign it, and was left out'
        return case.wrong(codes.ISSUERS_NAMESAKE, Field.CHAIN, ASKED, label, message)
    message = f'"{label}" is no issuer of it and was left out'
    return case.wrong(FOREIGN_CERTIFICATE, Field.CHAIN, "", label, message)
