"""Chains out of whatever a CA sends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from itertools import permutations
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from pki.hierarchies import certify, resign
from sitecert.pki.anchors import Anchors
from sitecert.pki.certificates import read_certificates
from sitecert.pki.chains import chain_to_anchor, issue_chain
from sitecert.pki.errors import CertificateError
from support.authority import NOT_BEFORE

ROOT = certify("root", "root")
OLD_ROOT = certify("old root", "old root")
ISSUING = certify("issuing", "root")
CROSS_ROOT = certify("root", "old root")
LEAF = certify("leaf", "issuing", authority=False)
STRANGER = certify("stranger", "stranger")
DAY = NOT_BEFORE + timedelta(days=30)


@pytest.mark.parametrize("others", [*permutations([ROOT, ISSUING, STRANGER, ISSUING])])
def test_the_order_of_what_came_does_not_matter(others: tuple[x509.Certificate, ...]) -> None:
    """Leaf's issuer first, the root apart, copies once, strangers left over."""
    assert issue_chain(LEAF, others) == ((ISSUING,), (STRANGER,), ROOT)


def test_without_a_root_the_chain_is_as_long_as_it_goes() -> None:
    """A cross-signed root is an intermediate like another."""
    assert issue_chain(LEAF, [CROSS_ROOT, ISSUING]) == ((ISSUING, CROSS_ROOT), (), None)


def test_the_shortest_way_to_a_supplied_root_is_taken() -> None:
    """Where the newer root is there itself, its cross-signed twin is not sent."""
    others = [CROSS_ROOT, OLD_ROOT, ROOT, ISSUING]
    assert issue_chain(LEAF, others) == ((ISSUING,), (CROSS_ROOT, OLD_ROOT), ROOT)


def test_a_cross_signed_root_leads_to_the_older_one() -> None:
    """Where only the older root was supplied, the chain goes there."""
    assert issue_chain(LEAF, [OLD_ROOT, ISSUING, CROSS_ROOT]) == ((ISSUING, CROSS_ROOT), (), OLD_ROOT)


def test_of_two_ways_as_short_the_one_that_lasts_longer_is_taken() -> None:
    """An expired cross certificate never wins against a living one."""
    short = certify("issuing", "root", days=30)
    for others in permutations([short, ISSUING, ROOT]):
        assert issue_chain(LEAF, others) == ((ISSUING,), (short,), ROOT)


def test_two_ways_without_a_root_are_followed_only_as_far_as_they_agree() -> None:
    """What is ambiguous is left over rather than guessed."""
    other_cross = certify("root", "other root")
    chain, leftovers, root = issue_chain(LEAF, [ISSUING, CROSS_ROOT, other_cross])
    assert (chain, leftovers, root) == ((ISSUING,), (CROSS_ROOT, other_cross), None)


def test_a_name_alone_proves_nothing() -> None:
    """An authority with the right name and another key did not sign the leaf."""
    impostor = certify("issuing", "root", key="impostor")
    assert issue_chain(LEAF, [impostor, ROOT]) == ((), (impostor, ROOT), None)


def test_key_identifiers_may_be_absent_but_not_contradict() -> None:
    """As OpenSSL judges: without identifiers the signature decides; with wrong ones it does not."""
    plain = certify("leaf", "issuing", authority=False, identifiers=False)
    assert issue_chain(plain, [ISSUING]).chain == (ISSUING,)
    wrong = x509.AuthorityKeyIdentifier(b"wrong", None, None)
    other = certify("leaf", "issuing", authority=False, identifiers=False, extensions=(wrong,))
    assert issue_chain(other, [ISSUING]).chain == ()


def test_only_authorities_are_in_a_chain() -> None:
    """A certificate that says CA:FALSE issues nothing, even where the signature verifies."""
    servant = certify("issuing", "root", authority=False)
    assert issue_chain(LEAF, [servant, ROOT]).chain == ()


@pytest.mark.parametrize(
    "old_root",
    [
        resign(ROOT, "root", first_version=True),
        resign(ROOT, "root", algorithm="sha1_rsa"),
        resign(ROOT, "root", algorithm="md2_rsa"),
    ],
    ids=["version 1", "SHA-1", "MD2"],
)
def test_the_oldest_roots_are_still_roots(old_root: x509.Certificate) -> None:
    """One from before there were extensions; those whose own signature nobody checks any more."""
    assert issue_chain(LEAF, [old_root, ISSUING]) == ((ISSUING,), (), old_root)


def test_a_signature_that_can_not_be_checked_proves_nothing() -> None:
    """An intermediate is not taken at its word."""
    assert issue_chain(resign(LEAF, "issuing", algorithm="md2_rsa"), [ISSUING]).chain == ()


