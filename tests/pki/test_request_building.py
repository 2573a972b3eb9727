"""Requests that we make, judged by openssl and asn1crypto."""

from __future__ import annotations

import pytest
from asn1crypto import csr, pem
from hypothesis import given, settings

from pki.contents import CONTENTS, HOSTILE, a_content, a_subject, names
from pki.openssl import openssl, render_config, request_by_openssl
from sitecert.model.names import AlternativeName, NameKind
from sitecert.model.request import RequestContent, SubjectField
from sitecert.pki.errors import RequestError
from sitecert.pki.requests import build_request, read_request
from support.authority import rsa_key

pytestmark = pytest.mark.system("openssl")


def parse(request: bytes) -> csr.CertificationRequestInfo:
    """Parse a PEM request with asn1crypto."""
    return csr.CertificationRequest.load(pem.unarmor(request)[2])["certification_request_info"]


def test_openssl_verifies_the_request() -> None:
    """By itself, openssl finds the signature, the names and the usages."""
    said = openssl("req", "-verify", "-noout", "-text", text=build_request(rsa_key(), a_content()))
    assert "verify OK" in said
    assert "DNS:hospital.example.org, IP Address:10.20.30.40, IP Address:2001:DB8:0:0:0:0:0:1" in said
    assert "Digital Signature, Key Encipherment" in said
    assert "sha256WithRSAEncryption" in said


def test_string_types_are_those_of_openssl_utf8only() -> None:
    """The country is printable, the e-mail address IA5, the rest UTF-8."""
    content = a_content(subject={SubjectField.EMAIL: "web@hospital.example.org"})
    subject = parse(build_request(rsa_key(), content))["subject"].chosen
    types = {
        part[0]["type"].native: getattr(part[0]["value"], "chosen", part[0]["value"]).tag for part in subject
    }
    assert types == {
        "country_name": 19,
        "state_or_province_name": 12,
        "organization_name": 12,
        "common_name": 12,
        "email_address": 22,
    }


def test_extensions_stand_in_order_with_their_criticality() -> None:
    """The profile is what the model promises."""
    (attribute,) = parse(build_request(rsa_key(), a_content()))["attributes"]
    found = [(each["extn_id"].native, each["critical"].native) for each in attribute["values"][0]]
    assert found == [
        ("basic_constraints", True),
        ("key_usage", True),
        ("extended_key_usage", False),
        ("subject_alt_name", False),
    ]


@settings(max_examples=60)
@given(CONTENTS)
def test_openssl_makes_the_very_same_request_from_the_configuration(content: RequestContent) -> None:
    """`openssl req` with our openssl.cnf and the same key gives the same bytes, whatever the values."""
    ours, theirs = build_request(rsa_key(), content), request_by_openssl(render_config(content))
    assert parse(ours).native == parse(theirs).native
    assert pem.unarmor(ours)[2] == pem.unarmor(theirs)[2]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_values_come_through_both_ways(text: str) -> None:
    """What openssl would expand, cut or drop stands in the subject as it was written."""
    content = a_content(subject={SubjectField.ORGANIZATION: text, SubjectField.LOCALITY: text})
    theirs = request_by_openssl(render_config(content), environment={"HOME": "/secret/home"})
    assert read_request(theirs).content == content
    assert theirs == build_request(rsa_key(), content)


@given(CONTENTS)
def test_reading_gives_back_what_was_built(content: RequestContent) -> None:
    """The round trip loses nothing."""
    assert read_request(build_request(rsa_key(), content)).content == content


@pytest.mark.parametrize(
    ("field", "longest"),
    [(SubjectField.ORGANIZATION, 64), (SubjectField.STATE, 128), (SubjectField.LOCALITY, 128)],
)
def test_lengths_count_characters_and_not_octets(field: SubjectField, longest: int) -> None:
    """Characters of four octets fit as often as those of one, with openssl too; one more does not."""
    content = a_content(subject={field: "\U0001f3e5" * longest})
    assert read_request(request_by_openssl(render_config(content))).content == content
    assert read_request(build_request(rsa_key(), content)).content == content
    with pytest.raises(RequestError, match=f"has {longest + 1} characters"):
        build_request(rsa_key(), a_content(subject={field: "a" * (longest + 1)}))


def test_a_repeated_field_is_kept_twice() -> None:
    """Two organizational units stay two, in order, with openssl too."""
    unit = SubjectField.ORGANIZATIONAL_UNIT
    subject = (
        *a_subject({unit: "Web"}),
        *a_subject({unit: "Paging", SubjectField.COMMON_NAME: "h.example.org"}),
    )
    content = RequestContent(subject, names("h.example.org"), 2048)
    assert request_by_openssl(render_config(content)) == build_request(rsa_key(), content)


@pytest.mark.parametrize(
    ("subject", "clause"),
    [
        ({SubjectField.STATE: ""}, "subject.state has 0 characters"),
        ({SubjectField.COUNTRY: "U"}, "subject.country has 1 characters; 2 are needed"),
        ({SubjectField.COUNTRY: "U*"}, "holds what no PrintableString can hold"),
        ({SubjectField.EMAIL: "é@example.org"}, "holds what no IA5String can hold"),
        ({SubjectField.ORGANIZATION: "a\nb"}, r'subject.organization "a\u{a}b" holds NUL, CR or LF'),
        ({SubjectField.ORGANIZATION: "a\ud800"}, "holds what no UTF8String can hold"),
    ],
)
def test_what_openssl_would_refuse_is_refused(subject: dict[SubjectField, str], clause: str) -> None:
    """Both ways of making a request agree on what can be asked for."""
    with pytest.raises(RequestError) as caught:
        build_request(rsa_key(), a_content(subject=subject))
    assert clause in str(caught.value)


@pytest.mark.parametrize("name", ["", "a,DNS:b.example.org", "münchen.example", "a b", "a\nb"])
def test_names_that_are_none_are_refused(name: str) -> None:
    """A name that could pass for two never gets into a request."""
    with pytest.raises(RequestError, match="the DNS name"):
        build_request(rsa_key(), a_content(alternative_names=(AlternativeName(NameKind.DNS, name),)))


def test_a_request_needs_a_name_and_the_right_key() -> None:
    """An empty list of names and a key of another size are refused."""
    with pytest.raises(RequestError, match="no name"):
        build_request(rsa_key(), a_content(alternative_names=()))
    with pytest.raises(RequestError, match="the key has 2048 bits; 4096 are asked for"):
        build_request(rsa_key(), a_content(key_bits=4096))
