"""load-balancer.sh on real load balancers: what its clients are shown, whatever happens."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sitecert.model.generation import Generation
from sitecert.model.site import Vendor
from sitecert.pki.certificates import issued_certificate
from smartsuite import Newcomer, Pair, Reader, Regular, Reload, asking
from smartsuite.pair import ADDRESSES, BALANCER
from support.authority import rsa_key
from support.runbooks import NAMES, a_generation, authority

pytestmark = [pytest.mark.machine, pytest.mark.system("haproxy", "nginx")]
OLD, NEW = a_generation(1), a_generation(2)
assert OLD.certificate
assert NEW.certificate
SHOWS_OLD, SHOWS_NEW = OLD.certificate.leaf.fingerprint, NEW.certificate.leaf.fingerprint
UNIT = {Vendor.HAPROXY: "haproxy.service", Vendor.NGINX: "nginx.service"}


@pytest.fixture(params=UNIT)
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    """Return a pair whose load balancer ends TLS and has no certificate yet, but the pack of generation 2."""
    with Pair(tmp_path, "8.0-1", request.param, terminates=True) as pair:
        pair.balancer.bring(pair.site, NEW)
        yield pair


@pytest.fixture
def pair(bare: Pair) -> Pair:
    """Return the pair; its load balancer serves generation 1."""
    bare.balancer.put_in_service(OLD)
    return bare


def done(pair: Pair, *verbs: str, answer: int = 0) -> str:
    """Run load-balancer.sh once for each verb, with one exit code; return what it said."""
    said = ""
    for verb in verbs:
        ran = pair.balancer.install(verb)
        said += ran.stdout + ran.stderr
        assert ran.returncode == answer, f"{verb}: {said}"
    return said


def settles(pair: Pair, shown: str | None) -> bool:
    """Say whether the client is shown this; an old worker of nginx may take a last connection."""
    return any(pair.served() == shown for _ in range(100))


def there_and_back(pair: Pair, state: str) -> None:
    """Install over a state that `check` names, roll back, install again; the client sees each."""
    files, shown = pair.balancer.live(), pair.served()
    assert f"The load balancer, port 443: {state}\n" in done(pair, "check")
    assert (pair.served(), pair.balancer.live()) == (shown, files)
    done(pair, "apply", "verify")
    assert settles(pair, SHOWS_NEW)
    done(pair, "rollback")
    assert settles(pair, shown)
    assert pair.balancer.live() == files
    done(pair, "verify", answer=1)
    done(pair, "apply", "verify")
    assert settles(pair, SHOWS_NEW)
    pair.balancer.reboot()
    assert pair.served() == SHOWS_NEW


def test_over_an_expired_certificate(bare: Pair) -> None:
    """Its clients have been complaining for a day; rolling back shows them the expired one again."""
    leaf = authority().issue(
        rsa_key("generation 1").public_key(),
        list(NAMES),
        not_before=datetime(2025, 1, 1, tzinfo=UTC),
        days=90,
    )
    expired = Generation(1, certificate=issued_certificate(leaf, [authority().intermediate]))
    bare.balancer.put_in_service(expired)
    there_and_back(bare, "expired")


def test_a_first_installation(bare: Pair) -> None:
    """The load balancer is down for want of a certificate: it is started, and after a rollback down again."""
    there_and_back(bare, "none")
    assert bare.balancer.run("systemctl", "is-active", UNIT[bare.balancer.vendor]).stdout == "active\n"


def test_one_that_is_down(pair: Pair) -> None:
    """Somebody spoilt its key, and stopped it: installing mends it, rolling back breaks it again."""
    pair.balancer.key.write_bytes(b"no key at all\n")
    pair.balancer.run("systemctl", "stop", UNIT[pair.balancer.vendor])
    assert pair.served() is None
    there_and_back(pair, "down")


def stays_as_it_was(pair: Pair) -> str:
    """Run an apply that fails, under the eyes of a client who sees the old certificate alone."""
    files = pair.balancer.live()
    newcomer = Newcomer(pair.client, ADDRESSES[BALANCER])
    with asking(newcomer):
        said = done(pair, "apply", answer=1)
    assert newcomer.failures == []
    assert pair.balancer.live() == files
    assert pair.served() == SHOWS_OLD
    assert set(newcomer.shown) == {SHOWS_OLD}
    return said


def test_a_wrong_key(pair: Pair) -> None:
    """It is found before anything is touched."""
    pair.balancer.bring(pair.site, NEW, key=rsa_key("another"))
    assert "not as it must be; nothing was changed" in stays_as_it_was(pair)


def test_a_configuration_that_does_not_check(pair: Pair) -> None:
    """Somebody else's mistake waits in the configuration: a reload would bring it to light. There is none."""
    with pair.balancer.configuration.open("a") as file:
        file.write("mistake;\n")
    said = stays_as_it_was(pair)
    assert "was not restarted and serves what it served before" in said
    assert "mistake" in said


