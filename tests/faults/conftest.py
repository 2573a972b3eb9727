"""A server to fault, real servers to judge it, and the sums of all sweeps."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from faults.judge import Court
from faults.real import RealServers
from faults.scenes import ends_of
from faults.server import QuickServer
from faults.tally import Tally
from sitecert.model.generation import Generation
from sitecert.pki.certificates import issued_certificate
from support.authority import Authority, rsa_key
from support.runbooks import NAMES, a_generation
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
    with tempfile.TemporaryDirectory(prefix="f", dir="/dev/shm") as folder:
        yield Path(folder)


@pytest.fixture
def quick(scratch: Path) -> Iterator[QuickServer]:
    """Return a server that serves generation 1, and the pack of generation 2; they share no file."""
    with QuickServer(scratch / "s") as server:
        server.bring(a_site(), a_generation(2))
        server.put_in_service(older_generation())
        yield server


@cache
def older_generation() -> Generation:
    """Return generation 1 from another authority, so that the chains differ, too."""
    authority = Authority("older")
    leaf = authority.issue(rsa_key("generation 1").public_key(), list(NAMES))
    return Generation(1, certificate=issued_certificate(leaf, [authority.intermediate]))


@pytest.fixture
def court(quick: QuickServer, real: RealServers) -> Court:
    """Return the judge of the server."""
    return Court(quick, ends_of(quick), real)


@pytest.fixture
def kill_tally(request: pytest.FixtureRequest) -> Tally:
    """Return the counter of kill points."""
    return Tally(request.node, "kill points")
