"""What a reviewer is shown is read from the bytes that will be used, not from what somebody says of them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from support.commands import RECIPIENT, sitecert
from support.repository import Repository, a_repository, a_site_file

FOLDER = "out/park-nicollet/generation-1"
PAIR = ("server.csr", "server.key.age", "manifest.json")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Return a compiled repository."""
    made = a_repository(tmp_path / "ours")
    assert made.run("compile").code == 0
    return made


def another(tmp_path: Path, **changes: str) -> Repository:
    """Return the repository of somebody who compiled the same site, or nearly the same, with another key."""
    made = a_repository(tmp_path / "theirs", park_nicollet=a_site_file(**changes))
    assert made.run("compile").code == 0
    return made


def swap(repository: Repository, other: Repository) -> None:
    """Put the other's key, request and record in the place of ours; the record agrees with them."""
    for name in PAIR:
        shutil.copy(other.root / FOLDER / name, repository.root / FOLDER / name)


def test_a_pair_that_was_swapped_shows_in_words(repository: Repository, tmp_path: Path) -> None:
    """Another key for the same names is as good as ours to a compiler: its fingerprint stands in the text."""
    other = another(tmp_path)
    swap(repository, other)
    check = repository.run("compile", "--check")
    assert check.code == 2
    assert f"{FOLDER}/server.csr.txt" in check.named
    assert repository.run("compile").code == 0
    text = repository.read(f"{FOLDER}/server.csr.txt")
    assert text == other.read(f"{FOLDER}/server.csr.txt")


def test_a_request_for_other_names_is_not_taken(repository: Repository, tmp_path: Path) -> None:
    """A valid request that asks for more than the site does is replaced, and the plan says why."""
    swap(repository, another(tmp_path, alt_names="[evil.example.org]"))
    check = repository.run("compile", "--check")
    assert check.code == 2
    assert check.why(f"{FOLDER}/server.csr")[1] == "alt_names changed"
    assert repository.run("compile").code == 0
    assert b"evil" not in repository.read(f"{FOLDER}/server.csr.txt")


def test_what_decides_is_shown_in_a_diff(tmp_path: Path) -> None:
    """Nothing under out/ that a reviewer must read is folded away: git itself says so."""
    root = tmp_path / "certs"
    assert sitecert("init", root, "--recipient", RECIPIENT).code == 0
    subprocess.run(["git", "init", "-q", root], check=True)
    names = ["server.csr", "server.csr.txt", "leaf.crt", "server.crt.txt", "openssl.cnf", "manifest.json"]
    paths = [f"out/a/generation-1/{name}" for name in names]
    paths += ["out/a/change-control.md", "out/a/runbooks/b/install.sh", "sitecert.yaml", ".gitlab-ci.yml"]
    command = ["git", "-C", root, "check-attr", "linguist-generated", "diff", "--", *paths]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert len(said) == 2 * len(paths)
    assert [line for line in said if not line.endswith(": unspecified")] == []
