"""Real servers as judges: what Apache and Jetty serve after a boot, given the live files."""

from __future__ import annotations

import os
from pathlib import Path

from faults.server import Live, Serves
from smartsuite import Machine


class RealServers:
    """A machine with a real Apache and a real Jetty, booted once for each set of live files.

    What a server does at its start is a function of the bytes, modes and owners of the files that it reads,
    so each set is tried once.
    """

    def __init__(self, folder: Path) -> None:
        """Boot nothing yet."""
        self._machine = Machine(folder, "8.1")
        self._known: dict[tuple[object, ...], Serves] = {}

    def serve(self, live: Live) -> Serves:
        """Return the fingerprints that Apache and ORDS show after a boot; None for one that does not."""
        key = tuple(sorted(live.items()))
        if key not in self._known:
            if not self._known:
                self._machine.boot()  # its services start by themselves from the second boot on
            self._place(live)
            self._machine.reboot()
            self._known[key] = (self._machine.served(443), self._machine.served(8443))
        return self._known[key]

    def _place(self, live: Live) -> None:
        # Apache refuses to start where a file of its last start names a process that is there again.
        (self._machine.root / "opt/amcom/apache/logs/httpd.pid").unlink(missing_ok=True)
        for folder in (self._machine.certificates, self._machine.keys):
            for path in folder.iterdir():
                path.unlink()
        for name, (content, mode, user, group) in live.items():
            folder = self._machine.certificates if name.endswith(".crt") else self._machine.keys
            (folder / name).write_bytes(content)
            (folder / name).chmod(mode)
            os.chown(folder / name, user, group)

    def close(self) -> None:
        """Pull the plug."""
        self._machine.__exit__(None, None, None)
