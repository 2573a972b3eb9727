"""Whose key a certificate is for, and whether the key is good."""

from __future__ import annotations

from collections.abc import Iterator

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

from sitecert.intake.case import Case
from sitecert.model.generation import Generation
from sitecert.model.verdict import Field, KeyHolder
from sitecert.pki.algorithms import describe_public_key
from sitecert.pki.weak_keys import weaknesses
from sitecert.problems.codes import verdict as codes
from sitecert.problems.codes.certificates import KEY_MISMATCH
from sitecert.problems.finding import Finding

SHORTEST_COMMIT = 12
"""Hexadecimal digits of a commit's id that are shown."""


def check_key(case: Case) -> Iterator[Finding]:
    """Judge the certificate's public key: whose it is, then what it is worth."""
    current = case.question.current
    if current.spki_sha256 is None:
        yield from _customers_key(case)
        return
    asked = f"the key of generation {current.number}'s request"
    if case.facts.spki_sha256 == current.spki_sha256:
        yield Finding(Field.KEY, asked, f"the same, {_described(case)}")
    else:
        yield _another_key(case, asked)


def _customers_key(case: Case) -> Iterator[Finding]:
    """Judge a key that nobody here has seen before."""
    asked, came = "an RSA key of the customer's own", _described(case)
    older = _standing(case)
    if older is not None:
        yield _sent_again(case, older, asked) or case.wrong(
            codes.KEY_REUSED,
            Field.KEY,
            asked,
            f"the key of generation {older.number}",
            f"its key is that of generation {older.number}",
        )
        return
    key = _public_key(case)
    if not isinstance(key, rsa.RSAPublicKey):
        yield case.wrong(codes.KEY_NOT_RSA, Field.KEY, asked, came, f"its key is {came}; RSA is needed")
        return
    faults = [
        case.wrong(codes.KEY_WEAK, Field.KEY, asked, came, f"its key is weak: {clause}")
        for clause in weaknesses(key)
    ]
    yield from faults or [Finding(Field.KEY, asked, came)]


def _another_key(case: Case, asked: str) -> Finding:
    older = _standing(case)
    if older is not None:
        return _sent_again(case, older, asked) or _older_key(
            case, KeyHolder(case.site.name, older.number), asked
        )
    holder = case.question.find_key(case.facts.spki_sha256)
    if holder is None:
        message = f"its public key is not that of generation {case.question.current.number}'s request"
        return case.wrong(KEY_MISMATCH, Field.KEY, asked, f"another, {_described(case)}", message)
    if holder.site == case.site.name:
        return _older_key(case, holder, asked)
    owner = f"{holder.site}, generation {holder.generation}{_in_git(holder)}"
    message = f"its public key is that of another site: {owner}"
    return case.wrong(codes.OTHER_SITES_KEY, Field.KEY, asked, f"the key of {owner}", message)


def _older_key(case: Case, holder: KeyHolder, asked: str) -> Finding:
    number = case.question.current.number
    owner = f"generation {holder.generation}{_in_git(holder)}"
    message = f"its public key is not that of generation {number}'s request, but that of {owner}"
    return case.wrong(codes.OLDER_KEY, Field.KEY, asked, f"the key of {owner}", message)


def _sent_again(case: Case, older: Generation, asked: str) -> Finding | None:
    """Return the finding that this very certificate is filed with an older generation, if it is."""
    if older.certificate is None or older.certificate.leaf.fingerprint != case.facts.fingerprint:
        return None
    until = f"valid until {case.facts.not_after:%Y-%m-%d}"
    return case.wrong(
        codes.OLD_CERTIFICATE,
        Field.KEY,
        asked,
        f"the certificate of generation {older.number}",
        f"it is the certificate of generation {older.number} again ({until})",
    )


def _standing(case: Case) -> Generation | None:
    """Return the newest other generation of the site that has the certificate's key."""
    current, found = case.question.current.number, case.facts.spki_sha256
    holders = [
        each
        for number, each in sorted(case.question.generations.items())
        if number != current and each.spki_sha256 == found
    ]
    return holders[-1] if holders else None


def _in_git(holder: KeyHolder) -> str:
    return f" (in git's commit {holder.commit[:SHORTEST_COMMIT]})" if holder.commit else ""


def _described(case: Case) -> str:
    key = _public_key(case)
    return "a kind of key that is not known" if key is None else describe_public_key(key)


def _public_key(case: Case) -> CertificatePublicKeyTypes | None:
    try:
        return case.bundle.leaf.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None
