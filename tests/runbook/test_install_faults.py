"""What goes wrong, and what install.sh then does: nothing, or back to where it was."""

from __future__ import annotations

import signal
import subprocess

import pytest

from support.authority import rsa_key
from support.runbooks import a_generation
from support.sites import a_site
from support.stub_server import PASSPHRASE, StubServer, key_pem

OLD, NEW = a_generation(1), a_generation(2)
pytestmark = pytest.mark.system("openssl")
KILL = 'kill -KILL "$PPID"'
AS_BEFORE = "Everything is as it was before"


@pytest.mark.parametrize("verb", ["check", "apply"])
@pytest.mark.parametrize("name", ["server.crt", "chain.crt"])
def test_an_altered_file_is_refused(server: StubServer, verb: str, name: str) -> None:
    """A payload that is not the approved one is named, and nothing is changed."""
    path = server.pack / name
    path.write_bytes(path.read_bytes() + b"\n")
    before = server.live()
    found = server.run(verb)
    assert found.returncode == 1
    assert f"not the file that was approved: {path}" in found.stderr
    assert (server.live(), server.calls()) == (before, [])


@pytest.mark.parametrize("verb", ["check", "apply"])
def test_a_key_that_is_not_the_certificates_is_refused(server: StubServer, verb: str) -> None:
    """Apache's own configuration test would say yes to it."""
    server.bring(a_site(), NEW, key=rsa_key("somebody else's"))
    before = server.live()
    found = server.run(verb)
    assert found.returncode == 1
    assert "nothing was changed" in found.stderr
    assert (server.live(), server.calls()) == (before, [])


def test_a_wrong_passphrase_is_refused(server: StubServer) -> None:
    """Nothing is changed, and the passphrase is not told."""
    (server.root / "passphrase").write_text("something else\n")
    before = server.live()
    found = server.run("apply")
    assert found.returncode == 1
    assert server.live() == before
    assert "something else" not in found.stdout + found.stderr


def test_a_symbolic_link_is_refused(server: StubServer) -> None:
    """A live file that leads elsewhere is not silently replaced by a file."""
    live = server.certificates / "server.crt"
    live.rename(server.root / "elsewhere.crt")
    live.symlink_to(server.root / "elsewhere.crt")
    assert "a symbolic link" in server.run("apply").stderr
    assert live.is_symlink()


@pytest.mark.parametrize("days", ["20200101000000", "20250101000000"])
def test_a_certificate_out_of_its_time_is_refused(server: StubServer, days: str) -> None:
    """An expired certificate is not installed; the clock is named as the other cause."""
    script = server.pack / "install.sh"
    script.write_text(script.read_text().replace("NOT_AFTER=2035", f"NOT_AFTER={days} # "))
    found = server.run("apply")
    assert found.returncode == 1
    assert "is the clock right?" in found.stderr


@pytest.mark.parametrize("unit", ["apache", "ords"])
def test_a_failing_restart_is_taken_back(server: StubServer, unit: str) -> None:
    """The old files, the old services, the old certificate in a handshake; and it is said."""
    server.at_first_restart("exit 1", unit)
    before = server.live()
    found = server.run("apply")
    assert found.returncode == 1
    assert AS_BEFORE in found.stdout
    assert "serves the certificate from before again" in found.stdout
    assert server.live() == before
    assert server.both_serve(OLD)
    assert server.run("status").returncode == 0


@pytest.mark.parametrize("unit", ["apache", "ords"])
def test_a_restart_that_lies_is_found_out(server: StubServer, unit: str) -> None:
    """A restart that says yes and goes on serving the old certificate is no success."""
    (server.root / f"stale-{unit}").touch()
    server.stop()
    before = server.live()
    found = server.run("apply")
    assert found.returncode == 1
    assert "this step failed" in found.stderr
    assert server.live() == before


@pytest.mark.parametrize("name", ["HUP", "INT", "TERM"])
def test_a_signal_is_taken_back(server: StubServer, name: str) -> None:
    """A signal in the middle of a restart lets the restart end and then undoes everything."""
    server.at_first_restart(f'kill -{name} "$PPID"')
    before = server.live()
    found = server.run("apply")
    assert found.returncode == 1, found.stdout + found.stderr
    assert f"stopped by the signal {name}" in found.stderr
    assert AS_BEFORE in found.stdout
    assert server.live() == before
    assert server.both_serve(OLD)


@pytest.mark.parametrize("way", ["apply", "rollback"])
def test_after_a_kill(server: StubServer, way: str) -> None:
    """After kill -9 in the middle, status says so; apply goes on, and rollback goes back."""
    before = server.live()
    server.at_first_restart(KILL)
    assert server.run("apply").returncode == -signal.SIGKILL
    status = server.run("status")
    assert "Not finished" in status.stdout
    assert "begin restart_apache" in status.stdout
    found = server.run(way)
    assert found.returncode == 0, found.stdout + found.stderr
    assert server.both_serve(NEW if way == "apply" else OLD)
    assert (server.live() == before) == (way == "rollback")
    assert "Not finished" not in server.run("status").stdout