def test_damaged_extensions_are_not_in_favour_of_a_certificate() -> None:
    """Neither a basicConstraints that can not be read nor a key identifier."""
    for oid in (ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.SUBJECT_KEY_IDENTIFIER):
        damaged = x509.UnrecognizedExtension(oid, b"\x04\x03x")
        issuer = certify("issuing", "root", extensions=(damaged,), identifiers=False, constrained=False)
        assert issue_chain(LEAF, [issuer]).chain == ()


def test_a_self_signed_leaf_has_no_chain() -> None:
    """It is its own end."""
    own = certify("leaf", "leaf", authority=False)
    assert issue_chain(own, [own, ISSUING]) == ((), (ISSUING,), None)


def test_authorities_that_sign_each_other_end_somewhere() -> None:
    """A loop is walked once."""
    ring = [certify("issuing", "a"), certify("a", "b"), certify("b", "issuing"), certify("b", "a")]
    chain = issue_chain(LEAF, ring).chain
    assert chain == (ring[0], ring[1], ring[2])[: len(chain)]
    assert len(chain) <= 3


def test_hostile_bundles_are_bounded() -> None:
    """Too many certificates, or too many ways, are refused rather than searched."""
    with pytest.raises(CertificateError, match="51 certificates; 50 are allowed"):
        issue_chain(LEAF, [certify("issuing", "root") for _ in range(51)])
    layers = [certify(f"layer {depth}", f"layer {depth + 1}") for depth in range(7) for _ in range(5)]
    leaf = certify("leaf", "layer 0", authority=False)
    with pytest.raises(CertificateError, match="too many ways"):
        issue_chain(leaf, layers)


def test_a_chain_leads_to_the_nearest_anchor() -> None:
    """A cross-signed variant of an anchor is not sent, nor is the anchor itself."""
    anchors = Anchors([STRANGER, ROOT, OLD_ROOT])
    for others in permutations([CROSS_ROOT, ISSUING, ROOT]):
        assert chain_to_anchor(LEAF, others, anchors, DAY) == ((ISSUING,), ROOT)
    assert chain_to_anchor(LEAF, [CROSS_ROOT, ISSUING], Anchors([OLD_ROOT]), DAY) == (
        (ISSUING, CROSS_ROOT),
        OLD_ROOT,
    )


def test_a_longer_way_wins_where_the_shorter_one_has_expired() -> None:
    """As with AddTrust's cross certificates, which expired on 30 May 2020."""
    expired = certify("issuing", "root", days=10)
    roundabout = certify("issuing", "middle")
    middle = certify("middle", "old root")
    anchors = Anchors([ROOT, OLD_ROOT])
    given = [expired, roundabout, middle]
    assert chain_to_anchor(LEAF, given, anchors, DAY) == ((roundabout, middle), OLD_ROOT)
    assert chain_to_anchor(LEAF, given, anchors, NOT_BEFORE) == ((expired,), ROOT)


def test_an_anchor_is_proved_by_its_signature() -> None:
    """Its name alone leads nowhere; a root signed anew by the same key is the same anchor."""
    impostor = certify("root", "root", key="other", signing_key="other")
    assert chain_to_anchor(LEAF, [ISSUING], Anchors([impostor]), DAY) is None
    renewed = certify("root", "root", days=100)
    assert chain_to_anchor(LEAF, [ISSUING, ROOT], Anchors([renewed]), DAY) == ((ISSUING,), renewed)
    assert chain_to_anchor(LEAF, [], Anchors([ROOT]), DAY) is None


def test_a_certificate_that_is_itself_trusted_is_its_own_anchor() -> None:
    """As a self-signed one that a customer lists."""
    own = certify("own", "own", authority=False)
    assert chain_to_anchor(own, [], Anchors([own]), DAY) == ((), own)


def test_a_public_chain_leads_to_a_public_root() -> None:
    """An intermediate of Let's Encrypt leads to the root that certifi carries."""
    found = find_spec("asn1crypto_tests")  # importing it imports what Python 3.12 no longer has
    assert found is not None
    assert found.origin is not None
    file = Path(found.origin).parent / "fixtures/lets_encrypt/letsencryptauthorityx1.pem"
    (issuing,) = read_certificates(file.read_bytes())
    anchors = Anchors(read_certificates(certifi.contents().encode()))
    way = chain_to_anchor(issuing, [], anchors, datetime(2016, 1, 1, tzinfo=UTC))
    assert way is not None
    assert way[0] == ()
    assert "ISRG Root X1" in way[1].subject.rfc4514_string()
