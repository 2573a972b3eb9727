"""Two servers of Smart Suite behind a load balancer, and a client, in a network of their own."""

from __future__ import annotations

import shlex
import subprocess
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography.hazmat.primitives.asymmetric import rsa

from sitecert.model.generation import Generation
from sitecert.model.site import Site, Vendor
from smartsuite.balancer import Balancer
from smartsuite.clients import write_pages
from smartsuite.computer import Computer
from smartsuite.machine import Machine
from smartsuite.network import Network
from support.runbooks import NAMES, behind
from support.sites import a_server, a_site_on

SERVERS = ("spokwb1.parknicollet.com", "spokwb2.parknicollet.com")
BALANCER = "balancer.parknicollet.com"
CLIENT_ADDRESS = "10.77.0.1"
ADDRESSES = {SERVERS[0]: "10.77.0.11", SERVERS[1]: "10.77.0.12", BALANCER: "10.77.0.10"}
"""Where each of them is; nothing of this network is seen outside of it."""


class Pair:
    """Two servers and a load balancer; `with Pair(folder, "8.1", Vendor.HAPROXY) as pair:` boots them.

    The site's names lead to the load balancer, each server's name (long and short) to the server.
    `terminates` says whether the load balancer ends TLS itself.
    """

    def __init__(self, folder: Path, version: str, vendor: Vendor, *, terminates: bool = False) -> None:
        """Lay the cables and write the disks."""
        self.site = pair_site(version, vendor)
        self.client = Network()
        self.client.bridge(f"{CLIENT_ADDRESS}/24")
        self._networks = {name: Network() for name in ADDRESSES}
        for name, network in self._networks.items():
            network.join(self.client, name.split(".", maxsplit=1)[0], f"{ADDRESSES[name]}/24")
        short = {name.split(".", maxsplit=1)[0]: address for name, address in ADDRESSES.items()}
        hosts = {**ADDRESSES, **short, **dict.fromkeys(NAMES, ADDRESSES[BALANCER])}
        first, second = (
            Machine(folder / name, version, name=name, network=self._networks[name], hosts=hosts)
            for name in SERVERS
        )
        self.servers = (first, second)
        for server in self.servers:
            write_pages(server.root / "opt/amcom/apache/htdocs")
        self.balancer = Balancer(
            folder / BALANCER,
            vendor,
            SERVERS,
            terminates=terminates,
            name=BALANCER,
            network=self._networks[BALANCER],
            hosts=hosts,
        )
        self._hosts = self.balancer.root / "etc/hosts"
        self._running = ExitStack()

    def __enter__(self) -> Self:
        """Boot all three."""
        with ExitStack() as running:
            for network in (self.client, *self._networks.values()):
                running.callback(network.close)
            for computer in (*self.servers, self.balancer):
                running.enter_context(computer)
            self._running = running.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Pull all plugs."""
        self._running.close()

    def put_in_service(self, generation: Generation, key: rsa.RSAPrivateKey | None = None) -> None:
        """Install a generation on all that end TLS, as somebody did before us, and start everything.

        The key is the one of the generation's number, unless another is given.
        """
        for server in self.servers:
            server.put_in_service(generation, key)
        if self.balancer.terminates:
            self.balancer.put_in_service(generation, key)
        else:
            self.balancer.start()

    def served(self, port: int = 443, name: str = NAMES[0], at: Computer | None = None) -> str | None:
        """Return the fingerprint that the client is shown by the load balancer, or by a server (`at`)."""
        address = ADDRESSES[(at or self.balancer).name]
        return self.client.served(address, port, name)

    def client_command(self, *command: str) -> list[str]:
        """Return what runs a program of the host where the client is."""
        enter = f'mount --bind {shlex.quote(str(self._hosts))} /etc/hosts && exec "$@"'
        entering = ["nsenter", f"--net={self.client.path}", "--", "unshare", "--mount"]
        return [*entering, "sh", "-c", enter, "sh", *command]

    def run_in_client(
        self, *command: str, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of the host where the client is: in its network, with the names known there."""
        return subprocess.run(
            self.client_command(*command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env=env,
        )


def pair_site(version: str, vendor: Vendor) -> Site:
    """Return the article's site on two servers behind a load balancer."""
    site = a_site_on(version)
    servers = tuple(a_server(name, ords=site.suite.ords) for name in SERVERS)
    return replace(behind(site, vendor), servers=servers)
