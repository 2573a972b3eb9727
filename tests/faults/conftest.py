"""A server to fault, real servers to judge it, and the sums of all sweeps."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.judge import Court
from faults.real import RealServers
from faults.scenes import ends_of
from faults.server import QuickServer
from faults.tally import Tally
from support.runbooks import a_generation
from support.sites import a_site


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServers]:
    """Return the real servers, booted when they are first asked."""
    servers = RealServers(tmp_path_factory.mktemp("real"))
    yield servers
    servers.close()


@pytest.fixture
def scratch() -> Iterator[Path]:
    """Return a folder in memory, with a short name: a backup holds the whole path of what it backs up."""
    with tempfile.TemporaryDirectory(prefix="f", dir="/dev/shm") as folder:  # noqa: S108  what it is for
        yield Path(folder)


@pytest.fixture
def quick(scratch: Path) -> Iterator[QuickServer]:
    """Return a server that serves generation 1, and the pack of generation 2."""
    with QuickServer(scratch / "s") as server:
        server.bring(a_site(), a_generation(2))
        server.put_in_service(a_generation(1))
        yield server


@pytest.fixture
def court(quick: QuickServer, real: RealServers) -> Court:
    """Return the judge of the server."""
    return Court(quick, ends_of(quick), real)


@pytest.fixture
def kill_tally(request: pytest.FixtureRequest) -> Tally:
    """Return the counter of kill points."""
    return Tally(request.node, "kill points")
