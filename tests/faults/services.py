"""Stand-ins for Apache and ORDS outside of the tree that a supervisor watches, and kills.

A service manager's services are no descendants of who asks for a restart: they live on when that one is
killed. So the stub of systemctl only asks, over a socket, and the services are threads of the test. What one
serves is a TLS context; like Apache and ORDS it is read from the live files at a start, which fails where key
and certificate do not match. `judge` holds these stand-ins against real servers.
"""

from __future__ import annotations

import base64
import contextlib
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ASK = """#!/bin/bash
# Stands in for {name}: asks the host of the services, and says what it said.
exec 3<>/dev/tcp/127.0.0.1/{port} || exit 1
printf '%s\\n' "{name} $*" >&3
read -r code <&3
cat <&3
exit "$code"
"""
READY = "Ords Standalone is ready"


@dataclass(frozen=True)
class Serving:
    """What the two services hold in memory; None where one does not run."""

    apache: ssl.SSLContext | None
    ords: ssl.SSLContext | None


class Services:
    """Apache and ORDS on two ports, and their manager on a third."""

    def __init__(self, certificates: Path, keys: Path) -> None:
        """Listen; nothing is served yet."""
        self._certificates, self._keys = certificates, keys
        self._contexts: dict[str, ssl.SSLContext | None] = {"apache": None, "ords": None}
        self.calls: list[str] = []
        self.journal: list[str] = []
        self._sockets: list[socket.socket] = []
        self.manager = self._listen(self._hear)
        self.https = self._listen(lambda connection: self._serve(connection, "apache"))
        self.ords = self._listen(lambda connection: self._serve(connection, "ords"))

    def _listen(self, answer: Callable[[socket.socket], None]) -> int:
        listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._sockets.append(listening)

        def accept() -> None:
            with contextlib.suppress(OSError):  # closed
                while True:
                    connection, _ = listening.accept()
                    threading.Thread(target=_answered, args=(answer, connection), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        port: int = listening.getsockname()[1]
        return port

    def close(self) -> None:
        """Listen no more."""
        for each in self._sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    # ---- What is served ------------------------------------------------------------------------

    @property
    def serving(self) -> Serving:
        """Return what is served now."""
        return Serving(self._contexts["apache"], self._contexts["ords"])

    @serving.setter
    def serving(self, serving: Serving) -> None:
        self._contexts = {"apache": serving.apache, "ords": serving.ords}

    def start(self, service: str) -> bool:
        """Start a service anew from the live files; say whether it runs."""
        self._contexts[service] = None
        with contextlib.suppress(OSError, ValueError), self._key(service) as key:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._certificates / "server.crt", key)
            self._contexts[service] = context
        return self._contexts[service] is not None

    @contextlib.contextmanager
    def _key(self, service: str) -> Iterator[str]:
        """Yield the name of the service's key as PEM, which is all that Python reads."""
        if service == "apache":
            yield str(self._keys / "server.key")
            return
        body = base64.encodebytes((self._keys / "server.der").read_bytes()).decode()
        memory = os.memfd_create("key")
        try:
            os.write(memory, f"-----BEGIN PRIVATE KEY-----\n{body}-----END PRIVATE KEY-----\n".encode())
            yield f"/proc/self/fd/{memory}"
        finally:
            os.close(memory)

    def _serve(self, connection: socket.socket, service: str) -> None:
        context = self._contexts[service]
        if context is not None:
            with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
                secure.recv(1)

    # ---- Their manager -------------------------------------------------------------------------

    def _hear(self, connection: socket.socket) -> None:
        with connection.makefile("rw") as lines:
            code, said = self._do(lines.readline().split())
            with contextlib.suppress(OSError):  # who asked was killed
                lines.write(f"{code}\n{said}")
                lines.flush()

    def _do(self, asked: list[str]) -> tuple[int, str]:
        """Do what systemctl, service or journalctl is asked; return its exit code and what it says."""
        words = " ".join(asked)
        service = "ords" if "ords" in words else "apache"
        if asked[0] == "journalctl":
            return 0, self._read_journal(asked)
        if "is-failed" in asked:
            return int(self._contexts[service] is not None), ""
        if "restart" not in asked:
            return 0, ""
        self.calls.append(words)
        runs = self.start(service)
        if runs and service == "ords":
            self.journal.append(READY)
        # ORDS is "simple" for systemd: its start succeeds whatever becomes of it.
        return (0 if runs or service == "ords" else 1), ""

    def _read_journal(self, asked: list[str]) -> str:
        """Return what journalctl prints; a cursor is a number of lines."""
        if "--show-cursor" in asked:
            return f"-- cursor: {len(self.journal)}\n"
        following = (
            self.journal[int(asked[asked.index("--after-cursor") + 1]) :] if "--after-cursor" in asked else []
        )
        return "".join(f"{line}\n" for line in following)


def _answered(answer: Callable[[socket.socket], None], connection: socket.socket) -> None:
    with connection, contextlib.suppress(OSError):
        answer(connection)
