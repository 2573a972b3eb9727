"""Each defect is found, at its field, with its code, in words; what is right is found to be right."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.defects import DEFECTS
from intake.questions import DAY, Defect, came, internal, key_found, leaf, public, public_leaf
from sitecert.intake.verdict import judge
from sitecert.problems import Severity
from sitecert.problems.registry import acceptable_codes, all_rules
from support.returned import ISSUED, LEAF, issuing, mint

ALSO = {
    "an elliptic key": {"SC514"},
    "a short key": {"SC514"},
    "a key of 2047 bits": {"SC514"},
    "a key whose primes are neighbours": {"SC514"},
    "the customer's old key": {"SC514"},
    "version 1, by openssl": {"SC546"},
}
"""Errors that a defect brings along: a key that the customer did not send, no names without extensions."""


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda each: each.title)
def test_a_defect_is_told(defect: Defect) -> None:
    """By its own code, at the right field, in words that name what is wrong; and no other error with it."""
    verdict = judge(defect.asked(), defect.returned(), "a.pem")
    found = [(each.field, each.problem) for each in verdict.findings if each.problem is not None]
    told = [each.message for field, each in found if (field, each.code) == (defect.field, defect.code)]
    assert told, found
    assert defect.words in " ".join(told)
    others = {each.code for _, each in found if each.severity is Severity.ERROR} - {defect.code}
    assert others == ALSO.get(defect.title, set())


@pytest.mark.parametrize(("question", "contents"), [(internal, leaf), (public, public_leaf)])
def test_what_is_right_is_right(question: object, contents: object) -> None:
    """Not even a note is made of a certificate as it should be."""
    assert callable(question)
    assert callable(contents)
    verdict = judge(question(), contents(), "a.pem")
    assert [(each.code, each.message) for each in verdict.problems] == []
    assert verdict.generation is not None


def test_the_longest_life_that_is_advised_is_right() -> None:
    """CAs issue for 199 days, to the second, and are not warned of (BR 6.3.2)."""
    returned = public_leaf(length=199 * DAY - timedelta(seconds=1))
    assert judge(public(), returned, "a.pem").problems == ()


@pytest.mark.parametrize(("seconds", "codes"), [(-1, []), (0, []), (1, ["SC516"])])
def test_the_last_second_of_a_certificate_counts(seconds: int, codes: list[str]) -> None:
    """It expires when its last second is over, not when that begins (RFC 5280 4.1.2.5)."""
    at = ISSUED + 100 * DAY + timedelta(seconds=seconds)
    verdict = judge(internal(at=at), leaf(length=100 * DAY), "a.pem")
    assert [each.code for each in verdict.problems] == codes


@pytest.mark.parametrize(
    ("key", "protected", "is_disclosed"),
    [("leaf", False, True), ("leaf", True, False), ("other", False, False)],
)
def test_a_key_of_the_sites_own_that_came_in_the_clear_is_disclosed(
    *, key: str, protected: bool, is_disclosed: bool
) -> None:
    """The mark goes with the generation; a password, or a stranger's key, discloses nothing."""
    returned = came(mint(LEAF), issuing(), keys=(key_found(key, protected=protected),))
    verdict = judge(internal(), returned, "a.pem")
    assert verdict.generation is not None
    assert verdict.generation.disclosed is is_disclosed


def test_a_customers_root_may_issue_to_servers_itself() -> None:
    """Then there is no intermediate that could be missing; public roots never do."""
    returned = came(mint(LEAF.but(issuer="root")))
    assert judge(internal(), returned, "a.pem").problems == ()
    told = {each.code for each in judge(public(), returned, "a.pem").problems}
    assert "SC506" in told


def test_there_are_as_many_as_promised() -> None:
    """More than sixty ways to be wrong, by more than fifty codes."""
    assert len(DEFECTS) >= 60
    assert len({defect.code for defect in DEFECTS}) >= 50


def test_every_code_of_the_family_has_its_defect() -> None:
    """A code that no return shows is not known to be told."""
    family = {code for code in all_rules() if "SC540" <= code < "SC600"}
    of_trust = {"SC568", "SC569"}
    assert family - of_trust <= {defect.code for defect in DEFECTS}


def test_nobody_accepts_another_key() -> None:
    """Whatever a person overrules, the key stays the request's, and a broken signature is never right."""
    keys = {"SC503", "SC540", "SC541", "SC542", "SC543", "SC544", "SC545"}
    never = keys | {"SC558", "SC559", "SC576", "SC580"}
    assert not never & acceptable_codes()
    errors = {each.code for each in all_rules().values() if each.severity is Severity.ERROR}
    assert acceptable_codes() <= errors
