"""A server to run install.sh on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.runbooks import a_generation
from support.sites import a_site
from support.stub_server import StubServer


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[StubServer]:
    """Return a server without a certificate, and the pack of generation 2."""
    server = StubServer(tmp_path / "server")
    server.bring(a_site(), a_generation(2))
    yield server
    server.stop()


@pytest.fixture
def server(bare: StubServer) -> StubServer:
    """Return a server that serves generation 1, and the pack of generation 2."""
    bare.put_in_service(a_generation(1))
    return bare
