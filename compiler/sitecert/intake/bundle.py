"""Which certificate is the server's, which are its issuers, and what else came along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from sitecert.model.certificate import IssuedCertificate
from sitecert.pki.anchors import Anchors
from sitecert.pki.certificates import issued_certificate, read_certificates, split_leaf
from sitecert.pki.chains import authority_of, chain_to_anchor, issue_chain
from sitecert.pki.errors import CertificateError
from sitecert.pki.issuance import distinct, is_authority, is_self_signed, issued
from sitecert.pki.keys import spki_sha256


@dataclass(frozen=True, slots=True)
class Bundle:
    """The server's certificate with its chain, and what of the rest is what.

    `anchor` is the known root that the chain leads to, where it does; `is_public` tells whether that is
    one of the public ones. `root` is the root that came along, known or not. `variants` are further
    certificates of CAs on the way, and what issued those; `foreign` has nothing to do with it.
    """

    leaf: x509.Certificate
    issued: IssuedCertificate
    chain: tuple[x509.Certificate, ...]
    anchor: x509.Certificate | None
    is_public: bool
    root: x509.Certificate | None
    variants: tuple[x509.Certificate, ...]
    foreign: tuple[x509.Certificate, ...]

    @property
    def top(self) -> x509.Certificate | None:
        """The certificate at which the chain ends, where one is known."""
        return self.anchor or self.root


@dataclass(frozen=True, slots=True)
class _Way:
    chain: tuple[x509.Certificate, ...]
    anchor: x509.Certificate | None = None
    is_public: bool = False
    root: x509.Certificate | None = None


def find_leaf(
    given: Sequence[x509.Certificate], filed: IssuedCertificate | None, wanted: str | None
) -> x509.Certificate:
    """Return the server's certificate among those that came.

    It is the only one that belongs to no CA; or the one for the `wanted` public key (SHA-256, hex), though
    it calls itself a CA's; or the one that is `filed` already, where nothing but its issuers came.
    Raises CertificateError where it is not exactly one.
    """
    try:
        return split_leaf(given)
    except CertificateError:
        own = [each for each in distinct(given) if wanted is not None and _spki(each) == wanted]
        if len(own) == 1 and is_authority(own[0]):
            return own[0]
        if filed is None:
            raise
    known = read_certificates(filed.leaf_pem)[0]
    if split_leaf([*given, *read_certificates(filed.served_pem)]) != known:
        raise CertificateError("what was given is for another server")
    return known


def sort_bundle(
    leaf: x509.Certificate,
    given: Sequence[x509.Certificate],
    filed: IssuedCertificate | None,
    anchors: tuple[Anchors, Anchors],
    at: datetime,
) -> Bundle:
    """Sort the certificates that came, in whatever order, beside the chain that is `filed` already.

    So an issuer can be given later, and the leaf again without it. `anchors` are the internal and the
    public ones; `at` chooses between an expired way to them and another. Raises CertificateError for a
    certificate that cannot be understood, and for more than any CA sends.
    """
    known = read_certificates(filed.served_pem) if filed is not None else ()
    pool = [each for each in distinct([*given, *known[1:]]) if each != leaf]
    way = _find_way(leaf, pool, anchors, at)
    rest = [each for each in pool if each not in way.chain and each != way.root]
    variants = _variants(leaf, way, rest)
    return Bundle(
        leaf=leaf,
        issued=issued_certificate(leaf, way.chain),
        chain=way.chain,
        anchor=way.anchor,
        is_public=way.is_public,
        root=way.root,
        variants=tuple(variants),
        foreign=tuple(each for each in rest if each not in variants and each not in known),
    )


def _find_way(
    leaf: x509.Certificate,
    pool: Sequence[x509.Certificate],
    anchors: tuple[Anchors, Anchors],
    at: datetime,
) -> _Way:
    for known, is_public in zip(anchors, (False, True), strict=True):
        found = chain_to_anchor(leaf, pool, known, at)
        if found is not None:
            chain, anchor = found
            own = authority_of(anchor)
            root = next((each for each in pool if is_self_signed(each) and authority_of(each) == own), None)
            return _Way(chain, anchor, is_public, root)
    built = issue_chain(leaf, pool)
    return _Way(built.chain, root=built.root)


def _variants(leaf: x509.Certificate, way: _Way, rest: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """Return further certificates of the CAs on the way, and those above them."""
    top = way.anchor or way.root
    own = {authority_of(each) for each in (*way.chain, *((top,) if top is not None else ()))}
    variants = [each for each in rest if authority_of(each) in own]
    if way.anchor is None and way.root is None:
        # Two ways up that do not meet: none was chosen, so both begin where the chain ends.
        last = way.chain[-1] if way.chain else leaf
        variants += [
            each for each in rest if each not in variants and is_authority(each) and issued(each, last)
        ]
    for variant in variants:  # grows while it is walked: what issued a variant came for its sake
        variants += [each for each in rest if each not in variants and issued(each, variant)]
    return variants


def _spki(certificate: x509.Certificate) -> str | None:
    try:
        return spki_sha256(certificate.public_key())
    except (ValueError, UnsupportedAlgorithm):
        return None
