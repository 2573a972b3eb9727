"""A load balancer: HAProxy or nginx by Debian's own units, on a computer of its own."""

from __future__ import annotations

import os
import stat
import subprocess
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

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


UNITS = HOST / "usr/lib/systemd/system"
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
HOLD = "/bin/sh -c 'read -r _ </root/gate'"


class Reload(StrEnum):
    """What goes wrong at a reload, as lines of the unit; `@own@` stands for the unit's own.

    A reload that is held, before it does anything or when all is done, waits for a line from `gate`.
    """

    FAILS = "ExecReload=\nExecReload=/bin/false\n"
    DOES_NOTHING = "ExecReload=\nExecReload=/bin/true\n"
    HELD = f"ExecReload=\nExecReload={HOLD}\n@own@"
    HELD_WHEN_DONE = f"ExecReload={HOLD}\n"


class Balancer(Computer):
    """A load balancer before two servers, which it calls by the names that are given.

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
        # Debian's haproxy has it from tmpfiles.d, which is not started here.
        disk.text("etc/systemd/system/haproxy.service.d/run.conf", "[Service]\nRuntimeDirectory=haproxy\n")
        for path in ("var/lib/haproxy", "var/lib/nginx", "var/log/nginx", "root/pack"):
            (disk.root / path).mkdir(parents=True)
        (disk.root / self._program.certificate).parent.mkdir()
        super().__init__(disk, name, network)

    @property
    def configuration(self) -> Path:
        """Return its configuration, as the host sees it."""
        return self.root / self._program.configuration

    @property
    def key(self) -> Path:
        """Return the live file of its key, as the host sees it; HAProxy has its certificate there, too."""
        return self.root / self._program.key

    def boot(self) -> None:
        """Start it; from the second boot on it balances by itself."""
        super().boot()
        self.disk.enable(self._program.unit)

    def start(self) -> None:
        """Balance; raise AssertionError where it cannot, for it terminates and has no certificate."""
        started = self.run("systemctl", "restart", self._program.unit)
        assert started.returncode == 0, self.run("journalctl", "--no-pager", "-u", self._program.unit).stdout

    def put_in_service(self, generation: Generation, key: rsa.RSAPrivateKey | None = None) -> None:
        """Install a generation as somebody did before us, and start."""
        certificate = generation.certificate
        assert certificate
        for path in {self._program.certificate, self._program.key}:
            (self.root / path).write_bytes(b"")
            (self.root / path).chmod(0o600)
        with (self.root / self._program.certificate).open("ab") as file:
            file.write(certificate.served_pem)
        with (self.root / self._program.key).open("ab") as file:
            file.write(key_pem(key or rsa_key(f"generation {generation.number}")))
        self.start()

    def bring(self, site: Site, generation: Generation, key: rsa.RSAPrivateKey | None = None) -> None:
        """Write the load balancer's pack, with the key under a passphrase, as handoff writes it."""
        certificate = generation.certificate
        assert certificate
        pack = self.root / "root/pack"
        for name, text in load_balancer_files(site, generation).items():
            (pack / name).write_text(text)
        (pack / "server.crt").write_bytes(certificate.served_pem)
        key = key or rsa_key(f"generation {generation.number}")
        (pack / "server.key").write_bytes(key_pem(key, PASSPHRASE))
        (self.root / "root/passphrase").write_text(f"{PASSPHRASE}\n")

    def install(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the pack's load-balancer.sh with the passphrase's file."""
        script = ("sh", "/root/pack/load-balancer.sh", *arguments)
        return self.run(*script, "--passphrase-file", "/root/passphrase")

    def at_reload(self, fault: Reload) -> None:
        """Let every reload go wrong, until `mend`."""
        if not self.gate.exists():
            os.mkfifo(self.gate)
        text = (UNITS / self._program.unit).read_text()
        own = "".join(line for line in text.splitlines(keepends=True) if line.startswith("ExecReload="))
        self.disk.text(self._fault, "[Service]\n" + fault.replace("@own@", own))
        self.run("systemctl", "daemon-reload")

    @property
    def gate(self) -> Path:
        """Return the pipe whose opening for writing waits until a reload is held."""
        return self.root / "root/gate"

    def mend(self) -> None:
        """Let reloads go as they should."""
        (self.root / self._fault).unlink()
        self.run("systemctl", "daemon-reload")

    @property
    def _fault(self) -> str:
        return f"etc/systemd/system/{self._program.unit}.d/fault.conf"

    def live(self) -> dict[str, tuple[bytes, int] | None]:
        """Return the file or files that it serves from: the bytes and mode of each, or nothing."""
        paths = {self.root / path for path in (self._program.certificate, self._program.key)}
        return {
            path.name: (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) if path.exists() else None
            for path in sorted(paths)
        }
