"""Clients of a load balancer, who go on asking while something changes and remember all that failed."""

from __future__ import annotations

import socket
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread

from smartsuite.network import SECONDS, Network, any_certificate, fingerprint
from support.runbooks import NAMES

LARGE = 1 << 24
"""Bytes of /large, which the servers give besides /page."""

CHUNK = 2048
PACE = 0.01
"""Bytes that are read of the long answer, and seconds between; so it outlives a change."""


def write_pages(folder: Path) -> None:
    """Write what the clients ask for, into what a server shows."""
    (folder / "page").write_text("Smart Web\n")
    with (folder / "large").open("wb") as large:
        large.truncate(LARGE)


@contextmanager
def asking(*clients: Client) -> Iterator[None]:
    """Have clients ask while the block runs: each begins before it, and asks a last time when it is over."""
    for client in clients:
        client.start()
    for client in clients:
        client.begun.wait()
    try:
        yield
    finally:
        for client in clients:
            client.over.set()
        for client in clients:
            client.join()


class Client(Thread):
    """A client in a network, of a server's address there; `failures` says in words what went wrong."""

    def __init__(self, network: Network, address: str, port: int = 443) -> None:
        """Name where to ask."""
        super().__init__()
        self.network = network
        self.address = address
        self.port = port
        self.begun = Event()
        self.over = Event()
        self.failures: list[str] = []

    def run(self) -> None:
        """Ask until it is over."""
        self.network.enter()
        try:
            self.ask()
        except (OSError, HTTPException) as error:
            self.failures.append(repr(error))
        finally:
            self.begun.set()

    def ask(self) -> None:
        """Ask until it is over, and set `begun` after the first answer."""
        raise NotImplementedError

    def connect(self) -> tuple[HTTPConnection, str]:
        """Return a new connection, and the fingerprint that it was shown."""
        plain = socket.create_connection((self.address, self.port), timeout=SECONDS)
        secure: ssl.SSLSocket = any_certificate().wrap_socket(plain, server_hostname=NAMES[0])
        connection = HTTPConnection(NAMES[0])
        connection.auto_open = 0
        connection.sock = secure
        return connection, fingerprint(secure)


class Newcomer(Client):
    """Opens a new connection for each request, one after the other, without a pause."""

    def __init__(self, network: Network, address: str, port: int = 443) -> None:
        """Count what is shown."""
        super().__init__(network, address, port)
        self.shown: Counter[str] = Counter()

    def ask(self) -> None:
        """Ask; a failure is noted, and the next connection is tried all the same."""
        is_last = False
        while not is_last:
            is_last = self.over.is_set()
            try:
                connection, shown = self.connect()
                with closing(connection):
                    connection.request("GET", "/page", headers={"Connection": "close"})
                    connection.getresponse().read()
            except (OSError, HTTPException) as error:
                self.failures.append(repr(error))
            else:
                self.shown[shown] += 1
            self.begun.set()


class Regular(Client):
    """Sends request after request on a connection, as browsers do, until the server closes it.

    A server may do so when no request is under way. A request that crosses with that is not answered, and
    is sent again on a new connection (RFC 9112 section 9.3.1); one that is answered in part is a failure.
    """

    answered = 0

    def ask(self) -> None:
        """Ask, on one connection after the other."""
        is_last = False
        while not is_last:
            connection, _ = self.connect()
            with closing(connection):
                is_last = self._ask_on(connection)

    def _ask_on(self, connection: HTTPConnection) -> bool:
        """Ask until the connection is closed (False) or it is over (True)."""
        is_new = True
        while True:
            is_last = self.over.is_set()
            try:
                connection.request("GET", "/page")
                response = connection.getresponse()
            except ConnectionError:
                if is_new:
                    raise
                return False
            response.read()
            self.answered += 1
            self.begun.set()
            is_new = False
            if is_last or response.will_close:
                return is_last


class Reader(Client):
    """Reads one long answer, slowly, from before the block until it is over, and then to its end."""

    is_whole = False

    def ask(self) -> None:
        """Ask once."""
        connection, _ = self.connect()
        with closing(connection):
            connection.request("GET", "/large")
            response = connection.getresponse()
            self.begun.set()
            got = 0
            while not self.over.wait(PACE):
                got += len(response.read(CHUNK))
            assert got < LARGE, "the change outlived the long answer"
            self.is_whole = got + len(response.read()) == LARGE
