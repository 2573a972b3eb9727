"""What a reviewer reads about requests and certificates."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.x509.oid import ExtensionOID, NameOID, ObjectIdentifier
from hypothesis import given

from pki.contents import CONTENTS, a_content, names
from pki.hierarchies import certify
from pki.openssl import render_config, request_by_openssl
from sitecert.model.request import RequestContent
from sitecert.pki.algorithms import describe_public_key
from sitecert.pki.errors import RequestError
from sitecert.pki.keys import spki_sha256
from sitecert.pki.requests import build_request
from sitecert.pki.review_text import describe_certificates, describe_request
from support.authority import NOT_BEFORE, Authority, rsa_key

pytestmark = pytest.mark.system("openssl")

DSA_KEY = dsa.DSAPublicNumbers(3, dsa.DSAParameterNumbers((1 << 1023) + 1, (1 << 159) + 1, 2)).public_key()
LONG_EXPONENT = rsa.RSAPublicNumbers((1 << 1000) + 1, (1 << 2047) + 1).public_key()


def a_request(*general_names: x509.GeneralName, organization: str = "Spok", **extras: bytes) -> str:
    """Return the description of a request with any alternative names, and attributes by their OIDs."""
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization)])
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    if general_names:
        builder = builder.add_extension(x509.SubjectAlternativeName(general_names), critical=False)
    for oid, value in extras.items():
        builder = builder.add_attribute(ObjectIdentifier(oid), value)
    return describe_request(builder.sign(rsa_key(), hashes.SHA256()).public_bytes(serialization.Encoding.PEM))


def test_a_request_reads_like_this() -> None:
    """The whole text, once."""
    assert (
        describe_request(build_request(rsa_key(), a_content()))
        == f"""\
certificate request
subject:
    C = "US" (PrintableString)
    ST = "Minnesota" (UTF8String)
    O = "Park Nicollet Health Services" (UTF8String)
    CN = "hospital.example.org" (UTF8String)
public key: RSA 2048 bits, exponent 65537
public key SHA-256: {spki_sha256(rsa_key().public_key())}
extensions asked for:
    basicConstraints (critical): CA:FALSE
    keyUsage (critical): digitalSignature, keyEncipherment
    extendedKeyUsage: serverAuth
    subjectAltName:
        DNS "hospital.example.org"
        IP 10.20.30.40
        IP 2001:db8::1
signature: sha256WithRSAEncryption, verifies
"""
    )


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (x509.DNSName("a.example,DNS:b.example"), 'DNS "a.example,DNS:b.example"'),
        (x509.DNSName('a"\n        DNS "b'), r'DNS "a\"\u{a}        DNS \"b"'),
        (x509.DNSName("a\0.example"), r'DNS "a\u{0}.example"'),
        (x509.DNSName._init_without_validation("münchen.example"), r'DNS "m\x{c3}\x{bc}nchen.example"'),  # noqa: SLF001 - the one way to write what openssl writes
        (x509.RFC822Name("web@example.org"), 'email "web@example.org"'),
        (x509.UniformResourceIdentifier("http://a\r.example"), r'URI "http://a\u{d}.example"'),
        (x509.RegisteredID(ObjectIdentifier("1.2.3")), "registeredID hex 2a03"),
        (x509.OtherName(ObjectIdentifier("1.2.3"), b"\x05\x00"), "otherName hex 06022a03a0020500"),
        (
            x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a, b")])),
            'directoryName CN="a, b"',
        ),
    ],
)
def test_a_hostile_name_never_looks_like_two(name: x509.GeneralName, line: str) -> None:
    """Each name stands on its own line, quoted, and nothing in it ends the line."""
    lines = a_request(name, x509.DNSName("last.example")).splitlines()
    start = lines.index("    subjectAltName:")
    assert lines[start + 1 : start + 3] == [f"        {line}", '        DNS "last.example"']


@given(CONTENTS)
def test_the_text_is_one_line_to_a_fact_and_free_of_what_deceives(content: RequestContent) -> None:
    """Whatever the values hold, the number of lines is that of the facts, and every character shows."""
    text = describe_request(build_request(rsa_key(), content))
    assert (
        len(text.splitlines())
        == text.count("\n")
        == 10 + len(content.subject) + len(content.alternative_names)
    )
    assert all(character.isprintable() or character == "\n" for character in text)


@pytest.mark.parametrize(
    ("organization", "shown"),
    [
        ("Hôpital 医院", "Hôpital 医院"),
        ("Sp\u200bok", r"Sp\u{200b}ok"),
        ("\u202ekopS", r"\u{202e}kopS"),
        ("Spok\u2066", r"Spok\u{2066}"),
        ("Spok\u3164", r"Spok\u{3164}"),
        ("Sp\u00adok", r"Sp\u{ad}ok"),
        ("Spok\ufe0f", r"Spok\u{fe0f}"),
        ("Spok \U0001f3e5", r"Spok \u{1f3e5}"),
        ("Spok\u00a0Inc", r"Spok\u{a0}Inc"),
        ("\\u{41}", r"\\u{41}"),
    ],
)
def test_what_a_reader_can_not_see_is_escaped(organization: str, shown: str) -> None:
    """Letters of every script are shown; bidirectional, invisible and odd blanks are not."""
    assert f'    O = "{shown}" (UTF8String)\n' in a_request(organization=organization)


def test_a_challenge_password_is_named_and_never_shown() -> None:
    """Other attributes are known by their length and digest."""
    text = a_request(**{"1.2.840.113549.1.9.7": b"hunter2hunter2", "1.3.6.1.4.1.311.13.2.3": b"10.0"})
    assert "\nattribute: challengePassword, whose value is not shown\n" in text
    assert "\nattribute: Microsoft osVersion, 6 octets, SHA-256 " in text
    assert "hunter2" not in text


def test_what_the_article_asked_for_can_be_seen() -> None:
    """Usages, unknown extensions, old string types and several fields in one RDN stand as they are."""
    config = render_config(a_content(alternative_names=names("hospital.example.org")))
    for written, instead in {
        "keyUsage = critical, digitalSignature": "keyUsage = dataEncipherment",
        "extendedKeyUsage = serverAuth": "extendedKeyUsage = clientAuth, 1.2.3",
        "subjectAltName = @alt_names": "subjectAltName = @alt_names\n1.2.3.4 = critical, ASN1:NULL",
        "string_mask = utf8only": "string_mask = nombstr",
        'ST = "Minnesota"': 'ST = "Minnesöta"\n+L = "St. Paul"',
    }.items():
        assert written in config
        config = config.replace(written, instead)
    text = describe_request(request_by_openssl(config))
    for line in (
        "    keyUsage: keyEncipherment, dataEncipherment",
        "    extendedKeyUsage: clientAuth, 1.2.3",
        f"    1.2.3.4 (critical): 2 octets, SHA-256 {sha256(bytes([5, 0])).hexdigest()}",
        '    L = "St. Paul" (PrintableString)\n    + ST = "Minnesöta" (T61String)',
    ):
        assert line in text


def test_a_bad_signature_and_another_kind_of_key_are_said() -> None:
    """A request that read_request refuses is described all the same."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hospital.example.org")])
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    request = builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA384())
    text = describe_request(request.public_bytes(serialization.Encoding.PEM))
    assert "\npublic key: EC secp256r1\n" in text
    assert text.endswith("extensions asked for: none\nsignature: ecdsa-with-SHA384, verifies\n")


