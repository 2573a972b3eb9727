"""Rules for the key of a certificate and for who vouches for it."""

from __future__ import annotations

from collections.abc import Iterator

from sitecert.model.site import Custody, IssuerKind, KeySecurity
from sitecert.policy.case import Case, Check
from sitecert.problems import Problem
from sitecert.problems.codes.settings import CUSTOMER_KEY, LARGE_KEY, NO_ANCHOR


def check_large_key(case: Case) -> Iterator[Problem]:
    """Say that a key of 4096 bits is slower, and does not cure what the article gives it for."""
    key = case.site.key
    if key.security is KeySecurity.HIGH and key.custody is not Custody.CUSTOMER:
        clause = f"is high: RSA {key.bits}, several times as slow as the 2048 bits that are enough"
        yield case.at(LARGE_KEY, "/key/security", clause)


def check_customer_key(case: Case) -> Iterator[Problem]:
    """Say that a key which the customer makes has to travel."""
    if case.site.key.custody is Custody.CUSTOMER:
        clause = "is customer: the key has to travel, and counts as disclosed if it comes in the clear"
        yield case.at(CUSTOMER_KEY, "/key/custody", clause)


def check_anchor(case: Case) -> Iterator[Problem]:
    """Ask for the root of an internal CA."""
    if case.site.issuer is IssuerKind.INTERNAL and not case.has_anchor:
        clause = "is internal, but `trust` in sitecert.yaml names no root certificate"
        yield case.at(NO_ANCHOR, "/issuer", clause)


KEY_CHECKS: tuple[Check, ...] = (check_large_key, check_customer_key, check_anchor)
