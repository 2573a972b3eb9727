"""Servers behind a load balancer, one after the other, by the lines of the load balancer's sheet."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from sitecert.model.runbook import Turn
from sitecert.model.site import InstallOn, Vendor
from sitecert.runbook.load_balancer import load_balancer_runbook
from smartsuite import Newcomer, Pair, asking
from smartsuite.network import any_certificate, fingerprint
from smartsuite.pair import ADDRESSES, BALANCER
from support.runbooks import NAMES, a_generation

pytestmark = [pytest.mark.machine, pytest.mark.system("haproxy", "nginx", "socat", "ss", "pgrep")]
OLD, NEW = a_generation(1), a_generation(2)
assert OLD.certificate
assert NEW.certificate
SHOWS_OLD, SHOWS_NEW = OLD.certificate.leaf.fingerprint, NEW.certificate.leaf.fingerprint
FILLED_IN = {"ORDS_BACKEND": "ords", "BACKEND": "https"}
"""What the stand-in's configuration calls them."""
ENOUGH = 1000
"""Looks at connections that end, after which they do not."""


@pytest.fixture(params=[(Vendor.HAPROXY, "8.1"), (Vendor.NGINX, "8.0-1")], ids=lambda each: each[0])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    """Return a pair that serves generation 1, behind a load balancer that hands TLS on."""
    vendor, version = request.param
    with Pair(tmp_path, version, vendor) as pair:
        pair.put_in_service(OLD)
        yield pair


def turns(pair: Pair) -> Sequence[Turn]:
    """Return the turns as the sheet shows them."""
    return load_balancer_runbook(replace(pair.site, install_on=InstallOn.BOTH), NEW).turns


def follow(pair: Pair, lines: Sequence[str]) -> str:
    """Do on the load balancer what lines say, as a person would; return what they print.

    A comment is how a line of the configuration is to be.
    """
    said = ""
    for line in lines:
        if wanted := re.fullmatch(r"# (server ([^ ;]+).*)", line):
            path = pair.balancer.configuration
            text, found = re.subn(rf"server {re.escape(wanted[2])}\b.*", wanted[1], path.read_text())
            assert found == 1, line
            path.write_text(text)
            continue
        for name, own in FILLED_IN.items():
            line = re.sub(rf"\b{name}\b", own, line)  # noqa: PLW2901  the line, filled in
        ran = pair.balancer.run("sh", "-c", line)
        assert ran.returncode == 0, f"{line}: {ran.stdout}{ran.stderr}"
        said += ran.stdout
    return said


def drain(pair: Pair, turn: Turn) -> None:
    """Do what the sheet says, up to where it says to wait; nginx has its old workers for a moment."""
    if pair.balancer.vendor is Vendor.HAPROXY:
        follow(pair, turn.drain)
        return
    *lines, workers, reload, again, _ = turn.drain
    follow(pair, lines)
    before = set(follow(pair, [workers]).split())
    follow(pair, [reload])
    assert before
    assert any(before.isdisjoint(follow(pair, [again]).split()) for _ in range(ENOUGH))


def connections(pair: Pair, turn: Turn) -> int:
    """Return how many connections with a drained server the sheet's last lines show."""
    if pair.balancer.vendor is Vendor.NGINX:
        return len(follow(pair, turn.drain[-1:]).splitlines())
    shown = follow(pair, [line for line in turn.drain if "show stat" in line])
    lines = [line.split(",") for line in shown.splitlines() if f",{turn.server}," in line]
    assert len(lines) == len(pair.servers[0].services)
    assert {line[3] for line in lines} == {"DRAIN"}
    return sum(int(line[2]) for line in lines)


def seen(pair: Pair, port: int = 443) -> set[str | None]:
    """Return what the load balancer shows to new clients in a few turns."""
    return {pair.served(port) for _ in range(6)}


def stand(pair: Pair, wanted: str) -> ssl.SSLSocket:
    """Return a connection through the load balancer to the server that shows what is wanted."""
    while True:
        plain = pair.client.connect(ADDRESSES[BALANCER], 443)
        secure = any_certificate().wrap_socket(plain, server_hostname=NAMES[0])
        if fingerprint(secure) == wanted:
            return secure
        secure.close()


def test_a_drained_server_gets_no_new_connection(pair: Pair) -> None:
    """The other serves; a connection that stood goes on, and is counted; enabled, both serve again."""
    first, _ = pair.servers
    turn, _ = turns(pair)
    first.put_in_service(NEW)
    assert seen(pair) == {SHOWS_OLD, SHOWS_NEW}
    standing = stand(pair, SHOWS_NEW)
    drain(pair, turn)
    for service in first.services:
        assert seen(pair, service.port) == {SHOWS_OLD}
    assert connections(pair, turn) == 1
    with standing:
        standing.sendall(f"GET /page HTTP/1.1\r\nHost: {NAMES[0]}\r\n\r\n".encode())
        assert standing.recv(1024).startswith(b"HTTP/1.1 200 OK")
    assert any(connections(pair, turn) == 0 for _ in range(ENOUGH))
    follow(pair, turn.enable)
    for service in first.services:
        assert any(pair.served(service.port) == SHOWS_NEW for _ in range(ENOUGH))


def test_a_whole_change(pair: Pair) -> None:
    """Drain, install, enable, one server after the other: no client is refused or broken off."""
    services = pair.servers[0].services
    newcomers = [Newcomer(pair.client, ADDRESSES[BALANCER], service.port) for service in services]
    with asking(*newcomers):
        for server, turn in zip(pair.servers, turns(pair), strict=True):
            assert turn.server == server.name
            server.bring(pair.site, NEW)
            drain(pair, turn)
            assert any(connections(pair, turn) == 0 for _ in range(ENOUGH))
            for verb in ("check", "apply"):
                ran = server.install(verb)
                assert ran.returncode == 0, ran.stdout + ran.stderr
            follow(pair, turn.enable)
    for newcomer in newcomers:
        assert newcomer.failures == []
        assert set(newcomer.shown) == {SHOWS_OLD, SHOWS_NEW}
    assert [seen(pair, service.port) for service in services] == [{SHOWS_NEW}] * len(services)


def test_a_reload_forgets_a_drain(tmp_path: Path) -> None:
    """HAProxy has it in memory alone, as the sheet warns."""
    with Pair(tmp_path, "8.0-1", Vendor.HAPROXY) as pair:
        pair.put_in_service(OLD)
        pair.servers[0].put_in_service(NEW)
        turn, _ = turns(pair)
        drain(pair, turn)
        assert seen(pair) == {SHOWS_OLD}
        assert pair.balancer.run("systemctl", "reload", "haproxy.service").returncode == 0
        assert any(pair.served() == SHOWS_NEW for _ in range(ENOUGH))
