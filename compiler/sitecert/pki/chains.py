"""The chain that a server sends with its certificate (RFC 8446 4.4.2, docs/facts.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice, takewhile
from typing import NamedTuple, TypeAlias, TypeVar

from cryptography import x509

from sitecert.pki.anchors import Anchors
from sitecert.pki.errors import CertificateError
from sitecert.pki.issuance import distinct, fingerprint, is_authority, is_self_signed, issued
from sitecert.pki.structures import read_certificate_structure

LONGEST_CHAIN = 8
MOST_PATHS = 1000
"""Bounds for hostile input; a real chain has one or two intermediates and a cross-signed root or two."""

Path: TypeAlias = tuple[x509.Certificate, ...]
_Way = TypeVar("_Way")


class IssueChain(NamedTuple):
    """What was made of a bundle.

    `chain` holds the intermediates, the leaf's issuer first, never a self-signed root; `leftovers` are
    those that did not belong to it, in the order given; `root` is the supplied root that it ends at.
    """

    chain: Path
    leftovers: Path
    root: x509.Certificate | None


def issue_chain(leaf: x509.Certificate, others: Sequence[x509.Certificate]) -> IssueChain:
    """Order the certificates that came with a leaf; copies count once.

    Where a root was supplied, the shortest path to one is taken; of equally short ones that which is
    valid longest. Where none was, the longest path, and of several as long as each other what they have
    in common. Raises CertificateError for more certificates than any CA sends.
    """
    pool = _pool(leaf, others)
    chain, root = _choose(_bounded(_Bundle(pool).paths(leaf)))
    used = {fingerprint(each) for each in (*chain, *((root,) if root else ()))}
    return IssueChain(chain, tuple(each for each in pool if fingerprint(each) not in used), root)


def chain_to_anchor(
    leaf: x509.Certificate, others: Sequence[x509.Certificate], anchors: Anchors, at: datetime
) -> tuple[Path, x509.Certificate] | None:
    """Return the intermediates, the leaf's issuer first, and the anchor that they lead to; None without one.

    Of several ways, one whose certificates are all valid at `at` is taken, then the shortest: a
    cross-signed variant of an anchor is left out, an expired one above all. The anchor of a leaf that is
    itself trusted is the leaf. Raises CertificateError for more certificates than any CA sends.
    """
    found = _bounded(_Bundle(_pool(leaf, others)).anchored_paths(leaf, anchors))
    if not found:
        return None
    return min(found, key=lambda way: (not all(_is_valid(each, at) for each in way[0]), *_preference(way)))


def _pool(leaf: x509.Certificate, others: Sequence[x509.Certificate]) -> Path:
    return tuple(each for each in distinct(others) if each != leaf)


def _bounded(paths: Iterator[_Way]) -> list[_Way]:
    found = list(islice(paths, MOST_PATHS + 1))
    if len(found) > MOST_PATHS:
        raise CertificateError("the certificates are cross-signed in too many ways to choose a chain")
    return found


def _is_valid(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


class _Bundle:
    """Certificates, and which of them issued which; each signature is checked once."""

    def __init__(self, pool: Path) -> None:
        self._authorities = tuple(each for each in pool if is_authority(each))
        self._issuers: dict[x509.Certificate, Path] = {}

    def paths(
        self, leaf: x509.Certificate, path: Path = ()
    ) -> Iterator[tuple[Path, x509.Certificate | None]]:
        """Yield every path upwards that can not be continued, with the root that it ends at, if one."""
        last = path[-1] if path else leaf
        issuers = [] if is_self_signed(last) else self._issuers_of(last)
        onward = [each for each in issuers if not _visited(each, (leaf, *path))]
        if not onward or len(path) == LONGEST_CHAIN:
            yield path, None
            return
        for issuer in onward:
            if is_self_signed(issuer):
                yield path, issuer
            else:
                yield from self.paths(leaf, (*path, issuer))

    def anchored_paths(
        self, leaf: x509.Certificate, anchors: Anchors, path: Path = ()
    ) -> Iterator[tuple[Path, x509.Certificate]]:
        """Yield every path upwards that an anchor continues, with that anchor."""
        last = path[-1] if path else leaf
        for anchor in anchors.issuers_of(last):
            yield path, anchor
        if is_self_signed(last) or len(path) == LONGEST_CHAIN:
            return
        for issuer in self._issuers_of(last):
            if not is_self_signed(issuer) and not _visited(issuer, (leaf, *path)):
                yield from self.anchored_paths(leaf, anchors, (*path, issuer))

    def _issuers_of(self, certificate: x509.Certificate) -> Path:
        if certificate not in self._issuers:
            self._issuers[certificate] = tuple(
                each for each in self._authorities if issued(each, certificate)
            )
        return self._issuers[certificate]


def _visited(certificate: x509.Certificate, path: Path) -> bool:
    """Whether a path went through this authority already, in this certificate or in another of its own."""
    own = authority_of(certificate)
    return any(authority_of(each) == own for each in path)


def authority_of(certificate: x509.Certificate) -> tuple[bytes, bytes]:
    """Return what makes two certificates those of one authority: its name and its key, both DER."""
    structure = read_certificate_structure(certificate)
    return structure.subject, structure.spki


def _choose(found: list[tuple[Path, x509.Certificate | None]]) -> tuple[Path, x509.Certificate | None]:
    rooted = [(path, root) for path, root in found if root is not None]
    if rooted:
        return min(rooted, key=_preference)
    length = max(len(path) for path, _ in found)
    longest = [path for path, _ in found if len(path) == length]
    columns = takewhile(lambda column: len(set(column)) == 1, zip(*longest, strict=True))
    return tuple(column[0] for column in columns), None


def _preference(candidate: tuple[Path, x509.Certificate | None]) -> tuple[int, float, list[str]]:
    """Shorter first, then valid longer; the fingerprints make the choice the same in any order."""
    path, root = candidate
    ends = [each.not_valid_after_utc.timestamp() for each in (*path, root) if each is not None]
    return len(path), -min(ends), [fingerprint(each) for each in (*path, root) if each is not None]
