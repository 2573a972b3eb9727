"""What a repository's own policy asks for, each in the words that a user sees."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from sitecert.model.certificate import IssuedCertificate
from sitecert.model.configuration import Policy
from sitecert.model.document import Place
from sitecert.pki.certificates import issued_certificate
from sitecert.policy.certificates import check_certificate
from sitecert.policy.site import check_site, judge_site
from sitecert.problems import Severity
from support.authority import Authority, rsa_key
from support.sites import a_site
from support.yaml_sites import configure, judge, read_cases, resolved, show, suffixes

AT = date(2026, 11, 23)
CASES = read_cases(Path(__file__).with_name("repository.txt"))
PLACE = Place("out/park-nicollet/generation-1/leaf.crt", 1, 1)
OTHER = 'SC346 was issued by "CN=test issuing example CA"'
NINETY = "validity: {public: 90}"
SHORTER = "validity: {public: [{from: 2027-03-15, days: 45}, {from: 2026-03-15, days: 180}]}"


def under_policy(lines: str) -> str:
    """Return lines that stand under `policy`."""
    return "policy:\n" + "".join(f"  {line}\n" for line in lines.splitlines())


@pytest.mark.parametrize(("lines", "expected"), CASES)
def test_each_demand_says_where_and_what(lines: str, expected: list[str]) -> None:
    """A demand of the policy has its place in the site, its severity, its code and its sentence."""
    policy, site = lines.split("\n--", 1)
    problems = judge(site.strip("\n"), under_policy(policy), AT)
    assert [show(problem) for problem in problems if problem.severity is not Severity.NOTE] == expected


def test_freezes_and_ends_do_not_reach_compile() -> None:
    """Without a day nothing that depends on one is found, so nothing stops a compile."""
    freeze = under_policy("freezes: [{name: f, window: 2026-12-18T00:00-06:00/P20D}]")
    site = (
        "change: {window: 2026-12-20T00:00-06:00/PT2H}\nwaive: [{code: SC338, reason: r, until: 2020-01-01}]"
    )
    assert judge(site, freeze) == ()
    assert [problem.code for problem in judge(site, freeze, AT)] == ["SC338", "SC344"]


def test_one_site_is_judged_by_two_policies() -> None:
    """A pull request that allows itself something is still judged by the policy that it came from."""
    site = resolved("alt_names: [spokwb]\nissuer: self-signed")
    base = configure(under_policy("issuers: [public, internal]")).policy
    head = configure(under_policy("issuers: [public, internal, self-signed]")).policy
    assert [each.code for each in check_site(site, base, suffixes(), has_anchor=True)] == ["SC334"]
    assert judge_site(site, head, suffixes(), has_anchor=True, at=AT) == ()


def test_the_last_entry_that_names_a_site_owns_it() -> None:
    """As in a CODEOWNERS file."""
    entries = "[{sites: ['*'], owners: ['@a']}, {sites: ['west/*', park-nicollet], owners: ['@b', c@d.org]}]"
    policy = configure(under_policy(f"owners: {entries}")).policy
    assert policy.owners_of("park-nicollet") == ("@b", "c@d.org")
    assert policy.owners_of("west/regions") == ("@b", "c@d.org")
    assert policy.owners_of("regions") == ("@a",)
    assert Policy().owners_of("regions") == ()


def certified(days: int, issued: str) -> IssuedCertificate:
    """Return a certificate of the test's authority, valid for just so many days."""
    authority = Authority()
    not_before = datetime.fromisoformat(issued).replace(tzinfo=UTC)
    leaf = authority.issue(rsa_key().public_key(), ["a.example.org"], not_before=not_before, days=days)
    return issued_certificate(leaf, [authority.intermediate])


@pytest.mark.parametrize(
    ("policy", "days", "issued", "expected"),
    [
        (NINETY, 90, "2026-12-01", []),
        (NINETY, 91, "2026-12-01", ["SC347 is valid for 91 days; policy.validity.public allows 90"]),
        ("validity: {internal: 90}", 91, "2026-12-01", []),
        (SHORTER, 60, "2027-03-14", []),
        (SHORTER, 60, "2027-03-15", ["SC347 is valid for 60 days; policy.validity.public allows 45"]),
        (SHORTER, 181, "2027-03-14", ["SC347 is valid for 181 days; policy.validity.public allows 180"]),
        (SHORTER, 400, "2026-03-14", []),
        ("authorities: {public: [test issuing example CA, Another]}", 60, "2026-12-01", []),
        ("authorities: {internal: [Another]}", 60, "2026-12-01", []),
        (
            "authorities: {public: [DigiCert, S]}",
            60,
            "2026-12-01",
            [f"{OTHER}; policy.authorities.public allows DigiCert, S"],
        ),
        (
            "key: {minimum_bits: 4096}",
            60,
            "2026-12-01",
            ["SC335 has a key of 2048 bits; policy.key.minimum_bits is 4096"],
        ),
    ],
)
def test_certificates(policy: str, days: int, issued: str, expected: list[str]) -> None:
    """A certificate is held against the policy by its own dates, its issuer and its key."""
    rules = configure(under_policy(policy)).policy
    found = check_certificate(a_site(), certified(days, issued), rules, PLACE)
    assert [show(problem) for problem in found] == [f"1:1 error {each}" for each in expected]
    assert {(problem.place, problem.site) for problem in found} <= {(PLACE, "park-nicollet")}
