"""A load balancer: HAProxy or nginx by Debian's own units, on a computer of its own."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from sitecert.model.generation import Generation
from sitecert.model.site import Site, Vendor
from smartsuite.computer import Computer
from smartsuite.disk import HOST, Disk
from smartsuite.network import Network
from support.authority import rsa_key
from support.runbooks import NAMES, load_balancer_files
from support.stub_server import PASSPHRASE, key_pem


@dataclass(frozen=True)
class Program:
    """A program that balances: its unit, configuration, and the file or files that it serves from."""

    unit: str
    configuration: str
    certificate: str
    key: str


PROGRAMS = {
    Vendor.HAPROXY: Program(
        "haproxy.service",
        "etc/haproxy/haproxy.cfg",
        f"etc/haproxy/certs/{NAMES[0]}.pem",
        f"etc/haproxy/certs/{NAMES[0]}.pem",
    ),
    Vendor.NGINX: Program(
        "nginx.service",
        "etc/nginx/nginx.conf",
        f"etc/nginx/ssl/{NAMES[0]}.crt",
        f"etc/nginx/ssl/{NAMES[0]}.key",
    ),
}


class Balancer(Computer):
    """A load balancer before two servers, whose addresses are given.

    It hands TLS on, or ends it (`terminates`) with a certificate of its own, from where the vendors'
    runbooks put it.
    """

    def __init__(
        self,
        folder: Path,
        vendor: Vendor,
        servers: tuple[str, str],
        *,
        terminates: bool,
        name: str,
        network: Network,
        hosts: dict[str, str],
    ) -> None:
        """Write its disk."""
        self.vendor = vendor
        self.terminates = terminates
        self._program = PROGRAMS[vendor]
        disk = Disk(folder.resolve() / "root")
        disk.userland(HOST)
        disk.identity(name, hosts)
        disk.systemd(HOST)
        way = "terminate" if terminates else "pass"
        first, second = servers
        disk.file(
            f"{vendor}-{way}.cfg", self._program.configuration, first=first, second=second, site=NAMES[0]
        )
        for path in ("var/lib/haproxy", "var/lib/nginx", "var/log/nginx", "root/pack"):
            (disk.root / path).mkdir(parents=True)
        (disk.root / self._program.certificate).parent.mkdir()
        super().__init__(disk, name, network)

    def boot(self) -> None:
        """Start it; from the second boot on it balances by itself."""
        super().boot()
        self.disk.enable(self._program.unit)

    def start(self) -> None:
        """Balance; raise AssertionError where it cannot, for it terminates and has no certificate."""
        started = self.run("systemctl", "restart", self._program.unit)
        assert started.returncode == 0, self.run("journalctl", "--no-pager", "-u", self._program.unit).stdout

    def put_in_service(self, generation: Generation) -> None:
        """Install a generation as somebody did before us, and start."""
        certificate = generation.certificate
        assert certificate
        for path in {self._program.certificate, self._program.key}:
            (self.root / path).write_bytes(b"")
            (self.root / path).chmod(0o600)
        with (self.root / self._program.certificate).open("ab") as file:
            file.write(certificate.served_pem)
        with (self.root / self._program.key).open("ab") as file:
            file.write(key_pem(rsa_key(f"generation {generation.number}")))
        self.start()

    def bring(self, site: Site, generation: Generation) -> None:
        """Write the load balancer's pack, with the key under a passphrase, as handoff writes it."""
        certificate = generation.certificate
        assert certificate
        pack = self.root / "root/pack"
        for name, text in load_balancer_files(site, generation).items():
            (pack / name).write_text(text)
        (pack / "server.crt").write_bytes(certificate.served_pem)
        (pack / "server.key").write_bytes(key_pem(rsa_key(f"generation {generation.number}"), PASSPHRASE))
        (self.root / "root/passphrase").write_text(f"{PASSPHRASE}\n")

    def install(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the pack's load-balancer.sh with the passphrase's file."""
        script = ("sh", "/root/pack/load-balancer.sh", *arguments)
        return self.run(*script, "--passphrase-file", "/root/passphrase")
