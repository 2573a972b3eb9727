"""A computer of its own: a disk, a network, systemd or not, and programs that are run on it."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from smartsuite.disk import Disk
from smartsuite.needs import PATH
from smartsuite.network import Network
from smartsuite.power import Boot, boot, children


class Computer:
    """A computer; `with` boots it and leaves nothing of it but its disk.

    Its network is its own, or one that it is plugged into.
    """

    def __init__(self, disk: Disk, name: str, network: Network | None, *, has_systemd: bool = True) -> None:
        """Hold what it is made of."""
        self.disk = disk
        self.name = name
        self.network = network or Network()
        self._owns_network = network is None
        self._has_systemd = has_systemd
        self._boot: Boot | None = None

    def __enter__(self) -> Self:
        """Boot."""
        self.boot()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Pull the plug."""
        self.stop()
        if self._owns_network:
            self.network.close()

    @property
    def root(self) -> Path:
        """Return its /, as the host sees it: without what is bound over it."""
        return self.disk.root

    def boot(self) -> None:
        """Start what lies on the disk; return when the boot is over, whatever became of the services."""
        assert self._boot is None, "it runs already"
        command = [*self.disk.options, f"--directory={self.root}", f"--hostname={self.name}"]
        console = self.root.parent / f"{self.root.name}.console"
        self._boot = boot(command, self.network, console, has_systemd=self._has_systemd)

    def stop(self) -> None:
        """Pull the plug: all that runs on it is killed at once."""
        if self._boot is not None:
            self._boot.end()
            self._boot = None

    def reboot(self) -> None:
        """Lose the power and start from the disk.

        The kernel stays: what was written and not flushed is there all the same.
        """
        self.stop()
        self.boot()

    @property
    def processes(self) -> tuple[int, int]:
        """Return its first process and the one that keeps it, as the host counts them."""
        assert self._boot is not None, "it does not run"
        return self._boot.leader, self._boot.keeper.pid

    def popen(
        self, *command: str, env: dict[str, str] | None = None, **options: object
    ) -> subprocess.Popen[str]:
        """Start a program on the machine, as root in /root with a clean environment and `env`.

        The process is the door to the program: `signal` reaches the program itself.
        """
        return subprocess.Popen(self.command(*command, env=env), text=True, **options)  # type: ignore[call-overload, no-any-return]

    def run(
        self,
        *command: str,
        input: str = "",  # noqa: A002  as subprocess calls it
        env: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program on the machine to its end, as root in /root with a clean environment and `env`."""
        return subprocess.run(
            self.command(*command, env=env),
            input=input,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )

    def command(self, *command: str, env: dict[str, str] | None = None) -> list[str]:
        """Return what runs a program on it, for those who start it themselves."""
        assert self._boot is not None, "it does not run"
        variables = {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8", **(env or {})}
        clean = ["env", "-i", "--chdir=/root", *(f"{key}={value}" for key, value in variables.items())]
        return ["nsenter", f"--target={self._boot.leader}", "--all", "--", *clean, *command]

    def signal(self, process: subprocess.Popen[str], number: signal.Signals) -> None:
        """Send a signal to the program that `popen` started; it must have begun, as its output shows."""
        (child,) = children(process.pid)
        os.kill(child, number)

    def served(self, port: int, name: str) -> str | None:
        """Return the fingerprint (SHA-256, hex) that a handshake on it shows, or None where there is none."""
        return self.network.served("127.0.0.1", port, name)