def test_what_is_no_request_is_refused() -> None:
    """Only a request can be described."""
    with pytest.raises(RequestError, match="no PEM block"):
        describe_request(b"hello")


def test_certificates_are_numbered_and_told_one_by_one() -> None:
    """Names, serial, validity in days, extensions and the fingerprint of each."""
    authority = Authority()
    leaf = authority.issue(rsa_key().public_key(), ["hospital.example.org"], days=199)
    text = describe_certificates([leaf, authority.intermediate])
    first, second = text.split("\n\n")
    assert first.startswith(
        'certificate 1 of 2\nsubject:\n    CN = "hospital.example.org" (UTF8String)\nissuer:\n'
    )
    assert (
        "\nvalid from: 2026-01-01 00:00:00 UTC\nvalid until: 2026-07-18 23:59:59 UTC\nvalid for: 199 days\n"
        in first
    )
    assert first.endswith(f"\ncertificate SHA-256: {leaf.fingerprint(hashes.SHA256()).hex()}")
    assert "    basicConstraints (critical): CA:TRUE, at most 0 CAs below\n" in second
    assert describe_certificates([leaf, authority.intermediate]) == text


def test_one_second_too_long_counts_as_a_day() -> None:
    """`openssl -days 200` makes 200 days and a second, which is 201 days (BR 6.3.2)."""
    certificate = certify("leaf", "root", days=200)
    assert certificate.not_valid_after_utc == NOT_BEFORE + timedelta(days=200)
    assert "\nvalid for: 200 days and 1 s, which count as 201 days\n" in describe_certificates([certificate])


def test_what_can_not_be_read_is_told_by_its_digest() -> None:
    """A damaged extension is no reason to show nothing."""
    value = b"\x30\x03\x05\x00\x05"
    damaged = x509.UnrecognizedExtension(ExtensionOID.EXTENDED_KEY_USAGE, value)
    text = describe_certificates([certify("leaf", "root", extensions=(damaged,))])
    assert f"    extendedKeyUsage: unreadable, 5 octets, SHA-256 {sha256(value).hexdigest()}\n" in text


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (ed25519.Ed25519PrivateKey.generate().public_key(), "Ed25519"),
        (DSA_KEY, "DSA 1024 bits"),
        (LONG_EXPONENT, "RSA 2048 bits, exponent of 1001 bits"),
    ],
    ids=["Ed25519", "DSA", "long exponent"],
)
def test_every_kind_of_key_has_its_words(key: PublicKeyTypes, words: str) -> None:
    """A customer may send any; an exponent never fills the page."""
    assert describe_public_key(key) == words


def test_policies_and_places_of_the_issuer_stand_one_to_a_line() -> None:
    """What a public CA adds is named where it is known."""
    extensions = (
        x509.CertificatePolicies(
            [x509.PolicyInformation(ObjectIdentifier(oid), None) for oid in ("2.23.140.1.2.2", "1.2.3")]
        ),
        x509.AuthorityInformationAccess(
            [
                x509.AccessDescription(
                    ObjectIdentifier("1.3.6.1.5.5.7.48.1"),
                    x509.UniformResourceIdentifier("http://ocsp.example"),
                )
            ]
        ),
    )
    text = describe_certificates([certify("leaf", "root", authority=False, extensions=extensions)])
    assert (
        "    certificatePolicies:\n        2.23.140.1.2.2 (organization validated)\n        1.2.3\n"
        '    authorityInfoAccess:\n        OCSP URI "http://ocsp.example"\n'
    ) in text
