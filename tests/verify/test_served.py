"""What is thought of certificates and chains that real TLS servers send."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from sitecert.model.generation import Generation
from sitecert.model.request import RequestContent
from sitecert.model.verification import Served
from sitecert.pki.requests import build_request, read_request
from sitecert.problems import Problem
from sitecert.verify.expected import expect
from support.authority import ARTICLE_USAGE, NOT_BEFORE, Authority, pem, rsa_key
from support.sites import a_server, dns
from support.tls import LOOPBACK, Pair, tls_server
from verify.looking import (
    AUTHORITY,
    NAME,
    SITE,
    at_port,
    codes,
    generation,
    judged,
    leaf,
    pair,
)

ISSUER, ROOT = AUTHORITY.intermediate, AUTHORITY.root
OWN = leaf(2)
FILED = generation(2, OWN, ISSUER)
BEFORE = leaf(1)
STRANGER = Authority("stranger").intermediate
CROSS = x509.load_pem_x509_certificate(pem(Authority().intermediate))
"""The issuer's key and name, certified once more: another certificate."""


def test_the_right_certificate_is_fine() -> None:
    """Fingerprint, chain, name, dates and usage agree; the handshake's facts are kept."""
    with tls_server(pair(2, OWN, ISSUER)) as port:
        [result] = judged([FILED], at_port(port))
    assert result.problems == ()
    check = result.check
    assert (check.served, check.generation, check.protocol) == (Served.CURRENT, 2, "TLSv1.3")
    assert [each.fingerprint for each in check.chain] == [
        sha256(each.public_bytes(Encoding.DER)).hexdigest() for each in (OWN, ISSUER)
    ]
    assert str(check.reached) == f"127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ([OWN], ["SC606"]),
        ([OWN, ISSUER, ROOT], ["SC610"]),
        ([OWN, ROOT], ["SC606", "SC610"]),
        ([OWN, ROOT, ISSUER], ["SC607", "SC610"]),
        ([OWN, ISSUER, STRANGER], ["SC608"]),
        ([OWN, STRANGER], ["SC606", "SC608"]),
        ([OWN, OWN, ISSUER], ["SC608"]),
        ([OWN, ISSUER, ISSUER], ["SC608"]),
        ([OWN, CROSS], ["SC609"]),
        ([OWN, CROSS, ROOT], ["SC609", "SC610"]),
    ],
    ids=[
        "alone",
        "root sent",
        "root instead",
        "disordered",
        "foreign added",
        "foreign instead",
        "leaf twice",
        "issuer twice",
        "another way",
        "another way with root",
    ],
)
def test_the_chain_is_the_filed_one(sent: list[x509.Certificate], expected: list[str]) -> None:
    """Complete, in order, without the root, and nothing else."""
    with tls_server(pair(2, *sent)) as port:
        assert codes(judged([FILED], at_port(port))) == [expected]


def test_a_chain_of_two_intermediates_in_the_wrong_order() -> None:
    """The order is that of the signatures, whatever the number."""
    middle = Authority("middle")
    own = middle.issue(rsa_key("generation 2").public_key(), [NAME])
    filed = generation(2, own, middle.intermediate, ISSUER)
    with (
        tls_server(pair(2, own, ISSUER, middle.intermediate)) as disordered,
        tls_server(pair(2, own, middle.intermediate, ISSUER)) as right,
    ):
        assert codes(judged([filed], at_port(disordered))) == [["SC607"]]
        assert codes(judged([filed], at_port(right))) == [[]]


def test_the_generation_before_is_named() -> None:
    """It is one finding, not a dozen, whatever else its installation will mend."""
    with tls_server(pair(1, BEFORE)) as port:
        [result] = judged([generation(1, BEFORE, ISSUER), FILED], at_port(port))
    assert (result.check.served, result.check.generation) == (Served.SUPERSEDED, 1)
    assert [each.code for each in result.problems] == ["SC602"]
    assert "generation 1 is still served" in result.problems[0].message


