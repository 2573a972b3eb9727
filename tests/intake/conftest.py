"""A repository whose one site waits for its certificate, and the authority that issues it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from support.authority import Authority
from support.commands import INTERNAL_SITE, repository, sitecert


@pytest.fixture(scope="session")
def authority() -> Authority:
    """Return one authority for all tests."""
    return Authority()


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository whose one site has its request."""
    root = repository(tmp_path_factory.mktemp("compiled") / "certs", park_nicollet=INTERNAL_SITE)
    assert sitecert("-C", root, "compile").code == 0
    return root


@pytest.fixture
def root(compiled: Path, tmp_path: Path) -> Path:
    """Return a copy of the compiled repository."""
    subprocess.run(["cp", "-r", compiled, tmp_path / "certs"], check=True)
    return tmp_path / "certs"
