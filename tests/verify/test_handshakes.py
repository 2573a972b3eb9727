"""Peers that are old, slow, silent or something else: each is a finding, none a fault."""

from __future__ import annotations

import socket
import ssl
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, Event

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from sitecert.model.verification import Served
from sitecert.verify import look as looking
from support.authority import pem, rsa_key
from support.sites import a_server, a_site, dns
from support.stub_server import free_port
from support.tls import LOOPBACK, Pair, listening, tls_server
from verify.looking import (
    AUTHORITY,
    NAME,
    PATIENCE,
    SERVER,
    SITE,
    at_port,
    codes,
    generation,
    judged,
    leaf,
    pair,
)

ISSUER = AUTHORITY.intermediate
OWN = leaf(2)
FILED = generation(2, OWN, ISSUER)
HELLO_DONE = b"\x16\x03\x03\x00\x04\x0e\x00\x00\x00"
"""The record that ends a server's first flight (RFC 5246 7.4.5)."""

BRIEF = 1.0
"""Seconds for what is meant to run out of them."""


@contextmanager
def s_server(folder: Path, *options: str) -> Iterator[int]:
    """Serve the pair by `openssl s_server`, which speaks what Python's ssl no longer does."""
    (folder / "pair.pem").write_bytes(pair(2, OWN).pem)
    (folder / "chain.pem").write_bytes(pem(ISSUER))
    port = free_port()
    files = ("-cert", "pair.pem", "-key", "pair.pem", "-cert_chain", "chain.pem")
    command = ["openssl", "s_server", "-accept", f"{LOOPBACK}:{port}", *files, *options]
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout
        assert any("ACCEPT" in line for line in running.stdout)
        try:
            yield port
        finally:
            running.kill()


@pytest.mark.system("openssl")
@pytest.mark.parametrize(
    ("option", "protocol", "expected"),
    [
        ("-tls1", "TLSv1", ["SC616"]),
        ("-tls1_1", "TLSv1.1", ["SC616"]),
        ("-tls1_2", "TLSv1.2", []),
        ("-tls1_3", "TLSv1.3", []),
    ],
)
def test_old_protocols_are_seen_and_told(
    tmp_path: Path, option: str, protocol: str, expected: list[str]
) -> None:
    """The certificate is proved all the same; below TLS 1.2 that no client would come so far is told."""
    with s_server(tmp_path, option, "-cipher", "ALL:@SECLEVEL=0") as port:
        [result] = judged([FILED], at_port(port))
    assert (result.check.served, result.check.protocol) == (Served.CURRENT, protocol)
    assert codes([result]) == [expected]


@pytest.mark.system("openssl")
def test_a_handshake_without_forward_secrecy_is_seen(tmp_path: Path) -> None:
    """Static RSA, as the oldest servers have it."""
    with s_server(tmp_path, "-tls1", "-cipher", "AES128-SHA:@SECLEVEL=0") as port:
        [result] = judged([FILED], at_port(port))
    assert (result.check.served, result.check.cipher) == (Served.CURRENT, "AES128-SHA")


def test_nobody_listens() -> None:
    """Refused: the place, the address and the system's reason are named."""
    port = free_port()
    [result] = judged([FILED], at_port(port))
    assert codes([result]) == [["SC618"]]
    assert result.problems[0].message == f"cannot be reached at 127.0.0.1:{port}: connection refused"
    assert (result.check.served, result.check.reached) == (Served.NOTHING, None)


def test_an_address_that_swallows_everything() -> None:
    """A full backlog takes no connection and answers nothing: the time ends it."""
    with socket.create_server((LOOPBACK, 0), backlog=0) as full:
        port = full.getsockname()[1]
        waiting = []
        while True:  # until the kernel takes no more
            each = socket.socket()
            each.setblocking(False)  # noqa: FBT003 - the socket's own signature
            each.connect_ex((LOOPBACK, port))
            waiting.append(each)
            if len(waiting) == 8:
                break
        [result] = judged([FILED], at_port(port), seconds=BRIEF)
        for each in waiting:
            each.close()
    assert codes([result]) == [["SC618"]]
    assert "no answer within 1 s" in result.problems[0].message


def test_a_name_without_an_address() -> None:
    """`.invalid` never resolves (RFC 6761); every name of the site is told of it."""
    site = a_site(servers=(a_server("spokwb.invalid"),))
    results = judged([generation(2, leaf(2, NAME, "b.example.com"), ISSUER)], site=site)
    assert codes(results) == [["SC617"]] * 4
    assert results[0].problems[0].message.startswith("spokwb.invalid has no address here: ")


