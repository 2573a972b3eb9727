"""The table of Smart Suite versions."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitecert.model.suite import ServiceManager, SuiteTraits
from sitecert.suite import SPANS, Undecided, traits_of

OLD = SuiteTraits(ServiceManager.SYSV, ords=False)
MIDDLE = SuiteTraits(ServiceManager.SYSTEMD, ords=False)
NEW = SuiteTraits(ServiceManager.SYSTEMD, ords=True)


@pytest.mark.parametrize(
    ("version", "traits"),
    [
        ("5.x", OLD),
        ("5.0", OLD),
        ("5.2", OLD),
        ("5.10-3", OLD),
        ("7.x", MIDDLE),
        ("7.1", MIDDLE),
        ("8.0", MIDDLE),
        ("8.0-0", MIDDLE),
        ("8.0-1", MIDDLE),
        ("8.1", NEW),
        ("8.1-1", NEW),
        ("8.2", NEW),
        ("8.10", NEW),
    ],
)
def test_the_article_decides(version: str, traits: SuiteTraits) -> None:
    """Each version that kb39324 covers behaves as it says."""
    assert traits_of(version) == traits


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ("8.x", "spans the change at 8.1"),
        ("8.0-2", "lies between"),
        ("8.0-10", "lies between"),
        ("6.x", "not mentioned"),
        ("6.4", "not mentioned"),
        ("4.9", "older than 5.x"),
        ("0.1", "older than 5.x"),
        ("9.x", "newer than 8.x"),
        ("10.0", "newer than 8.x"),
        ("8", "not written as versions are"),
        ("8.", "not written as versions are"),
        ("8.1.2", "not written as versions are"),
        ("v8.1", "not written as versions are"),
        (" 8.1", "not written as versions are"),
        ("8.1\n", "not written as versions are"),
        ("8.¹", "not written as versions are"),
        ("", "not written as versions are"),
        ("9" * 5000, "not written as versions are"),
    ],
)
def test_what_the_article_leaves_open_is_undecided(version: str, reason: str) -> None:
    """A version that kb39324 does not decide is refused with the reason."""
    verdict = traits_of(version)
    assert isinstance(verdict, Undecided)
    assert reason in verdict.reason


def test_the_spans_follow_one_another() -> None:
    """No version lies in two spans, and none beside them."""
    for earlier, later in pairwise(SPANS):
        assert earlier.last < later.first
    assert SPANS[0].first == (0, 0, 0)


@given(st.text(max_size=30))
def test_any_text_has_a_verdict(version: str) -> None:
    """Junk is undecided, never an exception."""
    assert isinstance(traits_of(version), (SuiteTraits, Undecided))


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_every_version_above_8_1_has_ords(minor: int, patch: int, more: int) -> None:
    """Numbers compare as numbers, not as text."""
    version = f"8.{minor + more}-{patch}"
    if minor + more > 0:
        assert traits_of(version) == NEW
