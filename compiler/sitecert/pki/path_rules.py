"""What the certificates of CAs on a path allow the ones below them to be (RFC 5280 4.2.1.9, 4.2.1.10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from sitecert.pki.extensions import BASIC_CONSTRAINTS, NAME_CONSTRAINTS, read_path_length
from sitecert.pki.structures import read_certificate_structure


def too_long_below(chain: Sequence[x509.Certificate]) -> x509.Certificate | None:
    """Return the first CA, the leaf's issuer first, that has more CAs below it than it allows."""
    for below, certificate in enumerate(chain):
        constraints = read_certificate_structure(certificate).extension(BASIC_CONSTRAINTS)
        limit = read_path_length(constraints) if constraints is not None else None
        if limit is not None and below > limit:
            return certificate
    return None


def breaks_name_constraints(
    leaf: x509.Certificate, chain: Sequence[x509.Certificate], top: x509.Certificate
) -> bool:
    """Whether a CA on the path up to `top` may not issue for the leaf's names.

    cryptography judges it, at a moment when all of them are valid; where there is none, nothing is said.
    """
    path = (leaf, *chain, top)
    moment = max(each.not_valid_before_utc for each in path)
    if not _constrain(path) or moment > min(each.not_valid_after_utc for each in path):
        return False
    return _fails(leaf, chain, top, moment)


def _constrain(path: Sequence[x509.Certificate]) -> bool:
    return any(read_certificate_structure(each).extension(NAME_CONSTRAINTS) is not None for each in path)


def _fails(
    leaf: x509.Certificate, chain: Sequence[x509.Certificate], top: x509.Certificate, moment: datetime
) -> bool:
    authority = ExtensionPolicy.permit_all().require_present(
        x509.BasicConstraints, Criticality.AGNOSTIC, None
    )
    policy = PolicyBuilder().store(Store([top])).time(moment)
    policy = policy.extension_policies(ca_policy=authority, ee_policy=ExtensionPolicy.permit_all())
    try:
        policy.build_client_verifier().verify(leaf, list(chain))
    except VerificationError as error:
        return "name constraint" in str(error)
    return False
