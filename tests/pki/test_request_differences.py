"""What two requests ask for differently, in the words of the YAML."""

from __future__ import annotations

import pytest
from hypothesis import given

from pki.contents import CONTENTS, a_content, a_subject, names
from sitecert.model.request import RequestContent, SubjectField
from sitecert.pki.requests import Difference, request_differences

ASKED = a_content()


@pytest.mark.parametrize(
    ("found", "difference"),
    [
        (
            a_content(subject={SubjectField.STATE: "MN"}),
            Difference("subject.state", '"Minnesota"', '"MN"', ("/subject/state",)),
        ),
        (
            a_content(subject={SubjectField.LOCALITY: "St. Louis Park"}),
            Difference("subject.locality", "nothing", '"St. Louis Park"', ("/subject/locality",)),
        ),
        (
            a_content(subject={SubjectField.ORGANIZATION: "Spok\u202e"}),
            Difference(
                "subject.organization",
                '"Park Nicollet Health Services"',
                '"Spok\\u{202e}"',
                ("/subject/organization", "/customer"),
            ),
        ),
        (
            a_content(subject={SubjectField.COMMON_NAME: "other.example.org"}),
            Difference("common_name", '"hospital.example.org"', '"other.example.org"', ("/common_name",)),
        ),
        (
            a_content(alternative_names=names("hospital.example.org")),
            Difference(
                "alt_names",
                "hospital.example.org, 10.20.30.40, 2001:db8::1",
                "hospital.example.org",
                ("/alt_names", "/servers", "/common_name", "/load_balancer", "/issuer"),
            ),
        ),
        (
            a_content(key_bits=4096),
            Difference("key.security", "standard (RSA 2048)", "high (RSA 4096)", ("/key/security",)),
        ),
        (
            a_content(key_bits=3072),
            Difference("key.security", "standard (RSA 2048)", "RSA 3072", ("/key/security",)),
        ),
    ],
)
def test_each_field_is_told_in_its_own_words(found: RequestContent, difference: Difference) -> None:
    """One difference to a field, with what is asked for and what is there."""
    assert request_differences(ASKED, found) == (difference,)


def test_the_order_of_the_subject_counts() -> None:
    """The same fields in another order are another request."""
    found = RequestContent(ASKED.subject[::-1], ASKED.alternative_names, ASKED.key_bits)
    (difference,) = request_differences(ASKED, found)
    assert difference == Difference(
        "subject", "the order C, ST, O, CN", "the order CN, O, ST, C", ("/subject",)
    )


def test_several_values_of_a_field_are_all_shown() -> None:
    """A field that stands twice is one difference."""
    unit = SubjectField.ORGANIZATIONAL_UNIT
    twice = (*a_subject({unit: "Web"}), *a_subject({unit: "Paging"}), *ASKED.subject)
    found = RequestContent(twice, ASKED.alternative_names, ASKED.key_bits)
    (difference,) = request_differences(ASKED, found)
    assert (difference.what, difference.found) == ("subject.organizational_unit", '"Web" and "Paging"')


@given(CONTENTS, CONTENTS)
def test_there_is_a_difference_exactly_where_contents_differ(
    asked: RequestContent, found: RequestContent
) -> None:
    """No difference goes unseen, none is made up, and each is told on one line."""
    differences = request_differences(asked, found)
    assert bool(differences) == (asked != found)
    assert not request_differences(asked, asked)
    assert len({each.what for each in differences}) == len(differences)
    assert all(each.asked != each.found and each.pointers for each in differences)
    assert all(len(f"{each.asked}{each.found}".splitlines()) == 1 for each in differences)
