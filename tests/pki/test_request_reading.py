"""Requests that came from elsewhere, read strictly."""

from __future__ import annotations

import base64

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from pki.contents import a_content
from pki.openssl import render_config, request_by_openssl
from sitecert.pki.errors import RequestError
from sitecert.pki.keys import spki_sha256
from sitecert.pki.requests import build_request, read_request
from support.authority import rsa_key

pytestmark = pytest.mark.system("openssl")

GOOD = build_request(rsa_key(), a_content())


def refusal(pem: bytes) -> str:
    """Return the clause with which a request is refused."""
    with pytest.raises(RequestError) as caught:
        read_request(pem)
    return str(caught.value)


@pytest.mark.parametrize(
    ("written", "instead", "clause"),
    [
        (
            "keyUsage = critical, digitalSignature, keyEncipherment",
            "keyUsage = keyEncipherment, dataEncipherment",
            "keyUsage is keyEncipherment, dataEncipherment; digitalSignature, keyEncipherment (critical) is",
        ),
        ("keyUsage = critical, digital", "keyUsage = digital", "keyUsage is digitalSignature"),
        ("serverAuth", "serverAuth, clientAuth", "extendedKeyUsage is serverAuth, clientAuth"),
        ("CA:FALSE", "CA:TRUE", "basicConstraints is CA:TRUE (critical)"),
        ("basicConstraints = critical, CA:FALSE\n", "", "basicConstraints is missing; CA:FALSE"),
        ("extendedKeyUsage", "subjectKeyIdentifier = hash\nextendedKeyUsage", "carries subjectKeyIdentifier"),
        ("extendedKeyUsage", "1.2.3.4 = ASN1:NULL\nextendedKeyUsage", "carries 1.2.3.4"),
        ("subjectAltName = @alt_names", "", "has no subjectAltName"),
        ("subjectAltName = @", "subjectAltName = critical, @", "subjectAltName is critical"),
        ('IP.1 = "10.20.30.40"', "email.1 = web@example.org", 'holds email "web@example.org"'),
        ('DNS.1 = "hospital', 'DNS.1 = "a,DNS:hospital', 'holds DNS "a,DNS:hospital.example.org"'),
        ('ST = "Minnesota"', 'street = "a"', "the subject carries street"),
        ('ST = "Minnesota"', 'ST = "M"\n+L = "N"', "several fields in one RDN"),
        ("utf8only", "default", "subject.state is written as T61String"),
        ("default_md = sha256", "default_md = sha512", "signed with sha512WithRSAEncryption"),
    ],
)
def test_what_is_off_is_named(written: str, instead: str, clause: str) -> None:
    """Everything but the profile is refused, with words for what is there and what should be."""
    config = render_config(a_content()).replace("Minnesota", "Minnesöta")
    written = written.replace("Minnesota", "Minnesöta")
    assert written in config
    assert clause in refusal(request_by_openssl(config.replace(written, instead)))


def test_a_challenge_password_is_refused_and_never_repeated() -> None:
    """The attribute is named; its value is a secret."""
    config = render_config(a_content()).replace("prompt = no", "prompt = no\nattributes = extras")
    said = refusal(request_by_openssl(f"{config}\n[extras]\nchallengePassword = hunter2hunter2\n"))
    assert said == "it carries the attribute challengePassword, which sitecert does not ask for"


def test_a_changed_request_does_not_verify() -> None:
    """One letter of the subject, changed after signing, is found."""
    request = x509.load_pem_x509_csr(GOOD)
    der = request.public_bytes(serialization.Encoding.DER).replace(b"Minnesota", b"Minnesotb")
    said = refusal(
        b"-----BEGIN CERTIFICATE REQUEST-----\n"
        + base64.encodebytes(der)
        + b"-----END CERTIFICATE REQUEST-----\n"
    )
    assert "signature does not verify" in said


def test_only_rsa_is_taken() -> None:
    """A request for an elliptic curve is not what a site asks for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hospital.example.org")])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    said = refusal(request.public_bytes(serialization.Encoding.PEM))
    assert said == "the key is EC secp256r1; an RSA key is asked for"


@pytest.mark.parametrize(
    ("pem", "clause"),
    [
        (b"", "no PEM block"),
        (GOOD + GOOD, "more than one PEM block"),
        (GOOD[:-20], "a beginning but no end"),
        (GOOD.replace(b"REQUEST", b"REQUIEM"), "it is a CERTIFICATE REQUIEM"),
        (GOOD.replace(b"\nMII", b"\n!!!"), "not base64"),
        (GOOD.replace(b"\nMII", b"\nMIH"), "no certificate request that can be read"),
    ],
    ids=["empty", "twice", "cut off", "label", "not base64", "not DER"],
)
def test_broken_pem_is_named(pem: bytes, clause: str) -> None:
    """What is wrong with the file itself is said before its content is looked at."""
    assert clause in refusal(pem)


def test_a_private_key_beside_the_request_is_never_repeated() -> None:
    """It is named as what it is."""
    key = rsa_key().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    said = refusal(GOOD + key)
    assert said == "a private key stands beside the request: treat that key as disclosed"


def test_the_key_of_the_request_is_named() -> None:
    """The SPKI digest is that of the key which signed."""
    assert read_request(GOOD).spki_sha256 == spki_sha256(rsa_key().public_key())


@pytest.mark.parametrize(
    "sloppy",
    [
        GOOD.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + GOOD,
        b"Subject: request\n\n" + GOOD + b"\n-- \nregards\n",
        GOOD.replace(b"BEGIN CERT", b"BEGIN NEW CERT").replace(b"END CERT", b"END NEW CERT"),
        GOOD.replace(b"\n", b"\n  "),
    ],
    ids=["CRLF", "BOM", "mail", "Microsoft", "indented"],
)
def test_sloppy_pem_is_taken_and_made_canonical(sloppy: bytes) -> None:
    """Line ends, text around, indentation and Microsoft's label do no harm."""
    assert read_request(sloppy).pem == GOOD


@given(st.integers(0, 400), st.integers(1, 255))
def test_no_damage_raises_anything_else(position: int, change: int) -> None:
    """A flipped octet anywhere is a RequestError, and never passes."""
    der = bytearray(x509.load_pem_x509_csr(GOOD).public_bytes(serialization.Encoding.DER))
    der[position] ^= change
    body = base64.encodebytes(bytes(der))
    refusal(b"-----BEGIN CERTIFICATE REQUEST-----\n" + body + b"-----END CERTIFICATE REQUEST-----\n")
