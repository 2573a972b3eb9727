"""Two servers behind a real load balancer, which hands TLS on or ends it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sitecert.model.site import Vendor
from smartsuite import Pair
from support.runbooks import a_generation

pytestmark = [pytest.mark.machine, pytest.mark.system("haproxy", "nginx")]
OLD, NEW = a_generation(1), a_generation(2)
VENDORS = (Vendor.HAPROXY, Vendor.NGINX)
assert OLD.certificate
assert NEW.certificate
SHOWS_OLD, SHOWS_NEW = OLD.certificate.leaf.fingerprint, NEW.certificate.leaf.fingerprint


@pytest.fixture(params=VENDORS)
def passing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    """Return a pair that serves generation 1, behind a load balancer that hands TLS on."""
    with Pair(tmp_path, "8.1", request.param) as pair:
        pair.put_in_service(OLD)
        yield pair


@pytest.fixture(params=VENDORS)
def terminating(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    """Return a pair that serves generation 1, behind a load balancer that does so too."""
    with Pair(tmp_path, "8.0-1", request.param, terminates=True) as pair:
        pair.put_in_service(OLD)
        yield pair


def seen_by_the_client(pair: Pair, port: int = 443) -> set[str | None]:
    """Return what the load balancer shows in a few turns: it asks one server after the other."""
    return {pair.served(port) for _ in range(4)}


def test_one_server_after_the_other(passing: Pair) -> None:
    """Until the second server is done, users see the old and the new certificate in turn."""
    first, second = passing.servers
    assert seen_by_the_client(passing) == seen_by_the_client(passing, 8443) == {SHOWS_OLD}
    first.bring(passing.site, NEW)
    second.bring(passing.site, NEW)
    applied = first.install("apply")
    assert applied.returncode == 0, applied.stdout + applied.stderr
    assert (passing.served(at=first), passing.served(at=second)) == (SHOWS_NEW, SHOWS_OLD)
    assert seen_by_the_client(passing) == seen_by_the_client(passing, 8443) == {SHOWS_OLD, SHOWS_NEW}
    assert second.install("apply").returncode == 0
    assert seen_by_the_client(passing) == seen_by_the_client(passing, 8443) == {SHOWS_NEW}
    first.stop()
    assert seen_by_the_client(passing) == {SHOWS_NEW}


def test_the_load_balancer_alone(terminating: Pair) -> None:
    """load-balancer.sh changes what users see, and back; the servers keep theirs."""
    balancer = terminating.balancer
    balancer.bring(terminating.site, NEW)
    for verb, shown in (
        ("check", SHOWS_OLD),
        ("apply", SHOWS_NEW),
        ("verify", SHOWS_NEW),
        ("rollback", SHOWS_OLD),
        ("apply", SHOWS_NEW),
    ):
        ran = balancer.install(verb)
        assert ran.returncode == 0, f"{verb}: {ran.stdout}{ran.stderr}"
        assert seen_by_the_client(terminating) == {shown}, verb
        assert {terminating.served(at=server) for server in terminating.servers} == {SHOWS_OLD}
    balancer.reboot()
    assert seen_by_the_client(terminating) == {SHOWS_NEW}


def test_the_client_has_the_names_of_the_network(passing: Pair) -> None:
    """A program that is run where the client is finds the load balancer and each server by name."""
    for name in ("smartweb.parknicollet.com", "spokwb1.parknicollet.com", "spokwb2"):
        asked = passing.run_in_client("openssl", "s_client", "-connect", f"{name}:443")
        assert "Cipher is (NONE)" not in asked.stdout
        assert "CN = smartweb.parknicollet.com" in asked.stdout, asked.stderr
