"""What compile remembers saves work, and never hides anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitecert.cli.commands import run
from sitecert.pipeline import compile as compile_stage
from support.repository import Repository, a_repository

MEMO = ".sitecert/memo.json"


class Rendered(Exception):  # noqa: N818 - it is a sign, not a fault
    """Something was rendered."""


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Return a repository that was compiled until nothing was left to learn; rendering now raises."""
    repository = a_repository(tmp_path)
    repository.site()
    for _ in range(2):
        assert repository.run("compile").code == 0

    def refuse(*_: object) -> None:
        raise Rendered

    monkeypatch.setattr(compile_stage, "site_artifacts", refuse)
    return repository


def renders(repository: Repository, *command: str) -> bool:
    """Say whether a run rendered anything: as nothing else is wrong, only that makes it end as a fault."""
    return run(["-C", str(repository.root), *command]) == 1


def test_nothing_to_do_renders_nothing(known: Repository) -> None:
    """A run that finds all as it was plans and renders no site."""
    assert not renders(known, "compile")


@pytest.mark.parametrize("command", [("compile", "--check"), ("plan",)])
def test_what_is_asked_of_ci_is_always_recomputed(known: Repository, command: tuple[str, ...]) -> None:
    """`compile --check` and `plan` believe no memo."""
    assert renders(known, *command)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"park-nicollet": 1}', b'{"park-nicollet": ["", 7]}', b"\xff"]
)
def test_a_damaged_memo_counts_as_none(known: Repository, content: bytes) -> None:
    """Whatever stands in it, it can only cost time."""
    (known.root / MEMO).write_bytes(content)
    assert renders(known, "compile")


def test_an_edit_of_the_site_is_seen(known: Repository) -> None:
    """The site is part of what is remembered."""
    known.site(version="8.10")
    assert renders(known, "compile")


def test_an_edit_under_out_is_seen(known: Repository) -> None:
    """So is every byte that stands under out/."""
    document = known.root / "out/park-nicollet/change-control.md"
    document.write_bytes(document.read_bytes() + b"\n")
    assert renders(known, "compile")
