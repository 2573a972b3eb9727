"""A server that makes its own key is brought what makes key and request, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.commands import Ran, sitecert
from support.given_requests import ONE, SITE, Desk, a_desk
from support.packs import SERVER, SERVERS, a_bench_with_the_servers_key, checksums_hold
from support.repository import a_site_file


def hand(desk: Desk, *arguments: object, target: str = SERVER) -> Ran:
    """Run `handoff` for a server."""
    command = ("-C", desk.repository.root, "handoff", SITE, "--server", target, "-o", desk.pack)
    return sitecert(*command, *arguments)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a site whose server's request is awaited."""
    return a_desk(tmp_path, key="{custody: server}")


def test_the_pack_makes_the_request(desk: Desk) -> None:
    """request.sh and openssl.cnf as they are committed, with their digests; how to run it is said."""
    ran = hand(desk)
    assert ran.code == 0, ran.err
    assert {path.name for path in desk.pack.iterdir()} == {"request.sh", "openssl.cnf", "SHA256SUMS"}
    assert checksums_hold(desk.pack)
    committed = desk.repository.read(f"out/{SITE}/runbooks/{SERVER}/request.sh")
    assert (desk.pack / "request.sh").read_bytes() == committed
    assert (desk.pack / "openssl.cnf").read_bytes() == desk.repository.read(f"{ONE}/openssl.cnf")
    assert "  sh request.sh make > server.csr" in ran.err
    assert "It holds no private key." in ran.err


def test_nothing_that_opens_a_key_belongs_to_it(desk: Desk) -> None:
    """The key is not born yet."""
    (desk.folder / "identity.txt").write_text("x")
    ran = hand(desk, "-i", desk.folder / "identity.txt")
    assert ran.code == 3
    assert "-i: the key of park-nicollet is on its server; its pack holds none" in ran.err


def test_another_target_is_refused(desk: Desk) -> None:
    """A site whose server makes the key has that server alone."""
    ran = hand(desk, target="load-balancer")
    assert ran.code == 1
    assert "error[SC703]" in ran.err


@pytest.mark.system("openssl")
def test_the_next_request_comes_before_the_certificate_in_service(tmp_path: Path) -> None:
    """While generation 2 awaits its request the server gets what makes it; afterwards what installs."""
    bench = a_bench_with_the_servers_key(tmp_path)
    desk = Desk(bench.repository, tmp_path)
    assert hand(desk).code == 0
    assert (desk.pack / "install.sh").exists()
    text = a_site_file(**SERVERS, key="{custody: server, generation: 2}")
    desk.repository.write("sites/park-nicollet.yaml", text)
    assert desk.repository.run("compile").code == 0
    second = Desk(bench.repository, tmp_path / "second")
    second.folder.mkdir()
    assert hand(second).code == 0
    assert not (second.pack / "install.sh").exists()
    assert "GENERATION=2\n" in (second.pack / "request.sh").read_text()
