"""Certificates: read, described as facts, told apart, written canonically."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtensionOID
from hypothesis import given
from hypothesis import strategies as st

from pki.contents import names
from pki.hierarchies import certify
from pki.openssl import openssl
from sitecert.model.certificate import CertificateFacts
from sitecert.pki.certificates import (
    canonical_pem,
    certificate_facts,
    issued_certificate,
    read_certificates,
    read_issued,
    split_leaf,
)
from sitecert.pki.errors import CertificateError
from sitecert.pki.pem import write_pem
from sitecert.pki.review_text import describe_certificates
from support.authority import Authority, pem, rsa_key

pytestmark = pytest.mark.system("openssl")

AUTHORITY = Authority()
LEAF = AUTHORITY.issue(rsa_key().public_key(), ["Hospital.example.org", "10.0.0.1"], days=199)
BUNDLE = canonical_pem(LEAF, AUTHORITY.intermediate)


def test_canonical_pem_is_what_openssl_writes() -> None:
    """Lines of 64 characters, LF, a line end after the last; several stand one after the other."""
    assert openssl("x509", text=canonical_pem(LEAF)).encode() == canonical_pem(LEAF)
    assert pem(LEAF, AUTHORITY.intermediate) == BUNDLE


@pytest.mark.parametrize(
    "sloppy",
    [
        BUNDLE.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + BUNDLE,
        BUNDLE.rstrip(),
        BUNDLE.replace(b"-----BEGIN", b"subject=CN = x\nissuer=CN = y\n-----BEGIN"),
        BUNDLE.replace(b"BEGIN CERT", b"BEGIN X509 CERT").replace(b"END CERT", b"END X509 CERT"),
        BUNDLE.replace(b"-----\n-----", b"----------"),
        BUNDLE.replace(b"\n", b"\n    "),
    ],
    ids=["CRLF", "BOM", "no last line end", "text around", "X509", "glued", "indented"],
)
def test_sloppy_pem_is_read(sloppy: bytes) -> None:
    """What mail and editors do to PEM is undone; the order stays."""
    assert read_certificates(sloppy) == (LEAF, AUTHORITY.intermediate)


def private_key() -> bytes:
    """Return a private key as PEM."""
    return rsa_key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.mark.parametrize(
    ("content", "clause"),
    [
        (b"", "there is no PEM certificate"),
        (BUNDLE[:-30], "a beginning but no end"),
        (
            BUNDLE + private_key(),
            "^a private key stands beside the certificates: treat that key as disclosed$",
        ),
        (BUNDLE + b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "block 3 is a PUBLIC KEY"),
        (BUNDLE.replace(b"\nMII", b"\n!!!"), "block 1 is damaged: it is not base64"),
        (BUNDLE.replace(b"\nMII", b"\nMIH"), "block 1 is no certificate that can be read"),
    ],
    ids=["empty", "cut off", "private key", "public key", "not base64", "not DER"],
)
def test_what_is_no_certificate_is_named(content: bytes, clause: str) -> None:
    """A file that is anything else is refused, and a private key is not repeated."""
    with pytest.raises(CertificateError, match=clause):
        read_certificates(content)


@given(st.binary(max_size=200) | st.text().map(str.encode))
def test_whatever_is_read_raises_our_error(content: bytes) -> None:
    """Junk between the dashes is a CertificateError."""
    with pytest.raises(CertificateError):
        read_certificates(content)
    with pytest.raises(CertificateError):
        read_certificates(b"-----BEGIN CERTIFICATE-----\n" + content + b"\n-----END CERTIFICATE-----\n")


def test_facts_are_those_that_asn1crypto_reads() -> None:
    """Names in lower case, serial and digests in hexadecimal, times in UTC."""
    judged = asn1.Certificate.load(asn1_pem.unarmor(canonical_pem(LEAF))[2])
    facts = certificate_facts(LEAF)
    assert facts == CertificateFacts(
        subject="CN=Hospital.example.org",
        issuer="CN=test issuing example CA",
        common_name="Hospital.example.org",
        alternative_names=names("hospital.example.org", "10.0.0.1"),
        serial=facts.serial,
        not_before=datetime(2026, 1, 1, tzinfo=UTC),
        not_after=datetime(2026, 7, 18, 23, 59, 59, tzinfo=UTC),
        fingerprint=judged.sha256.hex(),
        spki_sha256=sha256(judged.public_key.dump()).hexdigest(),
        key_bits=2048,
        self_signed=False,
    )
    assert int(facts.serial, 16) == judged.serial_number
    assert len(facts.serial) % 2 == 0


def test_a_self_signed_certificate_is_known_by_its_signature() -> None:
    """The same name twice is not enough: a rolled-over authority signs its new key with the old."""
    assert certificate_facts(certify("a", "a")).self_signed
    assert not certificate_facts(certify("a", "a", key="a new")).self_signed


def test_an_address_that_is_none_is_named() -> None:
    """Five octets are no IP address; the review text shows them, the facts do not."""
    damaged = x509.UnrecognizedExtension(
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME, bytes.fromhex("30078705") + b"12345"
    )
    certificate = certify("leaf", "root", authority=False, extensions=(damaged,))
    with pytest.raises(CertificateError, match="subjectAltName holds IP hex 3132333435, which is no name"):
        certificate_facts(certificate)
    assert "        IP hex 3132333435\n" in describe_certificates([certificate])


def test_names_that_need_it_are_quoted_and_stand_most_specific_first() -> None:
    """A comma in an organization's name does not make it look like two fields."""
    subject = x509.Name.from_rfc4514_string(r"CN=h.example.org,O=Example\, Inc.\0aL=Nowhere,C=US")
    certificate = certify("h.example.org", "root")
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(certificate.issuer)
    builder = builder.public_key(certificate.public_key()).serial_number(5)
    builder = builder.not_valid_before(datetime(2026, 1, 1)).not_valid_after(datetime(2027, 1, 1))  # noqa: DTZ001 - the builder takes UTC
    facts = certificate_facts(builder.sign(rsa_key("root"), LEAF.signature_hash_algorithm))
    assert facts.subject == r'CN=h.example.org, O="Example, Inc.\u{a}L=Nowhere", C=US'
    assert (facts.serial, facts.alternative_names) == ("05", ())