def test_another_generation_waits_for_an_unfinished_run(server: StubServer) -> None:
    """The next generation's script does not build on half of this one's; its own copy takes it back."""
    server.at_first_restart(KILL)
    server.run("apply")
    server.bring(a_site(), a_generation(3))
    refused = server.run("apply")
    assert refused.returncode == 1
    (kept,) = server.state.glob("park-nicollet/generation-2/run-1-*/install.sh")
    assert f"sh {kept} rollback" in refused.stderr
    assert server.run("rollback", script=kept).returncode == 0
    assert server.run("apply").returncode == 0
    assert server.both_serve(a_generation(3))


def test_rollback_refuses_what_somebody_changed(server: StubServer) -> None:
    """Files that are neither ours nor the old ones are named and kept, unless forced."""
    server.run("apply")
    server.write_key("server.key", key_pem(rsa_key("somebody else's")))
    changed = server.live()
    refused = server.run("rollback")
    assert refused.returncode == 1
    assert str(server.keys / "server.key") in refused.stderr
    assert "server.crt" not in refused.stderr
    assert server.live() == changed
    assert server.run("rollback", "--force").returncode == 0
    assert server.both_serve(OLD)


def test_a_damaged_backup_is_not_put_back(server: StubServer) -> None:
    """The manifest of the backup does not hold: live files stay as they are, forced or not."""
    server.run("apply")
    (saved,) = server.state.glob("*/generation-2/run-1-*/backup/**/server.crt")
    saved.write_bytes(b"damaged")
    live = server.live()
    for arguments in (("rollback",), ("rollback", "--force")):
        assert server.run(*arguments).returncode == 1
    assert server.live() == live
    assert server.both_serve(NEW)


def test_two_runs_at_once(server: StubServer) -> None:
    """The second of two is refused; the lock dies with the first."""
    server.at_first_restart(f"sh {server.pack}/install.sh rollback 2>{server.root}/second")
    assert server.run("apply").returncode == 0
    assert "another run is under way" in (server.root / "second").read_text()
    assert server.run("rollback").returncode == 0


def test_the_lock_without_flock(server: StubServer) -> None:
    """Where there is no flock, a folder holds the lock, and a dead holder's counts no more."""
    script = server.pack / "install.sh"
    script.write_text(script.read_text().replace("have flock", "false"))
    server.at_first_restart(KILL)
    assert server.run("apply").returncode == -signal.SIGKILL
    assert server.run("apply").returncode == 0
    server.at_restart(f"sh {script} apply 2>>{server.root}/second")
    assert server.run("rollback").returncode == 0
    assert "another run is under way" in (server.root / "second").read_text()


def test_old_tools(server: StubServer) -> None:
    """Without timeout and sha256sum (RHEL 5) the fallbacks do."""
    script = server.pack / "install.sh"
    text = script.read_text().replace("have timeout", "false").replace("have sha256sum", "false")
    script.write_text(text)
    found = server.run("apply")
    assert found.returncode == 0, found.stdout + found.stderr
    assert server.both_serve(NEW)


@pytest.mark.system("strace")
def test_secrets_are_not_told(server: StubServer) -> None:
    """Neither the passphrase nor the key is in an argument, the environment, the log or what is printed."""
    traced = subprocess.run(
        [
            *("strace", "-f", "-qq", "-s", "65536", "-v", "-e", "trace=execve", "-o", server.root / "trace"),
            *("sh", server.pack / "install.sh", "check"),
            *("--passphrase-file", server.root / "passphrase"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert traced.returncode == 0, traced.stderr
    applied = server.run("apply")
    (log,) = server.state.glob("*/generation-2/run-1-*/log")
    key = key_pem(rsa_key("generation 2")).decode().splitlines()[1]
    for told in ((server.root / "trace").read_text(), log.read_text(), applied.stdout, applied.stderr):
        assert PASSPHRASE not in told
        assert key not in told


def test_no_key_is_left_readable(server: StubServer) -> None:
    """Every file that the script keeps is for root alone."""
    server.run("apply")
    kept = [path for path in server.state.rglob("*") if path.is_dir() or "backup" not in path.parts]
    assert kept
    assert all(path.stat().st_mode & 0o077 == 0 for path in [server.state, *kept] if "ssl." not in path.name)


def test_a_kill_between_keeping_aside_and_replacing(server: StubServer) -> None:
    """The live file and what is kept aside are one file then, under two names; rollback takes one away."""
    before = server.live()
    script = server.pack / "install.sh"
    whole = script.read_text()
    replaced = 'keep_aside "$1" && mv -f'
    assert whole.count(replaced) == 1
    script.write_text(whole.replace(replaced, 'keep_aside "$1" && kill -KILL "$$" && mv -f'))
    assert server.run("apply").returncode == -signal.SIGKILL
    assert any(path.name.endswith(".sitecert-old") for path in server.certificates.iterdir())
    script.write_text(whole)
    found = server.run("rollback")
    assert found.returncode == 0, found.stdout + found.stderr
    assert server.live() == before
    assert server.both_serve(OLD)
