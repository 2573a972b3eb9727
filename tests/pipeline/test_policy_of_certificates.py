"""What a repository's policy asks of the certificates that are taken in."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.repository import Repository, a_repository

POLICY = "policy: {authorities: {internal: [%s]}, validity: {internal: %s}}\n"
LEAF = "out/park-nicollet/generation-1/leaf.crt"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Return a site whose request is out."""
    repository = a_repository(tmp_path / "certs")
    assert repository.run("compile").code == 0
    return repository


def test_a_certificate_of_another_ca_is_not_filed(repository: Repository) -> None:
    """Nor one that lives too long; both are said, at the file that it would be."""
    repository.configure(POLICY % ("Another CA", 397))
    before = repository.tree()
    done = repository.certify()
    assert done.code == 1
    assert [(each["code"], each["path"]) for each in done.problems if each["severity"] == "error"] == [
        ("SC346", LEAF),
        ("SC347", LEAF),
    ]
    assert repository.tree() == before


def test_it_is_filed_where_the_site_is_excused(repository: Repository) -> None:
    """The waiver's note says why, and the waiver is not called idle for what only a certificate shows."""
    repository.configure(POLICY % ("Another CA", 3650))
    repository.site(waive="[{code: SC346, reason: the old CA is used up, until: 2027-01-31}]")
    done = repository.certify()
    assert done.code == 0
    [note] = [each for each in done.problems if each["code"] == "SC346"]
    assert note["severity"] == "note"
    assert note["message"].endswith("(waived until 2027-01-31: the old CA is used up)")
    assert (repository.root / LEAF).exists()
    assert repository.run("validate", "--at", "2026-06-01").problems == []


def test_a_policy_touches_nothing_that_is_filed(repository: Repository) -> None:
    """What is in service stays compiled; a certificate is judged when it comes, and in review."""
    assert repository.certify().code == 0
    repository.configure(POLICY % ("Another CA", 30))
    done = repository.run("compile", "--check")
    assert (done.code, done.changes, done.codes) == (0, [], set())