@pytest.mark.parametrize(("number", "serial"), [(0, "00"), (-1, "-01"), (0xABC, "0abc")])
def test_serial_numbers_that_are_none_are_read_without_a_word(number: int, serial: str) -> None:
    """Old internal roots have 0; what is negative keeps its sign."""
    edited = asn1.Certificate.load(LEAF.public_bytes(serialization.Encoding.DER))
    edited["tbs_certificate"]["serial_number"] = number
    (certificate,) = read_certificates(write_pem("CERTIFICATE", edited.dump(force=True)))
    assert certificate_facts(certificate).serial == serial


def test_the_one_server_certificate_is_found() -> None:
    """Copies count once; what signed another certificate is an authority."""
    assert split_leaf([AUTHORITY.root, LEAF, AUTHORITY.intermediate, LEAF]) == LEAF
    assert split_leaf([own := certify("own", "own", authority=False)]) == own


def test_none_or_two_server_certificates_are_named() -> None:
    """The clause says which they are."""
    with pytest.raises(
        CertificateError, match=r"only those of CAs: CN=test root example CA \(until 2045-12-27\)"
    ):
        split_leaf([AUTHORITY.root])
    other = certify("other.example.org", "root", authority=False)
    with pytest.raises(CertificateError, match=r"there are 2 server .*: CN=Hospital.*; CN=other.example.org"):
        split_leaf([LEAF, other])


def test_an_issued_certificate_is_read_back_as_it_was_filed() -> None:
    """`leaf.crt` and `chain.crt` give the same value again; what is served is both."""
    issued = issued_certificate(LEAF, [AUTHORITY.intermediate])
    assert read_issued(issued.leaf_pem, issued.chain_pem) == issued
    assert issued.served_pem == BUNDLE
    assert read_issued(issued.leaf_pem, b"").chain == ()
    with pytest.raises(CertificateError, match="2 certificates where the leaf alone belongs"):
        read_issued(BUNDLE, b"")


@given(st.integers(4, 900), st.integers(1, 255))
def test_no_damage_raises_anything_else(position: int, change: int) -> None:
    """A flipped octet anywhere gives another certificate or a CertificateError."""
    der = bytearray(LEAF.public_bytes(serialization.Encoding.DER))
    der[position % len(der)] ^= change
    with suppress(CertificateError):
        certificates = read_certificates(write_pem("CERTIFICATE", bytes(der)))
        describe_certificates(certificates)
        certificate_facts(split_leaf(certificates))
