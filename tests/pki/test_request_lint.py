"""Requests as a CA's lint sees them."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from sitecert.model.generation import Request
from sitecert.model.names import AlternativeName, NameKind
from sitecert.model.request import RequestContent, SubjectAttribute, SubjectField
from sitecert.model.site import IssuerKind
from sitecert.pki.request_lint import Part, lint_request
from sitecert.pki.requests import build_request
from sitecert.policy.requests import SAID_BEFORE, check_request
from support.authority import rsa_key
from support.sites import a_site, dns

FINE = a_site().request
COMMON_NAME = "smartweb.parknicollet.com"


def request(content: RequestContent, key: rsa.RSAPrivateKey | None = None) -> Request:
    """Return a request, which need not be one that sitecert would accept."""
    return Request(build_request(key or rsa_key(), content), content, "")


def content(*subject: tuple[SubjectField, str], names: tuple[str, ...] = ()) -> RequestContent:
    """Return what a request says, with the article's subject unless one is given."""
    attributes = tuple(SubjectAttribute(field, value) for field, value in subject)
    return RequestContent(attributes or FINE.subject, dns(COMMON_NAME, *names), FINE.key_bits)


@pytest.mark.parametrize("is_public", [True, False])
def test_what_sitecert_asks_for_is_clean(is_public: bool) -> None:  # noqa: FBT001 - pytest's way
    """By either profile."""
    assert lint_request(request(FINE), is_public=is_public) == ()


def test_an_internal_ca_may_be_asked_for_short_names() -> None:
    """And for private addresses: RFC 5280 has a word on the form of names, which is not said."""
    address = AlternativeName(NameKind.IP, "10.1.2.3")
    names = (*dns(COMMON_NAME, "spokwb", "*.hospital.local"), address)
    asked = request(RequestContent(FINE.subject, names, FINE.key_bits))
    assert {each.finding.code for each in lint_request(asked, is_public=False)} <= {*SAID_BEFORE}
    assert check_request(a_site(issuer=IssuerKind.INTERNAL), asked) == ()


@pytest.mark.parametrize(
    ("asked", "code", "about"),
    [
        (
            content(names=("spokwb",)),
            "cabf.internal_domain_name",
            AlternativeName(NameKind.DNS, "spokwb"),
        ),
        (
            content(names=("a.parknicollet.com", "xn--zzzzzzzz9999.parknicollet.com")),
            "cabf.serverauth.invalid_plabel_encoding",
            AlternativeName(NameKind.DNS, "xn--zzzzzzzz9999.parknicollet.com"),
        ),
        (
            RequestContent(FINE.subject, dns("other.parknicollet.com"), 2048),
            "cabf.serverauth.subscriber_common_name_unknown_source",
            SubjectField.COMMON_NAME,
        ),
        (
            content(
                (SubjectField.COUNTRY, "ZZ"),
                (SubjectField.STATE, "Minnesota"),
                (SubjectField.ORGANIZATION, "Park Nicollet"),
                (SubjectField.COMMON_NAME, COMMON_NAME),
            ),
            "cabf.invalid_country_code",
            SubjectField.COUNTRY,
        ),
        (
            content(
                (SubjectField.COUNTRY, "US"),
                (SubjectField.ORGANIZATION, "Park Nicollet"),
                (SubjectField.COMMON_NAME, COMMON_NAME),
            ),
            "cabf.serverauth.subscriber_stateprovince_and_locality_missing",
            Part.SUBJECT,
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_public_ca_refuses(asked: RequestContent, code: str, about: object) -> None:
    """Each finding has pkilint's code, and names the field or name that it is about."""
    found = [(each.finding.code, each.about) for each in lint_request(request(asked), is_public=True)]
    assert found == [(code, about)]


def test_without_an_organization_it_is_judged_as_dv() -> None:
    """Such a certificate has the common name alone, so a missing state is nobody's fault."""
    asked = content((SubjectField.COUNTRY, "US"), (SubjectField.COMMON_NAME, COMMON_NAME))
    assert lint_request(request(asked), is_public=True) == ()


def test_the_key_is_looked_at() -> None:
    """An exponent of 3 is allowed and not advised (BR 6.1.6)."""
    weak = rsa.generate_private_key(public_exponent=3, key_size=2048)
    [found] = lint_request(request(FINE, weak), is_public=True)
    assert (found.finding.code, found.about) == ("cabf.rsa_exponent_not_in_recommended_range", Part.KEY)