def test_a_resolver_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not waited for, at the end of the run either."""
    over = Event()

    def never(*_: object, **__: object) -> None:
        over.wait()
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(looking.socket, "getaddrinfo", never)
    [result] = judged([FILED], seconds=BRIEF)
    over.set()
    assert result.problems[0].message == f"{SERVER} has no address here: no answer within 1 s"


def test_a_name_that_no_resolver_takes() -> None:
    """A label of more than 63 characters, given by `--connect`."""
    [result] = judged([FILED], at_port(443, host="a" * 64))
    assert codes([result]) == [["SC617"]]


def test_a_server_that_stalls_in_the_handshake() -> None:
    """It takes the connection and says nothing."""
    with listening(lambda peer: peer.recv(1 << 16) and peer.recv(1)) as port:
        [result] = judged([FILED], at_port(port), seconds=BRIEF)
    assert codes([result]) == [["SC620"]]
    assert "no answer within 1 s" in result.problems[0].message
    assert str(result.check.reached) == f"127.0.0.1:{port}"


def test_a_server_that_stalls_in_the_middle() -> None:
    """The beginning of a record comes, the rest never."""

    def begin(peer: socket.socket) -> None:
        peer.recv(1 << 16)
        peer.sendall(b"\x16\x03\x03\x10\x00\x02")
        peer.recv(1)

    with listening(begin) as port:
        assert codes(judged([FILED], at_port(port), seconds=BRIEF)) == [["SC620"]]


@pytest.mark.parametrize(
    ("says", "shown"),
    [
        (b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n", '"HTTP/1.1 400 Bad Request"'),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", '"SSH-2.0-OpenSSH_9.2p1"'),
        (b"\x1b]0;x\x07\xff", r'"\u001b]0;x\u0007\u00ff"'),
    ],
)
def test_something_else_than_tls(says: bytes, shown: str) -> None:
    """Its first words tell what it is; what a terminal could obey is escaped."""
    with listening(lambda peer: peer.sendall(says)) as port:
        [result] = judged([FILED], at_port(port))
    assert codes([result]) == [["SC619"]]
    assert result.problems[0].message.endswith(shown)


def test_a_connection_that_is_closed_or_reset() -> None:
    """Two ways to break off, two sentences."""

    def reset(peer: socket.socket) -> None:
        peer.recv(1)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with listening(lambda peer: peer.recv(1 << 16)) as closing, listening(reset) as resetting:
        [closed] = judged([FILED], at_port(closing))
        [broken] = judged([FILED], at_port(resetting))
    assert codes([closed, broken]) == [["SC620"], ["SC620"]]
    assert "closes the connection" in closed.problems[0].message
    assert "connection reset by peer" in broken.problems[0].message


def test_a_server_that_refuses() -> None:
    """The alert is told in OpenSSL's words."""

    def alert(peer: socket.socket) -> None:
        peer.recv(1 << 16)
        peer.sendall(b"\x15\x03\x03\x00\x02\x02\x28")  # fatal, handshake_failure

    with listening(alert) as port:
        [result] = judged([FILED], at_port(port))
    assert codes([result]) == [["SC620"]]
    assert "handshake failure" in result.problems[0].message


def test_a_server_without_the_key_proves_nothing() -> None:
    """It sends the right certificate and signs with another key: only a whole handshake is proof.

    In between stands one who puts our certificate in the place of the server's own, which TLS 1.2 sends
    in the clear.
    """
    own = OWN.public_bytes(Encoding.DER)
    others = iter(lambda: leaf(9), None)
    other = next(der for each in others if len(der := each.public_bytes(Encoding.DER)) == len(own))

    sent = [x509.load_der_x509_certificate(other), ISSUER]

    def pretend(peer: socket.socket) -> None:
        with socket.create_connection((LOOPBACK, inner)) as server:
            server.sendall(peer.recv(1 << 16))
            flight = b""
            while not flight.endswith(HELLO_DONE):
                flight += server.recv(1 << 16) or HELLO_DONE
            assert other in flight
            peer.sendall(flight.replace(other, own))
            peer.recv(1 << 16)

    with (
        tls_server(Pair(rsa_key("generation 9"), sent, ssl.TLSVersion.TLSv1_2)) as inner,
        listening(pretend) as port,
    ):
        [result] = judged([FILED], at_port(port))
    assert codes([result]) == [["SC620"]]
    assert "bad signature" in result.problems[0].message


def test_ipv6_is_spoken() -> None:
    """And shown in brackets."""
    with tls_server(pair(2, OWN, ISSUER), host="::1") as port:
        [result] = judged([FILED], at_port(port, host="::1"))
    assert (result.problems, str(result.check.reached)) == ((), f"[::1]:{port}")


def test_the_next_address_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with an address that refuses, and one that answers."""
    with tls_server(pair(2, OWN, ISSUER)) as port:
        found = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port)) for host in ("127.0.0.9", LOOPBACK)
        ]
        monkeypatch.setattr(looking.socket, "getaddrinfo", lambda *_, **__: found)
        [result] = judged([FILED], at_port(port))
    assert (result.problems, str(result.check.reached)) == ((), f"127.0.0.1:{port}")


def test_more_names_than_connections_at_once() -> None:
    """They wait for one another, and each is answered."""
    names = [f"a{number}.parknicollet.com" for number in range(2 * looking.AT_ONCE + 1)]
    own = leaf(2, *names)
    with tls_server(pair(2, own, ISSUER)) as port:
        results = judged([generation(2, own, ISSUER)], at_port(port), site=SITE)
    assert [each.check.name for each in results] == [*SITE.alternative_names, *dns(*names)][-len(names) :]
    assert {problem.code for each in results for problem in each.problems} == set()


def test_all_are_asked_at_once() -> None:
    """No name is answered before all of them have asked: one after the other, they would wait for ever."""
    together = Barrier(5)

    def answer(peer: socket.socket) -> None:
        peer.recv(1 << 16)
        together.wait(PATIENCE)

    own = leaf(2, NAME, *(f"{letter}.parknicollet.com" for letter in "abcd"))
    with listening(answer) as port:
        results = judged([generation(2, own, ISSUER)], at_port(port))
    assert [each.problems[0].message for each in results] == [
        "it closes the connection in the TLS handshake"
    ] * 5