def test_the_certificate_from_before_sitecert_is_named() -> None:
    """Generation 0 is known, and never what belongs there."""
    with tls_server(pair(1, BEFORE)) as port:
        [result] = judged([generation(0, BEFORE), FILED], at_port(port))
    assert (result.check.served, result.check.generation) == (Served.SUPERSEDED, 0)


@pytest.mark.parametrize("is_certified", [True, False])
def test_an_interim_certificate_is_named(*, is_certified: bool) -> None:
    """With the CA's certificate filed, and before."""
    own = leaf(2, label="interim")
    interim = replace(FILED if is_certified else Generation(2), interim_pem=pem(own))
    with tls_server(Pair(rsa_key("interim"), [own])) as port:
        [result] = judged([interim], at_port(port))
    assert (result.check.served, result.check.generation) == (Served.INTERIM, 2)
    assert [each.code for each in result.problems] == ["SC603"]
    assert ("not generation 2" in result.problems[0].message) == is_certified


def test_a_certificate_that_nobody_filed() -> None:
    """It is shown whose it is; that it is for the right key helps the person who looks."""
    reissued = leaf(2)
    with tls_server(pair(2, reissued)) as same, tls_server(pair(9, leaf(9))) as other:
        [first] = judged([FILED], at_port(same))
        [second] = judged([FILED], at_port(other))
    assert codes([first, second]) == [["SC604"], ["SC604"]]
    assert "for generation 2's key" in first.problems[0].message
    assert "key" not in second.problems[0].message
    assert first.check.generation is None


def test_the_articles_key_usage_is_refused() -> None:
    """Though the handshake succeeds, as in openssl: the certificate's own bits are looked at."""
    own = leaf(2, usage=ARTICLE_USAGE)
    with tls_server(pair(2, own, ISSUER)) as port:
        [result] = judged([generation(2, own, ISSUER)], at_port(port))
    assert [each.code for each in result.problems] == ["SC614"]
    assert "keyEncipherment, dataEncipherment, not for digitalSignature" in result.problems[0].message


def test_a_certificate_for_clients_is_refused() -> None:
    """ExtendedKeyUsage without serverAuth."""
    own = leaf(2, purpose=ExtendedKeyUsageOID.CLIENT_AUTH)
    with tls_server(pair(2, own, ISSUER)) as port:
        assert codes(judged([generation(2, own, ISSUER)], at_port(port))) == [["SC615"]]


def test_a_certificate_that_cannot_be_read() -> None:
    """One that OpenSSL takes and we do not, for its name holds what no name does: alone, and in a chain."""
    odd = leaf(2, "a\x01b")
    with tls_server(pair(2, odd)) as alone, tls_server(pair(2, OWN, ISSUER, odd)) as behind:
        [first] = judged([FILED], at_port(alone))
        [second] = judged([FILED], at_port(behind))
    assert codes([first, second]) == [["SC605"], ["SC605"]]
    assert (first.check.served, second.check.served) == (Served.OTHER, Served.CURRENT)
    assert first.check.chain[0].facts is None
    assert sha256(odd.public_bytes(Encoding.DER)).hexdigest() in second.problems[0].message


def test_an_interim_file_that_holds_no_certificate() -> None:
    """It is told, and not taken for the absence of one."""
    found = expect(SITE, {2: replace(FILED, interim_pem=b"junk")})
    assert isinstance(found, Problem)
    assert (found.code, found.place.path) == ("SC403", "out/park-nicollet/generation-2/interim.crt")


def test_validity_is_judged_by_the_moment_given() -> None:
    """The clock is an argument; the last second counts."""
    own = leaf(2, not_before=NOT_BEFORE + timedelta(days=10), days=10)
    filed = generation(2, own, ISSUER)
    with tls_server(pair(2, own, ISSUER)) as port:
        for moment, expected in (
            (NOT_BEFORE + timedelta(days=10, seconds=-1), ["SC613"]),
            (NOT_BEFORE + timedelta(days=10), []),
            (NOT_BEFORE + timedelta(days=20, seconds=-1), []),
            (NOT_BEFORE + timedelta(days=20), ["SC612"]),
        ):
            assert codes(judged([filed], at_port(port), moment=moment)) == [expected], moment


