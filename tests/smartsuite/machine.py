"""One server of Smart Suite: a disk, a network and a boot of its own."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sitecert.model.generation import Generation
from sitecert.model.site import Site
from sitecert.model.suite import ServiceManager, SuiteTraits
from sitecert.suite import traits_of
from smartsuite.computer import Computer
from smartsuite.disk import HOST, USERS
from smartsuite.network import Network
from smartsuite.services import READY, Fault, Service
from smartsuite.suite_disk import write_suite_disk
from support.authority import rsa_key
from support.runbooks import NAMES, install_script
from support.stub_server import PASSPHRASE, key_pem

AMCOM, ORACLE = USERS["amcom"], USERS["oracle"]


class Machine(Computer):
    """A server; `with Machine(folder, "8.1") as machine:` boots it and leaves nothing of it but the folder.

    `userland` is a tree of another system, whose programs it then has; `name` is its host name; `names` are
    the names besides that resolve on it, to itself, unless `hosts` gives addresses by name; `network` is
    where it is plugged in.
    """

    def __init__(
        self,
        folder: Path,
        version: str,
        *,
        userland: Path | None = None,
        name: str = "spokwb.parknicollet.com",
        names: Iterable[str] = NAMES,
        network: Network | None = None,
        hosts: dict[str, str] | None = None,
    ) -> None:
        """Write its disk."""
        suite = traits_of(version)
        assert isinstance(suite, SuiteTraits), suite
        self.suite = suite
        known = hosts or dict.fromkeys((name, name.split(".", maxsplit=1)[0], *names), "127.0.1.1")
        disk = write_suite_disk(folder.resolve() / "root", userland or HOST, suite, name, known)
        self._is_sysv = suite.service_manager is ServiceManager.SYSV
        self._is_new = True
        super().__init__(disk, name, network, has_systemd=not self._is_sysv)
        self.pack.mkdir()

    def boot(self) -> None:
        """Start it; from the second boot on its services start by themselves.

        At the first there is nothing that they could serve.
        """
        super().boot()
        if self._is_sysv and not self._is_new:
            self.run("service", "amcom_httpd", "start")
        elif not self._is_sysv:
            self.disk.enable(*(service.unit for service in self.services))
        self._is_new = False

    def reboot(self) -> None:
        """Lose the power and start from the disk; return when the services are up or have failed."""
        super().reboot()
        if self.suite.ords:
            self.ords_is_ready()

    # ---- Its files -----------------------------------------------------------------------------

    @property
    def certificates(self) -> Path:
        """Return the live directory of the certificates, as the host sees it."""
        return self.root / "opt/amcom/apache/conf/ssl.crt"

    @property
    def keys(self) -> Path:
        """Return the live directory of the keys, as the host sees it."""
        return self.root / "opt/amcom/apache/conf/ssl.key"

    @property
    def pack(self) -> Path:
        """Return the folder for a pack, /root/pack on the machine, as the host sees it."""
        return self.root / "root/pack"

    @property
    def state(self) -> Path:
        """Return what install.sh keeps, as the host sees it."""
        return self.root / "root/sitecert"

    def live(self) -> dict[str, tuple[bytes, int, int, int]]:
        """Return every live file: its bytes, mode, user and group."""
        files = [*self.certificates.iterdir(), *self.keys.iterdir()]
        return {
            path.name: (
                path.read_bytes(),
                stat.S_IMODE(path.stat().st_mode),
                path.stat().st_uid,
                path.stat().st_gid,
            )
            for path in sorted(files)
        }

    # ---- Its services --------------------------------------------------------------------------

    @property
    def services(self) -> tuple[Service, ...]:
        """Return the services that this version has."""
        return (Service.APACHE, Service.ORDS) if self.suite.ords else (Service.APACHE,)

    def restart(self, service: Service) -> subprocess.CompletedProcess[str]:
        """Restart a service by the article's command."""
        if self._is_sysv:
            return self.run("service", service.unit.removesuffix(".service"), "restart")
        return self.run("systemctl", "restart", service.unit)

    def restart_services(self) -> None:
        """Restart all services as somebody did before us; raise AssertionError where one does not come up."""
        for service in self.services:
            restarted = self.restart(service)
            assert restarted.returncode == 0, restarted.stderr + self.log(service)
        assert not self.suite.ords or self.ords_is_ready(), self.log(Service.ORDS)

    def ords_is_ready(self) -> bool:
        """Wait until ORDS, in its present start, says that it is ready (True) or ends (False)."""
        shown = self.run("systemctl", "show", "--property=InvocationID", "--value", Service.ORDS.unit)
        present = shown.stdout.strip()
        if not present:
            return False
        match = [f"_SYSTEMD_INVOCATION_ID={present}", "+", f"INVOCATION_ID={present}"]
        following = self.popen(
            "journalctl", "--follow", "--lines=all", "--output=cat", *match, stdout=subprocess.PIPE
        )
        assert following.stdout
        with following:
            for line in following.stdout:
                if READY in line or "Main process exited" in line or "Deactivated" in line:
                    self.signal(following, signal.SIGKILL)
                    return READY in line
        return False

    def log(self, service: Service) -> str:
        """Return what a service said, for a person who reads why a test failed."""
        if service is Service.APACHE:
            path = self.root / "opt/amcom/apache/logs/error_log"
            return path.read_text() if path.exists() else ""
        return self.run("journalctl", "--no-pager", "--unit", service.unit).stdout

    def starts(self) -> list[Service]:
        """Return every start of a service since the machine was made, boots included."""
        return [Service(line) for line in (self.root / "opt/stand-in/starts").read_text().split()]

    def at_start(self, service: Service, fault: Fault) -> None:
        """Let a service go wrong at its next starts, until `mend`; what serves now stays as it is."""
        folder = self.root / "opt/stand-in"
        if fault is Fault.SERVES_OLD:
            self._keep_old(folder / "old")
        gate = folder / f"{service}.gate"
        if fault is Fault.HELD and not gate.exists():
            os.mkfifo(gate)
            gate.chmod(0o666)
        (folder / service).write_text(f"{fault}\n")

    def mend(self, service: Service) -> None:
        """Let a service start as it should."""
        (self.root / "opt/stand-in" / service).unlink(missing_ok=True)

    def let_go(self, service: Service) -> None:
        """Wait until a start that is `Fault.HELD` has begun, and let it go on."""
        (self.root / "opt/stand-in" / f"{service}.gate").write_text("go on\n")

    def _keep_old(self, folder: Path) -> None:
        """Copy the live files, and have configurations that name the copies."""
        folder.mkdir(exist_ok=True)
        for path in (*self.certificates.iterdir(), *self.keys.iterdir()):
            (folder / path.name).write_bytes(path.read_bytes())
        apache = self.root / "opt/amcom/apache/conf/httpd.conf"
        ords = self.root / "opt/oracle/ords/conf/ords/standalone/standalone.properties"
        for path in (apache, ords):
            if path.exists():
                text = path.read_text()
                for live in ("ssl.crt", "ssl.key"):
                    text = text.replace(f"/opt/amcom/apache/conf/{live}/", "/opt/stand-in/old/")
                (folder / path.name).write_text(text)

    # ---- What is served ------------------------------------------------------------------------

    def served(self, port: int, name: str = NAMES[0]) -> str | None:
        """Return the fingerprint (SHA-256, hex) that a handshake on it shows, or None where there is none."""
        return super().served(port, name)

    def both_serve(self, generation: Generation) -> bool:
        """Say whether every service of this version serves the generation."""
        certificate = generation.certificate
        assert certificate
        return {self.served(service.port) for service in self.services} == {certificate.leaf.fingerprint}

    def put_in_service(self, generation: Generation, key: rsa.RSAPrivateKey | None = None) -> None:
        """Install a generation as somebody did before us, with owners of its own; start the services."""
        certificate = generation.certificate
        assert certificate
        key = key or rsa_key(f"generation {generation.number}")
        der = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        _place(self.certificates / "server.crt", certificate.served_pem, 0o640, AMCOM)
        _place(self.certificates / "chain.crt", certificate.chain_pem, 0o644, 0)
        _place(self.keys / "server.key", key_pem(key), 0o640, AMCOM)
        if self.suite.ords:
            _place(self.keys / "server.der", key.private_bytes(*der), 0o400, ORACLE)
        self.restart_services()

    def bring(self, site: Site, generation: Generation, key: rsa.RSAPrivateKey | None = None) -> None:
        """Write a pack: the script as it is rendered, and the files beside it, the key under a passphrase."""
        certificate = generation.certificate
        assert certificate
        server = next((each for each in site.servers if each.name == self.name), None)
        (self.pack / "install.sh").write_text(install_script(site, generation, server))
        (self.pack / "server.crt").write_bytes(certificate.served_pem)
        (self.pack / "chain.crt").write_bytes(certificate.chain_pem)
        key = key or rsa_key(f"generation {generation.number}")
        (self.pack / "server.key").write_bytes(key_pem(key, PASSPHRASE))
        passphrase = self.root / "root/passphrase"
        passphrase.write_text(f"{PASSPHRASE}\n")
        passphrase.chmod(0o600)

    def install(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the pack's install.sh with the passphrase's file, as StubServer's `run` does."""
        script = ("sh", "/root/pack/install.sh", *arguments)
        return self.run(*script, "--passphrase-file", "/root/passphrase")


def _place(path: Path, content: bytes, mode: int, owner: int) -> None:
    path.write_bytes(content)
    path.chmod(mode)
    os.chown(path, owner, owner)
