"""The servers that faults are tried on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from faults.disk import Disk, put, take
from faults.services import ASK, Services, Serving
from sitecert.model.generation import Generation
from support.stub_server import StubServer

FOLDERS = ("apache", "state")
SCRATCH = "tmp"
"""What a run keeps here is for that run alone: it is watched, and no part of the server's state."""
AMCOM, ORACLE = 501, 502
"""The users that Apache and ORDS run as on the real stand-in."""
Live = dict[str, tuple[bytes, int, int, int]]
"""Live files by name: bytes, mode, user and group."""
Serves = tuple[str | None, str | None]
"""The fingerprints that Apache and ORDS show in a handshake; None where there is none."""
LIMIT = 60
"""Seconds. A run takes one or two; one that does not end is a failure of its own."""

TIMELESS = """#!/bin/sh
# A clock that stands still in all that is written down, so that two runs leave the same bytes. Patience ends.
case "$*" in
+%s) exec /bin/date +%s ;;
'-u +%Y-%m-%dT%H:%M:%SZ') echo 2027-01-15T12:00:00Z ;;
*) exec /bin/date -d 2027-01-15T12:00:00Z "$@" ;;
esac
"""
OWN_SYNC = """#!/bin/sh
# A sync without files is one of this server's disk, not of the computer that the test runs on.
[ "$#" -gt 0 ] || set -- -f {root}
exec /bin/sync "$@"
"""
NO_TRUST = ("env", "SSL_CERT_FILE=/dev/null", "SSL_CERT_DIR=/nonexistent")
"""Without trust anchors, of which install.sh asks nothing, each openssl starts six times as fast."""


@dataclass(frozen=True)
class State:
    """A server at one instant: what is on its disk, and what its services hold in memory."""

    disk: Disk
    serving: Serving

    @property
    def key(self) -> tuple[str, Serving]:
        """Return what states have in common that differ only in their logs."""
        return self.disk.digest, self.serving


class Server(Protocol):
    """What a sweep asks of a server. `faults.machine` has another one, with real services."""

    live_keys: str
    """The folder of the live keys, as `files` names it."""

    @property
    def watched(self) -> Sequence[Path]:
        """Return the folders whose changes are points, as processes on the server see them."""

    def command(self, *arguments: str) -> list[str]:
        """Return the command line that runs install.sh on the server."""

    def run(self, *arguments: str, script: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run install.sh, or a copy of it, to its end."""

    def live(self) -> Live:
        """Return every live file."""

    def serves(self) -> Serves:
        """Return the fingerprints that Apache and ORDS show in a handshake."""

    def restarts(self) -> int:
        """Return how often a service was started."""

    def now(self) -> State:
        """Return the server as it is now."""

    def files(self) -> Disk:
        """Return all that install.sh has written."""

    def become(self, state: State) -> None:
        """Make the server what it was."""

    def reboot(self) -> None:
        """Start the services from what lies on the disk."""


class QuickServer(StubServer):
    """A stub server whose services live outside of the watched tree, and whose calendar stands still."""

    def __post_init__(self) -> None:
        """Lay it out."""
        super().__post_init__()
        self.services = Services(self.certificates, self.keys)
        self.https, self.ords = self.services.https, self.services.ords
        for name in ("systemctl", "service", "journalctl"):
            self._program(name, ASK.format(name=name, port=self.services.manager))
        self._program("date", TIMELESS)
        self._program("sync", OWN_SYNC.format(root=self.root))

    def put_in_service(self, generation: Generation) -> None:
        """Install a generation as somebody did before us, with the owners that real servers need."""
        super().put_in_service(generation)
        for path, mode, owner in (
            (self.certificates / "server.crt", 0o640, AMCOM),
            (self.certificates / "chain.crt", 0o644, 0),
            (self.keys / "server.key", 0o640, AMCOM),
            (self.keys / "server.der", 0o400, ORACLE),
        ):
            path.chmod(mode)
            os.chown(path, owner, owner)

    def point(self, script: str) -> str:
        """Replace the script's constants, and where it works for a moment."""
        (self.root / SCRATCH).mkdir(exist_ok=True)
        return super().point(script).replace("-d /tmp/", f"-d {self.root / SCRATCH}/")

    def restart_as_somebody(self, *units: str) -> None:
        """Restart services as somebody did before us."""
        del units
        self.reboot()

    @property
    def watched(self) -> Sequence[Path]:
        """Return the folders of live files, of what the script keeps, and of what it needs for a moment."""
        return [self.root / folder for folder in (*FOLDERS, SCRATCH)]

    def command(self, *arguments: str, script: Path | None = None) -> list[str]:
        """Return the command line that runs install.sh."""
        passphrase = str(self.root / "passphrase")
        script = script or self.pack / "install.sh"
        return [*NO_TRUST, *self.shell, str(script), *arguments, "--passphrase-file", passphrase]

    def run(self, *arguments: str, script: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run install.sh to its end."""
        return subprocess.run(
            self.command(*arguments, script=script),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
            timeout=LIMIT,
        )

    live_keys = "apache/conf/ssl.key/"

    def serves(self) -> Serves:
        """Return the fingerprints that Apache and ORDS show."""
        return self.served(self.https), self.served(self.ords)

    def restarts(self) -> int:
        """Return how often a service was restarted."""
        return len(self.services.calls)

    def now(self) -> State:
        """Return the server as it is now."""
        return State(take(self.root, FOLDERS), self.services.serving)

    def files(self) -> Disk:
        """Return all that install.sh has written."""
        return take(self.root, (*FOLDERS, SCRATCH))

    def become(self, state: State) -> None:
        """Make the server what it was."""
        put(self.root, FOLDERS, state.disk)
        self.services.serving = state.serving

    def reboot(self) -> None:
        """Start the services from what lies on the disk."""
        self.services.start("apache")
        self.services.start("ords")

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the services."""
        self.stop()

    def stop(self) -> None:
        """End the services."""
        self.services.close()