def test_an_old_certificate_that_expired_is_both() -> None:
    """It is to be replaced, and it fails today."""
    own = leaf(1, days=10)
    with tls_server(pair(1, own, ISSUER)) as port:
        assert codes(judged([generation(1, own, ISSUER), FILED], at_port(port))) == [["SC612", "SC602"]]


def test_each_name_is_asked_for() -> None:
    """A server that answers one of its names with another certificate is seen, at that name alone."""
    names = (NAME, "other.parknicollet.com", "*.apps.parknicollet.com", "10.1.2.3")
    own = leaf(2, *names)
    with tls_server(pair(2, own, ISSUER), other=pair(1, BEFORE, ISSUER)) as port:
        results = judged([generation(1, BEFORE, ISSUER), generation(2, own, ISSUER)], at_port(port))
    assert [(each.check.name.value, each.check.server_name) for each in results] == [
        (NAME, NAME),
        ("other.parknicollet.com", "other.parknicollet.com"),
        ("*.apps.parknicollet.com", "any-name.apps.parknicollet.com"),
        ("10.1.2.3", None),
    ]
    assert codes(results) == [[], ["SC602"], [], []]


def test_a_name_that_was_asked_for_and_is_missing() -> None:
    """The request's names are looked for, not those of a generation that is yet to come."""
    wanted = RequestContent(SITE.subject, dns(NAME, "other.parknicollet.com"), 2048)
    request = read_request(build_request(rsa_key("generation 2"), wanted))
    filed = replace(FILED, request=request)
    site = replace(SITE, alternative_names=dns(NAME, "later.parknicollet.com"))
    with tls_server(pair(2, OWN, ISSUER)) as port:
        results = judged([filed], at_port(port), site=site)
    assert [each.check.name.value for each in results] == [NAME, "other.parknicollet.com"]
    assert codes(results) == [[], ["SC611"]]


def test_without_a_request_the_sites_names_count_for_its_own_generation() -> None:
    """The customer made the key: no request tells what was asked for."""
    site = replace(SITE, alternative_names=dns(NAME, "other.parknicollet.com"))
    own = replace(site, key=replace(site.key, generation=2))
    with tls_server(pair(2, OWN, ISSUER)) as port:
        assert codes(judged([FILED], at_port(port), site=own)) == [[], ["SC611"]]
        assert codes(judged([FILED], at_port(port), site=site)) == [[]]


def test_two_places_are_judged_apart() -> None:
    """One serves the new certificate, the other the one before."""
    site = replace(SITE, servers=(a_server(),))
    with tls_server(pair(2, OWN, ISSUER)) as apache, tls_server(pair(1, BEFORE, ISSUER)) as ords:
        results = judged(
            [generation(1, BEFORE, ISSUER), FILED], at_port(apache), at_port(ords, of=8443), site=site
        )
    assert [(each.check.endpoint.service, each.check.served) for each in results] == [
        ("Apache", Served.CURRENT),
        ("ORDS", Served.SUPERSEDED),
    ]


@pytest.mark.system("openssl")
def test_openssl_sees_the_same_chain() -> None:
    """`openssl s_client -showcerts` as the independent observer of what was sent, and in which order."""
    with tls_server(pair(2, OWN, ROOT, ISSUER)) as port:
        [result] = judged([FILED], at_port(port))
        observed = subprocess.run(
            ["openssl", "s_client", "-connect", f"{LOOPBACK}:{port}", "-servername", NAME, "-showcerts"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    certificates = x509.load_pem_x509_certificates(observed.stdout.partition(b"Server certificate")[0])
    assert len(certificates) == 3
    assert [each.fingerprint for each in result.check.chain] == [
        sha256(each.public_bytes(Encoding.DER)).hexdigest() for each in certificates
    ]
