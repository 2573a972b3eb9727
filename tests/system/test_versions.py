"""install.sh on machines with the real services, once for each version that kb39324 tells apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sitecert.model.site import Site
from sitecert.model.suite import SuiteTraits
from sitecert.suite import traits_of
from smartsuite import Machine
from support.runbooks import a_generation
from support.sites import a_server, a_site

pytestmark = pytest.mark.machine
OLD, NEW = a_generation(1), a_generation(2)
VERSIONS = ("5.x", "7.x", "8.0-1", "8.1", "8.10")


def site_of(version: str) -> Site:
    """Return the article's site on a version."""
    suite = traits_of(version)
    assert isinstance(suite, SuiteTraits)
    return a_site(version=version, suite=suite, servers=(a_server(ords=suite.ords),))


@pytest.fixture(params=VERSIONS)
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    """Return a machine that serves generation 1, and has the pack of generation 2."""
    version: str = request.param
    with Machine(tmp_path, version) as machine:
        machine.put_in_service(OLD)
        machine.bring(site_of(version), NEW)
        yield machine


def test_there_and_back_and_there_again(machine: Machine) -> None:
    """Each verb does what it says, proved each time by a handshake from outside; owners and modes stay."""
    before = machine.live()
    for verb, served in (
        ("check", OLD),
        ("apply", NEW),
        ("verify", NEW),
        ("rollback", OLD),
        ("apply", NEW),
    ):
        ran = machine.install(verb)
        assert ran.returncode == 0, f"{verb}: {ran.stdout}{ran.stderr}"
        assert machine.both_serve(served), verb
        assert {name: file[1:] for name, file in machine.live().items()} == {
            name: file[1:] for name, file in before.items()
        }
        if served is OLD:
            assert machine.live() == before
