"""`sitecert new --from-host`: a site from the certificate that a server shows today."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from support.authority import NOT_BEFORE, Authority, pem, rsa_key
from support.commands import Ran, files, repository, sitecert
from support.stub_server import free_port
from support.tls import LOOPBACK, Pair, listening, tls_server

NAME = "smartweb.lakes.example.com"
SUBJECT = (
    (NameOID.COUNTRY_NAME, "US"),
    (NameOID.STATE_OR_PROVINCE_NAME, "Minnesota"),
    (NameOID.ORGANIZATION_NAME, "Lakes Clinic"),
    (NameOID.ORGANIZATIONAL_UNIT_NAME, "IT"),
    (NameOID.COMMON_NAME, NAME),
)
NAMES = (x509.DNSName(NAME), x509.DNSName("dr.lakes.example.com"))


def served(
    names: Sequence[x509.GeneralName] = NAMES, label: str = "host", *, bits: int = 2048, own: bool = False
) -> Pair:
    """Return what an old server sends: an expired certificate, self-signed or of a CA that nobody knows."""
    key = rsa_key(label, bits)
    subject = x509.Name([x509.NameAttribute(oid, value) for oid, value in SUBJECT])
    authority = Authority("unknown")
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if own else authority.intermediate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOT_BEFORE)
        .not_valid_after(NOT_BEFORE + timedelta(days=100))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key if own else rsa_key("unknown issuing"), hashes.SHA256())
    )
    return Pair(key, [certificate] if own else [certificate, authority.intermediate])


def new(root: Path, port: int, *arguments: str, host: str = NAME) -> Ran:
    """Run `new --from-host` with the host found on loopback."""
    connect = f"--connect={host}={LOOPBACK}:{port}"
    return sitecert("-C", root, "new", "lakes", "--version", "8.1", "--from-host", host, connect, *arguments)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with one site."""
    return repository(tmp_path / "certs")


def test_a_site_from_what_is_served(root: Path) -> None:
    """Untrusted and expired is good enough to look at; the chain is filed with it."""
    pair = served()
    with tls_server(pair) as port:
        ran = new(root, port)
    assert ran.code == 0, ran.err
    text = (root / "sites/lakes.yaml").read_text()
    assert f"common_name: {NAME}\nalt_names:\n  - dr.lakes.example.com\n" in text
    assert "customer: Lakes Clinic\n" in text
    folder = root / "out/lakes/generation-0"
    assert (folder / "leaf.crt").read_bytes() == pem(pair.certificates[0])
    assert (folder / "chain.crt").read_bytes() == pem(pair.certificates[1])
    assert "left out: subject.organizational_unit 'IT': public CAs refuse it" in ran.err
    assert "filed the certificate in use as generation-0, valid until 2026-04-11" in ran.err


def test_the_name_is_asked_for_by_sni(root: Path) -> None:
    """A server of many sites shows the one that was meant."""
    with tls_server(served((x509.DNSName("other.example.com"),), "other"), smartweb=served()) as port:
        assert new(root, port).code == 0
    assert f"common_name: {NAME}" in (root / "sites/lakes.yaml").read_text()


def test_status_knows_it_from_the_first_day(root: Path) -> None:
    """Its end is the site's end, although sitecert never had its key."""
    with tls_server(served()) as port:
        assert new(root, port).code == 0
    ran = sitecert("-C", root, "status", "lakes", "--at", "2026-04-01")
    assert ran.code == 2
    assert "2026-04-11" in ran.out
    assert "the certificate from before sitecert (generation 0)" in ran.out


def test_what_is_left_out_is_told(root: Path) -> None:
    """Names of other kinds, a name that is not answered for, and a self-signed issuer."""
    odd = (*NAMES, x509.RFC822Name("ops@example.org"), x509.IPAddress(ip_address("10.0.0.1")))
    with tls_server(served(odd, own=True)) as port:
        ran = new(root, port, "--state", "Minnesota", host="web.lakes.example.com")
    told = [line for line in ran.err.splitlines() if line.startswith("  left out: ")]
    assert len(told) == 4
    for words in ("'IT'", "ops@example.org", "signs itself", "web.lakes.example.com: the certificate"):
        assert any(words in line for line in told), words
    assert "  - 10.0.0.1\n" in (root / "sites/lakes.yaml").read_text()


def test_a_strong_key_stays_strong(root: Path) -> None:
    """RSA 4096 is the article's higher security."""
    with tls_server(served(label="strong", bits=4096)) as port:
        assert new(root, port).code == 0
    assert "key:\n  security: high\n" in (root / "sites/lakes.yaml").read_text()


def test_an_address_is_asked_without_a_name(root: Path) -> None:
    """By its port; SNI has no IP addresses."""
    with tls_server(served()) as port:
        host = f"{LOOPBACK}:{port}"
        ran = sitecert("-C", root, "new", "lakes", "--version", "8.1", "--from-host", host)
    assert ran.code == 0, ran.err
    assert f"left out: {LOOPBACK}: the certificate that it serves does not answer for it" in ran.err


def test_a_host_that_serves_nothing_is_a_problem(root: Path) -> None:
    """With its code, and nothing is written."""
    before = files(root)
    ran = new(root, free_port())
    assert ran.code == 1
    assert "sites/lakes.yaml:1:1: error[SC618]" in ran.err
    assert f"{NAME}:443: cannot be reached at {LOOPBACK}" in ran.err

    def hello(peer: socket.socket) -> None:
        peer.sendall(b"220 mail.example.com ESMTP\r\n")

    with listening(hello) as port:
        ran = new(root, port)
    assert (ran.code, "SC619" in ran.err) == (1, True)
    assert files(root) == before


def test_a_silent_host_is_given_up(root: Path) -> None:
    """After the time that the person allows."""
    with socket.create_server((LOOPBACK, 0)) as server:
        ran = new(root, server.getsockname()[1], "--timeout", "0.3")
    assert ran.code == 1
    assert "no answer within 0.3 s" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--from-host", "https://lakes.example.com/"),
        ("--from-host", "lakes.example.com:0"),
        ("--from-host", "lakes.example.com:99999"),
        ("--from-host", NAME, "--from-cert", __file__),
        ("--from-host", NAME, "--connect", "other.example.com=127.0.0.1:1"),
        ("--connect", f"{NAME}=127.0.0.1:1"),
        ("--from-host", NAME, "--password-file", __file__),
    ],
)
def test_a_wrong_word_is_usage(root: Path, arguments: tuple[str, ...]) -> None:
    """Nothing is asked of anyone."""
    assert sitecert("-C", root, "new", "lakes", "--version", "8.1", *arguments).code == 3
    assert not (root / "sites/lakes.yaml").exists()
