"""install.sh on a server of stubs with real TLS servers: what it promises, seen from outside."""

from __future__ import annotations

import pytest

from support.authority import rsa_key
from support.runbooks import a_generation, on_version
from support.sites import a_site
from support.stub_server import StubServer, key_pem

pytestmark = pytest.mark.system("openssl")
OLD, NEW = a_generation(1), a_generation(2)


def test_apply_verify_rollback_apply(server: StubServer) -> None:
    """The whole way there, back and there again, proved by handshakes each time."""
    before = server.live()
    assert server.run("verify").returncode == 1
    applied = server.run("apply")
    assert applied.returncode == 0, applied.stdout + applied.stderr
    assert server.both_serve(NEW)
    assert server.run("verify").returncode == 0
    undone = server.run("rollback")
    assert undone.returncode == 0, undone.stdout + undone.stderr
    assert server.live() == before
    assert server.both_serve(OLD)
    assert server.run("apply").returncode == 0
    assert server.both_serve(NEW)


def test_what_is_installed(server: StubServer) -> None:
    """The files are the pack's, the key is the certificate's in both forms, owner and mode are as before."""
    before = server.live()
    assert server.run("apply").returncode == 0
    live = server.live()
    assert live["server.crt"][0] == (server.pack / "server.crt").read_bytes()
    assert live["server.key"][0] == key_pem(rsa_key("generation 2"))
    assert {name: file[1:] for name, file in live.items()} == {
        name: file[1:] for name, file in before.items()
    }
    assert server.calls() == ["restart amcom_httpd.service", "restart ords-standalone.service"]


def test_check_changes_nothing(server: StubServer) -> None:
    """Check says what the state is and leaves no trace."""
    before = server.live()
    found = server.run("check")
    assert found.returncode == 0, found.stderr
    assert f"Apache, port {server.https}: healthy" in found.stdout
    assert server.live() == before
    assert not server.state.exists()
    assert server.calls() == []


def test_a_first_installation(bare: StubServer) -> None:
    """A server without a certificate gets one; rolling back leaves it without."""
    assert "Apache, port" in bare.run("check").stdout
    applied = bare.run("apply")
    assert applied.returncode == 0, applied.stdout + applied.stderr
    assert bare.both_serve(NEW)
    modes = {name: oct(file[1]) for name, file in bare.live().items()}
    assert modes == {
        "server.crt": "0o644",
        "chain.crt": "0o644",
        "server.key": "0o640",
        "server.der": "0o640",
    }
    assert bare.run("rollback").returncode == 0
    assert bare.live() == {}


def test_a_server_that_is_down_is_installed(server: StubServer) -> None:
    """A server that is down at two in the morning is why the runbook is run."""
    server.stop()
    assert ": down" in server.run("check").stdout
    assert server.run("apply").returncode == 0
    assert server.both_serve(NEW)


def test_a_second_apply_has_nothing_to_do(server: StubServer) -> None:
    """What is installed and served is left alone, without a restart."""
    server.run("apply")
    calls = server.calls()
    again = server.run("apply")
    assert again.returncode == 0
    assert "nothing to do" in again.stdout
    assert server.calls() == calls


def test_a_version_without_ords(bare: StubServer) -> None:
    """On 5.x Apache alone is restarted, by `service`, and there is no server.der."""
    bare.bring(on_version(a_site(), "5.x"), NEW)
    applied = bare.run("apply")
    assert applied.returncode == 0, applied.stdout + applied.stderr
    assert bare.calls() == ["amcom_httpd restart"]
    assert "server.der" not in bare.live()


@pytest.mark.parametrize("arguments", [(), ("install",), ("apply", "apply"), ("apply", "--what")])
def test_usage(server: StubServer, arguments: tuple[str, ...]) -> None:
    """Called in another way it says how, does nothing and ends with 3."""
    found = server.run(*arguments)
    assert found.returncode == 3
    assert "sh install.sh VERB" in found.stderr