def test_a_reload_that_fails(pair: Pair) -> None:
    """The files are taken back; what runs goes on with what it had."""
    pair.balancer.at_reload(Reload.FAILS)
    assert f"serves the certificate from before again ({SHOWS_OLD})" in stays_as_it_was(pair)


def test_a_reload_that_does_nothing(pair: Pair) -> None:
    """No command fails: only a handshake shows that the old certificate is served."""
    pair.balancer.at_reload(Reload.DOES_NOTHING)
    script = pair.balancer.root / "root/pack/load-balancer.sh"
    script.write_text(script.read_text().replace("PROVE_SECONDS=60", "PROVE_SECONDS=1"))
    assert f"served '{SHOWS_OLD}', wanted '{SHOWS_NEW}'" in stays_as_it_was(pair)


@pytest.mark.parametrize(
    ("fault", "verb"), [(Reload.HELD, "apply"), (Reload.HELD_WHEN_DONE, "rollback")], ids=["before", "after"]
)
def test_killed_in_the_reload(pair: Pair, fault: Reload, verb: str) -> None:
    """Before it or after it: one certificate is served all the time, and either way is open afterwards."""
    files = pair.balancer.live()
    pair.balancer.at_reload(fault)
    newcomer = Newcomer(pair.client, ADDRESSES[BALANCER])
    with asking(newcomer):
        script = ("sh", "/root/pack/load-balancer.sh", "apply", "--passphrase-file", "/root/passphrase")
        process = pair.balancer.popen(*script, stdout=subprocess.DEVNULL)
        with pair.balancer.gate.open("w") as gate:
            pair.balancer.signal(process, signal.SIGKILL)
            process.wait()
            gate.write("go on\n")
        pair.balancer.mend()
        done(pair, verb)
    assert newcomer.failures == []
    assert settles(pair, SHOWS_NEW if verb == "apply" else SHOWS_OLD)
    assert (pair.balancer.live() == files) == (verb == "rollback")
    assert set(newcomer.shown) == {SHOWS_OLD, SHOWS_NEW}


def test_nobody_notices(pair: Pair) -> None:
    """While it is applied and taken back no connection is refused, and no answer is broken off.

    New connections, requests on a connection that is kept, and an answer that lasts longer than all of it.
    """
    for server in pair.servers:
        server.put_in_service(OLD)
    clients = [kind(pair.client, ADDRESSES[BALANCER]) for kind in (Newcomer, Regular, Reader)]
    newcomer, regular, reader = clients
    with asking(*clients):
        done(pair, "apply", "rollback")
    assert [client.failures for client in clients] == [[], [], []]
    assert set(newcomer.shown) == {SHOWS_OLD, SHOWS_NEW}
    assert min(newcomer.shown.values()) > 10
    assert regular.answered > 100
    assert reader.is_whole


@pytest.mark.parametrize("name", ["NEW", "OLD"])
def test_half_a_file_beside_the_live_one_is_not_read(pair: Pair, name: str) -> None:
    """A kill left it there, and then the power failed: the load balancer starts, and serves the old one."""
    script = (pair.balancer.root / "root/pack/load-balancer.sh").read_text()
    (suffix,) = re.findall(rf"(?m)^{name}=(\S+)$", script)
    key = pair.balancer.key
    key.with_name(key.name + suffix).write_bytes(key.read_bytes()[:300])
    pair.balancer.reboot()
    assert pair.served() == SHOWS_OLD
    done(pair, "apply")
    assert settles(pair, SHOWS_NEW)
    assert not key.with_name(key.name + suffix).exists()
