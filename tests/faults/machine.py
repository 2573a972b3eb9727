"""A machine with the real services, as a server that faults are tried on."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from faults.disk import Disk, put, take
from faults.server import LIMIT, Live, Serves, State
from faults.services import Serving
from smartsuite import Machine

LIVE = ("opt/amcom/apache/conf/ssl.crt", "opt/amcom/apache/conf/ssl.key")
KEPT = "root/sitecert"
FOLDERS = (*LIVE, KEPT)


@dataclass(frozen=True)
class MachineServer:
    """A `faults.server.Server`. What its services hold in memory is theirs, so a state is its disk."""

    machine: Machine

    live_keys = f"{LIVE[1]}/"

    @property
    def watched(self) -> Sequence[Path]:
        """Return the folders of live files and of what the script keeps, as the machine sees them."""
        return [Path("/", folder) for folder in FOLDERS]

    def command(self, *arguments: str, script: Path | None = None) -> list[str]:
        """Return the command line that runs install.sh on the machine."""
        script = script or Path("/root/pack/install.sh")
        return self.machine.command("sh", str(script), *arguments, "--passphrase-file", "/root/passphrase")

    def run(self, *arguments: str, script: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run install.sh, or a copy of it, to its end."""
        return subprocess.run(
            self.command(*arguments, script=script),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
            timeout=2 * LIMIT,
        )

    def live(self) -> Live:
        """Return every live file."""
        return self.machine.live()

    def serves(self) -> Serves:
        """Return the fingerprints that Apache and ORDS show."""
        return self.machine.served(443), self.machine.served(8443)

    def serve(self, live: Live) -> Serves:
        """Return what the services show: being real, they are their own judge (`faults.judge.Judge`)."""
        assert live.items() <= self.live().items()
        return self.serves()

    def restarts(self) -> int:
        """Return how often a service was started."""
        return len(self.machine.starts())

    def now(self) -> State:
        """Return the server's disk as it is now."""
        return State(self.files(), Serving(None, None))

    def files(self) -> Disk:
        """Return all that install.sh has written."""
        return take(self.machine.root, FOLDERS)

    def become(self, state: State) -> None:
        """Make the disk what it was."""
        put(self.machine.root, FOLDERS, state.disk)

    def reboot(self) -> None:
        """Lose the power, and start from the disk."""
        self.machine.reboot()
