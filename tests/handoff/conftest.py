"""A site with its certificate, ready to be handed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.packs import Bench, a_bench


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Return a bench that no test may spoil."""
    return a_bench(tmp_path_factory.mktemp("compiled"))


@pytest.fixture
def bench(compiled: Bench, tmp_path: Path) -> Bench:
    """Return the compiled site, with a folder of the test's own for what is handed over."""
    return Bench(compiled.repository, tmp_path)
