"""What counts as proof for install.sh, and what does not."""

from __future__ import annotations

import os
import pty
import socket
import subprocess
from threading import Thread

import pytest

from support.authority import rsa_key
from support.runbooks import a_generation
from support.sites import a_site
from support.stub_server import PASSPHRASE, StubServer, key_pem

pytestmark = pytest.mark.system("openssl", "stty")
NEW = a_generation(2)
HANDSHAKE, SERVER_KEY_EXCHANGE = 22, 12
SERVER_HELLO_DONE = b"\x0e\0\0\0"


def _serve(server: StubServer, *options: str) -> None:
    """Serve generation 2 in Apache's place, with options of openssl s_server."""
    (server.root / "new.key").write_bytes(key_pem(rsa_key("generation 2")))
    certificate = ("-cert", server.pack / "server.crt", "-key", server.root / "new.key")
    (server.root / "apache.out").unlink(missing_ok=True)
    command = ["openssl", "s_server", "-accept", str(server.https), "-www", *certificate, *options]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    (server.root / "apache.pid").write_text(str(process.pid))
    assert process.stdout
    while b"ACCEPT" not in process.stdout.readline():
        assert process.poll() is None
    process.stdout.close()
    process.returncode = 0  # the fixture ends it


def test_every_name_is_proved(server: StubServer) -> None:
    """A name for which the old certificate is still shown is found among those that show the new one."""
    names = ("smartweb.parknicollet.com", "smartweb-dr.parknicollet.com")
    generation = a_generation(2, names=names)
    server.bring(a_site(), generation)
    server.stop()
    old = ("-cert2", str(server.certificates / "server.crt"), "-key2", str(server.keys / "server.key"))
    _serve(server, "-servername", names[1], *old)
    found = server.run("verify")
    assert found.returncode == 1
    assert f"name {names[0]}: the new certificate" in found.stdout
    assert f"name {names[1]}: NOT the new certificate" in found.stdout


def _spoil_the_signature(flow: bytes) -> bytes:
    """Flip a bit of the server's signature in a whole TLS 1.2 flight (RFC 5246 7.4.3)."""
    records = bytearray()
    while flow:
        size = 5 + int.from_bytes(flow[3:5])
        record, flow = bytearray(flow[:size]), flow[size:]
        if record[0] == HANDSHAKE and record[5] == SERVER_KEY_EXCHANGE:
            record[-20] ^= 1
        records += record
    return bytes(records)


def _first_flight(connection: socket.socket) -> bytes:
    """Read what a TLS 1.2 server says before it waits for the client: up to its ServerHelloDone."""
    flow = b""
    while not flow.endswith(SERVER_HELLO_DONE):
        flow += connection.recv(65536)
    return flow


def test_a_certificate_without_its_key_is_no_proof(server: StubServer) -> None:
    """A server with a wrong key shows the right certificate; only its signature tells."""
    server.stop()
    _serve(server, "-tls1_2")
    relay = socket.create_server(("127.0.0.1", 0))
    script = server.pack / "install.sh"
    port = relay.getsockname()[1]
    script.write_text(script.read_text().replace(f"={server.https}\n", f"={port}\n"))

    def relay_once() -> None:
        client, _ = relay.accept()
        upstream = socket.create_connection(("127.0.0.1", server.https))
        with client, upstream:
            upstream.sendall(client.recv(65536))
            client.sendall(_spoil_the_signature(_first_flight(upstream)))
            while client.recv(65536):
                pass

    thread = Thread(target=relay_once)
    thread.start()
    found = server.run("verify")
    relay.close()
    thread.join()
    assert (
        f"port {port}, name smartweb.parknicollet.com: NOT the new certificate (nothing is served)"
        in found.stdout
    )


def test_a_chain_that_is_not_sent_is_noticed(server: StubServer) -> None:
    """Apache older than 2.4.8 sends the leaf alone; the certificate is the new one all the same."""
    server.stop()
    _serve(server)
    assert "BUT it is sent without its chain" in server.run("verify").stdout


def test_a_torn_journal_is_read(server: StubServer) -> None:
    """A loss of power may leave half a line; the run goes on nevertheless."""
    server.at_first_restart('kill -KILL "$PPID"')
    server.run("apply")
    (journal,) = server.state.glob("*/generation-2/run-1-*/journal")
    journal.write_bytes(journal.read_bytes()[:-5])
    found = server.run("apply")
    assert found.returncode == 0, found.stdout + found.stderr
    assert server.both_serve(NEW)


def test_ords_must_say_that_it_is_ready_now(server: StubServer) -> None:
    """A ready line of an earlier start does not count; serving the new certificate does."""
    (server.root / "journal").write_text("Ords Standalone is ready\n" * 3)
    systemctl = server.bin / "systemctl"
    systemctl.write_text(systemctl.read_text().replace("Ords Standalone is ready", "still starting"))
    (server.root / "stale-ords").touch()
    found = server.run("apply")
    assert found.returncode == 1
    assert "ords-standalone.service is not ready" in found.stderr
    (server.root / "stale-ords").unlink()
    assert server.run("apply").returncode == 0


def test_the_passphrase_is_asked_for(server: StubServer) -> None:
    """At a terminal, without echo; the terminal is afterwards as it was."""
    leader, follower = pty.openpty()
    before = subprocess.run(["stty", "-g"], stdin=follower, capture_output=True, check=True).stdout
    process = subprocess.Popen(
        ["sh", server.pack / "install.sh", "check"],
        stdin=follower,
        stdout=subprocess.PIPE,
        stderr=follower,
        start_new_session=True,
    )
    shown = b""
    while b"Passphrase of" not in shown:
        shown += os.read(leader, 4096)
    os.write(leader, PASSPHRASE.encode() + b"\n")
    output, _ = process.communicate()
    assert process.returncode == 0, output
    assert subprocess.run(["stty", "-g"], stdin=follower, capture_output=True, check=True).stdout == before
    os.close(follower)
    shown += os.read(leader, 4096)
    os.close(leader)
    assert PASSPHRASE.encode() not in shown


def test_without_a_terminal_the_passphrase_needs_a_file(server: StubServer) -> None:
    """A run in the background says what to do instead of waiting for ever."""
    found = subprocess.run(
        ["sh", server.pack / "install.sh", "apply"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1
    assert "--passphrase-file FILE" in found.stderr
