"""install.sh on machines with the real services: each version that kb39324 tells apart, three userlands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smartsuite import Machine, UnobtainableError, userland
from support.runbooks import a_generation
from support.sites import a_site_on

pytestmark = pytest.mark.machine
OLD, NEW = a_generation(1), a_generation(2)
OPENSSL = {"bullseye": "OpenSSL 1.1.1", "trixie": "OpenSSL 3.5"}
CASES = [
    *((version, None) for version in ("5.x", "7.x", "8.0-1", "8.1", "8.10")),
    *((version, release) for release in OPENSSL for version in ("5.x", "8.1")),
]


@pytest.fixture(params=CASES, ids=lambda case: "-".join(filter(None, case)))
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    """Return a machine that serves generation 1 and has the pack of generation 2."""
    version, release = request.param
    try:
        tree = userland(release) if release else None
    except UnobtainableError as error:
        pytest.skip(str(error))
    with Machine(tmp_path, version, userland=tree) as machine:
        if release:
            assert OPENSSL[release] in machine.run("openssl", "version").stdout
        machine.put_in_service(OLD)
        machine.bring(a_site_on(version), NEW)
        yield machine


def test_there_and_back_and_there_again(machine: Machine) -> None:
    """Each verb does what it says, proved each time by a handshake from outside; owners and modes stay."""
    before = machine.live()
    for verb, serves in (
        ("check", OLD),
        ("apply", NEW),
        ("verify", NEW),
        ("rollback", OLD),
        ("apply", NEW),
    ):
        ran = machine.install(verb)
        assert ran.returncode == 0, f"{verb}: {ran.stdout}{ran.stderr}"
        assert machine.both_serve(serves), verb
        after = machine.live()
        assert {name: file[1:] for name, file in after.items()} == {
            name: file[1:] for name, file in before.items()
        }
        assert (after == before) == (serves is OLD)
