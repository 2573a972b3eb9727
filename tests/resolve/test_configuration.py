"""What `sitecert.yaml` says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitecert.model.configuration import Configuration
from sitecert.problems import Problem
from sitecert.resolve.configuration import resolve_configuration
from sitecert.resolve.requires import is_satisfied
from support.yaml_sites import REPOSITORY, document, show


def configure(text: str, version: str = "0.1.0") -> tuple[Configuration | None, tuple[Problem, ...]]:
    """Resolve lines of `sitecert.yaml` after its first two."""
    return resolve_configuration(document(REPOSITORY + text, "repository", "sitecert.yaml"), version)


def test_a_whole_configuration() -> None:
    """Everything is handed on with its place."""
    configuration, problems = configure(
        'requires: ">=0.1"\ndefaults: {issuer: internal}\npolicy: {severity: {SC204: note, SC208: error}}\n'
    )
    assert problems == ()
    assert configuration is not None
    assert configuration.requires is not None
    assert configuration.requires.text == ">=0.1"
    assert [scalar.text for scalar in configuration.recipients] == ["age1example"]
    assert [scalar.text for scalar in configuration.trust] == ["internal-root.pem"]
    assert configuration.defaults is not None
    assert configuration.defaults.entries[0].key.place.line == 4
    assert configuration.policy.severities == {"SC204": "note", "SC208": "error"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "policy: {severity: {SC240: note}}",
            '3:21 error SC353 policy.severity: there is no code "SC240"; did you mean SC204?',
        ),
        (
            "policy: {severity: {SC301: warning}}",
            "3:21 error SC354 policy.severity: SC301 (a required value is missing) is always at least error",
        ),
        (
            "policy: {domains: [{customer: A, allowed: ['https://a.org']}]}",
            '3:44 error SC201 policy.domains.allowed: "https://a.org" is a URL; write the host name alone',
        ),
        (
            "policy: {freezes: [{name: f, window: 2026-12-18T00:00Z/P0D}]}",
            (
                '3:38 error SC313 policy.freezes.window: "2026-12-18T00:00Z/P0D" is no span of time: '
                "its end does not follow its start"
            ),
        ),
        (
            "policy: {validity: {public: [{from: 2027-02-30, days: 45}]}}",
            '3:37 error SC314 policy.validity.public.from: "2027-02-30" is not in the calendar',
        ),
        ('requires: ">=9"', '3:11 error SC352 requires: ">=9" excludes this sitecert, 0.1.0'),
        ("requires: new", '3:11 error SC351 requires: "new" cannot be read'),
    ],
)
def test_problems(text: str, expected: str) -> None:
    """Each problem has its code, its place and its sentence, and stops every site."""
    _, problems = configure(text)
    assert [show(problem) for problem in problems] == [expected]
    assert problems[0].site is None


def test_another_version_reads_no_further() -> None:
    """Where `requires` asks for another version, the rest is not judged."""
    configuration, problems = configure('requires: ">=9"\npolicy: {severity: {SC201: note}}\n')
    assert configuration is None
    assert [problem.code for problem in problems] == ["SC352"]


def test_what_may_not_be_softened_may_be_repeated() -> None:
    """The severity that a rule has already, or a stricter one, is no softening."""
    configuration, problems = configure("policy: {severity: {SC201: error, SC217: error}}\n")
    assert problems == ()
    assert configuration is not None
    assert configuration.policy.severities == {"SC201": "error", "SC217": "error"}


@pytest.mark.parametrize(
    ("requires", "version", "satisfied"),
    [
        (">=0.1", "0.1.0", True),
        (">=0.1", "0.0.9", False),
        (">=0.1, <2", "1.9.9", True),
        (">=0.1,<2", "2.0.0", False),
        (">0.1", "0.1.0", False),
        ("<=1.2.3", "1.2.3", True),
        ("==1.2", "1.2.0", True),
        ("!=1.2", "1.2.0", False),
        (">=1.9", "1.10.0", True),
        (">=0.2", "0.2.0.dev1", True),
        ("", "0.1.0", None),
        ("0.1", "0.1.0", None),
        (">=0.1,", "0.1.0", None),
        ("~=0.1", "0.1.0", None),
        (">=0.1.*", "0.1.0", None),
    ],
)
def test_requires(requires: str, version: str, satisfied: object) -> None:
    """Clauses are all satisfied, or not, or cannot be read."""
    assert is_satisfied(requires, version) is satisfied


@given(st.text(max_size=40))
def test_any_requires_can_be_judged(requires: str) -> None:
    """Junk cannot be read; it does not raise."""
    assert is_satisfied(requires, "0.1.0") in (True, False, None)
