"""Which certificate is the server's, and which are its issuers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509

from sitecert.model.certificate import IssuedCertificate
from sitecert.pki.certificates import certificate_label, issued_certificate, read_certificates, split_leaf
from sitecert.pki.chains import issue_chain
from sitecert.pki.errors import CertificateError


@dataclass(frozen=True, slots=True)
class Bundle:
    """The leaf with its chain; labels of what was left out: strangers, and the root if it came along."""

    issued: IssuedCertificate
    leftovers: tuple[str, ...]
    root: str | None


def sort_bundle(given: Sequence[x509.Certificate], filed: IssuedCertificate | None) -> Bundle:
    """Sort the certificates that came, in whatever order, beside the one that is `filed` already.

    The filed chain counts too, so that an issuer can be given later and the leaf can be given again
    without it. Raises CertificateError where there is not exactly one server certificate.
    """
    known = read_certificates(filed.served_pem) if filed is not None else ()
    try:
        leaf = split_leaf(given)
    except CertificateError:
        if not known:
            raise
        leaf = _filed_leaf(given, known)
    built = issue_chain(leaf, [*given, *known[1:]])
    return Bundle(
        issued_certificate(leaf, built.chain),
        tuple(certificate_label(each) for each in built.leftovers if each not in known),
        certificate_label(built.root) if built.root is not None else None,
    )


def _filed_leaf(given: Sequence[x509.Certificate], known: Sequence[x509.Certificate]) -> x509.Certificate:
    """Return the filed leaf where nothing but certificates of CAs was given."""
    leaf = split_leaf([*given, *known])
    if leaf != known[0]:
        raise CertificateError("what was given is for another server")
    return leaf
