"""How certificates are signed (BR 7.1.3.2)."""

from __future__ import annotations

from collections.abc import Iterator

from cryptography import x509

from sitecert.intake.case import Case
from sitecert.model.verdict import Field
from sitecert.pki.algorithms import BROKEN_SIGNATURES, USUAL_SIGNATURES, algorithm_name
from sitecert.pki.certificates import certificate_label
from sitecert.pki.structures import read_certificate_structure
from sitecert.problems.codes import issuers
from sitecert.problems.codes import verdict as codes
from sitecert.problems.finding import Finding

ASKED = "RSA or ECDSA over SHA-256 or better"


def check_signature(case: Case) -> Iterator[Finding]:
    """Judge the signature of the certificate, then those of its issuers; a root's own does not count."""
    oid = case.structure.signature_algorithm
    came = algorithm_name(oid)
    if oid in BROKEN_SIGNATURES:
        message = f"it is signed with {came}, which can be forged"
        yield case.wrong(codes.BROKEN_HASH, Field.SIGNATURE, ASKED, came, message)
    elif oid not in USUAL_SIGNATURES:
        message = f"it is signed with {came}, which many clients do not take"
        yield case.wrong(codes.UNUSUAL_SIGNATURE, Field.SIGNATURE, ASKED, came, message)
    else:
        yield Finding(Field.SIGNATURE, ASKED, came)
    for issuer in case.bundle.chain:
        yield from _issuer(case, issuer)


def _issuer(case: Case, issuer: x509.Certificate) -> Iterator[Finding]:
    oid = read_certificate_structure(issuer).signature_algorithm
    if oid in BROKEN_SIGNATURES:
        came = f"{certificate_label(issuer)}: {algorithm_name(oid)}"
        message = f'its issuer "{certificate_label(issuer)}" is signed with {algorithm_name(oid)}'
        yield case.wrong(issuers.ISSUER_BROKEN_HASH, Field.CHAIN, ASKED, came, message)
