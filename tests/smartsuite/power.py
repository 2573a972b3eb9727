"""Booting a machine with systemd-nspawn, and ending it."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from sitecert.model.suite import ServiceManager
from smartsuite.network import Network

KEEPER = Path(__file__).parent / "files/keeper.sh"
BOOT_SECONDS = 60
"""A boot takes a fraction of a second; so long without a word from it is a failure."""


@dataclass(frozen=True)
class Boot:
    """A machine that runs: `leader` is its first process, `keeper` what keeps it alive."""

    leader: int
    keeper: subprocess.Popen[bytes]

    def end(self) -> None:
        """Kill all that runs on the machine; return when it is gone."""
        assert self.keeper.stdin
        self.keeper.stdin.close()
        self.keeper.wait()


def boot(root: Path, name: str, manager: ServiceManager, options: list[str], network: Network) -> Boot:
    """Boot what lies in `root`; return once systemd says that the boot is over."""
    address = f"\0smartsuite-{secrets.token_hex(16)}"
    environment = {
        "PATH": os.environ["PATH"],
        "NOTIFY_SOCKET": address.replace("\0", "@"),
        "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1",  # systemd of today refuses the older control groups
        "SYSTEMD_NSPAWN_TMPFS_TMP": "0",  # /tmp is on the disk
    }
    console = root.parent / "console"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices, console.open("ab") as log:
        notices.bind(address)
        notices.settimeout(BOOT_SECONDS)
        keeper = subprocess.Popen(
            ["unshare", "--mount", "sh", KEEPER, *_nspawn(root, name, manager, options, network)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
        )
        leader = _leader_when_ready(notices)
        if leader is None:
            assert keeper.stdin
            keeper.stdin.close()
            keeper.wait()
            raise AssertionError(f"the machine does not boot:\n{console.read_text(errors='replace')}")
    return Boot(leader, keeper)


def _leader_when_ready(notices: socket.socket) -> int | None:
    """Listen to what systemd-nspawn says until the machine is up; None where it ends or says no more."""
    leader = None
    said: list[str] = []
    while "READY=1" not in said:
        try:
            said = notices.recv(4096).decode().split("\n")
        except TimeoutError:
            return None
        for line in said:
            if line.startswith("X_NSPAWN_LEADER_PID="):
                leader = int(line.partition("=")[2])
            if line.startswith("ERRNO="):
                return None
    return leader


def _nspawn(
    root: Path, name: str, manager: ServiceManager, options: list[str], network: Network
) -> list[str]:
    command = [
        "systemd-nspawn",
        "--quiet",
        "--register=no",
        "--keep-unit",
        "--settings=no",
        "--link-journal=no",
        "--resolv-conf=off",
        "--timezone=off",
        "--console=pipe",
        "--kill-signal=SIGKILL",
        "--machine=smartsuite",
        f"--hostname={name}",
        f"--directory={root}",
        f"--network-namespace-path={network.path}",
        *options,
    ]
    if manager is ServiceManager.SYSTEMD:
        return [*command, "--notify-ready=yes", "--boot", "quiet"]
    # A version 5.x has no systemd; its first process only waits.
    hidden = [f"--bind-ro=/dev/null:/usr/bin/{program}" for program in ("systemctl", "journalctl")]
    return [*command, *hidden, "--as-pid2", "sleep", "infinity"]
