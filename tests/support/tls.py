"""TLS servers on loopback that send just what a test tells them to, and peers that are none."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from support.authority import pem

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Pair:
    """A key, the certificates that are sent with it, in this order, and the newest protocol spoken."""

    key: rsa.RSAPrivateKey
    certificates: Sequence[x509.Certificate]
    newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3

    @property
    def pem(self) -> bytes:
        """The key and the certificates, as Python's ssl loads them."""
        plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return self.key.private_bytes(serialization.Encoding.PEM, *plain) + pem(*self.certificates)


@contextmanager
def tls_server(pair: Pair, host: str = LOOPBACK, **by_name: Pair) -> Iterator[int]:
    """Serve a pair, and others for the names that begin with a keyword; yield the port."""
    default = _context(pair)
    others = {name: _context(each) for name, each in by_name.items()}

    def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        connection.context = next((others[each] for each in others if (name or "").startswith(each)), default)

    default.sni_callback = choose

    def answer(peer: socket.socket) -> None:
        with suppress(OSError), default.wrap_socket(peer, server_side=True) as secure:
            secure.recv(1)

    with listening(answer, host) as port:
        yield port


@contextmanager
def listening(answer: Callable[[socket.socket], None], host: str = LOOPBACK) -> Iterator[int]:
    """Take connections and answer each with a function; yield the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as server:
        thread = Thread(target=_serve, args=(server, answer))
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(server: socket.socket, answer: Callable[[socket.socket], None]) -> None:
    answering = []
    with suppress(OSError):  # the end of the test
        while True:
            peer, _ = server.accept()
            answering.append(Thread(target=_answer, args=(peer, answer)))
            answering[-1].start()
    for each in answering:
        each.join()


def _answer(peer: socket.socket, answer: Callable[[socket.socket], None]) -> None:
    with peer, suppress(OSError):
        answer(peer)


def _context(pair: Pair) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = pair.newest
    with TemporaryDirectory() as folder:
        path = Path(folder, "pair.pem")
        path.write_bytes(pair.pem)
        context.load_cert_chain(path)
    return context
