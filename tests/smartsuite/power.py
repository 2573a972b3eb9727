"""Booting a computer with systemd-nspawn, and ending it."""

from __future__ import annotations

import os
import secrets
import socket
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

from smartsuite.network import Network

KEEPER = Path(__file__).parent / "files/keeper.sh"
BOOT_SECONDS = 60
"""A boot takes a fraction of a second; so long without a word from it is a failure."""


@dataclass(frozen=True)
class Boot:
    """A computer that runs: `leader` is its first process, `keeper` what keeps it alive."""

    leader: int
    keeper: subprocess.Popen[bytes]

    def end(self) -> None:
        """Kill all that runs on it; return when it is gone."""
        assert self.keeper.stdin
        self.keeper.stdin.close()
        self.keeper.wait()


def boot(options: list[str], network: Network, console: Path, *, has_systemd: bool) -> Boot:
    """Boot by systemd-nspawn with these options; return once systemd says that the boot is over.

    What is said on the console goes to a file. Raises AssertionError where the computer does not come up.
    """
    address = f"\0smartsuite-{secrets.token_hex(16)}"
    environment = {
        "PATH": os.environ["PATH"],
        "NOTIFY_SOCKET": address.replace("\0", "@"),
        "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1",  # systemd of today refuses the older control groups
        "SYSTEMD_NSPAWN_TMPFS_TMP": "0",  # /tmp is on the disk
    }
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices, console.open("ab") as log:
        notices.bind(address)
        notices.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        notices.settimeout(BOOT_SECONDS)
        keeper = subprocess.Popen(
            ["unshare", "--mount", "sh", KEEPER, network.path, *_nspawn(options, has_systemd=has_systemd)],
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
            raise AssertionError(f"it does not boot:\n{console.read_text(errors='replace')}")
    return Boot(leader, keeper)


def _leader_when_ready(notices: socket.socket) -> int | None:
    """Listen to what systemd-nspawn says until it is up; None where it ends or says no more."""
    said: list[str] = []
    while "READY=1" not in said:
        try:
            message, sender = _receive(notices)
        except TimeoutError:
            return None
        said = message.split("\n")
        if any(line.startswith("ERRNO=") for line in said):
            return None
    (leader,) = children(sender)
    return leader


def _receive(notices: socket.socket) -> tuple[str, int]:
    """Receive a message, and the process that sent it: by its number here, not by that in its namespace."""
    credentials = struct.Struct("3i")
    message, ancillary, _, _ = notices.recvmsg(4096, socket.CMSG_SPACE(credentials.size))
    ((_, _, sender),) = ancillary
    process, _, _ = credentials.unpack(sender)
    return message.decode(), process


def children(process: int) -> list[int]:
    """Return the children of a process."""
    return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _nspawn(options: list[str], *, has_systemd: bool) -> list[str]:
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
        "--machine=smartsuite",
        "--network-namespace-path=/run/network",
        *options,
    ]
    if has_systemd:
        return [*command, "--notify-ready=yes", "--boot", "quiet"]
    # A version 5.x has no systemd; its first process only waits.
    hidden = [f"--bind-ro=/dev/null:/usr/bin/{program}" for program in ("systemctl", "journalctl")]
    return [*command, *hidden, "--as-pid2", "sleep", "infinity"]
