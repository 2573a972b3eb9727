"""The chain as it was sent, against the chain as it was filed (RFC 8446 4.4.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from cryptography import x509

from sitecert.model.certificate import IssuedCertificate
from sitecert.pki.certificates import certificate_label, read_certificates
from sitecert.pki.issuance import fingerprint, is_self_signed, issued
from sitecert.problems import Rule
from sitecert.problems.codes.verification import (
    CHAIN_DISORDERED,
    CHAIN_FOREIGN,
    CHAIN_INCOMPLETE,
    CHAIN_OTHER,
    ROOT_SENT,
)


def chain_faults(sent: Sequence[x509.Certificate], filed: IssuedCertificate) -> Iterator[tuple[Rule, str]]:
    """Yield what is wrong with the certificates that followed the filed leaf: the rule and a clause.

    `sent` holds all of them in the order in which they came, the leaf first.
    """
    labels = {fingerprint(each): certificate_label(each) for each in sent}
    leaf, *following = labels
    ours = read_certificates(filed.served_pem)
    wanted = {fingerprint(each): certificate_label(each) for each in ours[1:]}
    roots = [
        fingerprint(each)
        for each in sent[1:]
        if is_self_signed(each) and issued(each, ours[-1]) and fingerprint(each) not in (leaf, *wanted)
    ]
    missing = [each for each in wanted if each not in following]
    strange = [each for each in following if each not in (*wanted, *roots)]
    repeated = [each for each, count in Counter(map(fingerprint, sent)).items() if count > 1]
    if strange and not repeated and _is_chain(sent):
        yield CHAIN_OTHER, f"the chain is not the filed one: it goes by {_listed(strange, labels)}"
    else:
        if missing:
            yield CHAIN_INCOMPLETE, f"the chain lacks {_listed(missing, wanted)}"
        if strange:
            yield CHAIN_FOREIGN, f"it sends {_listed(strange, labels)}, which does not belong to the chain"
        if repeated:
            yield CHAIN_FOREIGN, f"it sends {_listed(repeated, labels)} more than once"
        if not _in_order(following, [*wanted, *roots]):
            yield CHAIN_DISORDERED, f"the chain is out of order: {_listed(following, labels)}"
    if roots:
        yield ROOT_SENT, f"it sends the root {_listed(roots, labels)} too"


def _is_chain(sent: Sequence[x509.Certificate]) -> bool:
    """Whether each certificate was issued by the one after it."""
    return all(issued(above, below) for below, above in pairwise(sent))


def _in_order(found: Iterable[str], order: Sequence[str]) -> bool:
    places = [order.index(each) for each in found if each in order]
    return places == sorted(places)


def _listed(fingerprints: Iterable[str], labels: Mapping[str, str]) -> str:
    return ", then ".join(f'"{labels[each]}"' for each in fingerprints)
