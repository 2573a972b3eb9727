"""A server of stubs: scratch directories, a service manager that starts real TLS servers, install.sh on it.

The services are `openssl s_server`: like Apache and ORDS they read their files when they start, and fail
where key and certificate do not match. Nothing waits for a time: a restart returns once the server listens.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import socket
import ssl
import stat
import subprocess
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sitecert.model.generation import Generation
from sitecert.model.site import Site
from support.authority import rsa_key
from support.runbooks import install_script

PASSPHRASE = "correct horse; 'battery' staple"  # noqa: S105  of keys that live as long as a test

SYSTEMCTL = """#!/bin/sh
# Stands in for systemctl and service: restart starts a TLS server on what lies in the live directories.
echo "$*" >>{root}/calls
case "$*" in
*is-failed*) exit 1 ;;
*ActiveState*) echo ActiveState=active && exit ;;
show*) exit 0 ;; # it knows no property of any unit
*ords*) unit=ords port={ords} ;;
*) unit=apache port={https} ;;
esac
[ ! -e {root}/hook ] || . {root}/hook
if [ -s {root}/$unit.pid ]; then
    kill "$(cat {root}/$unit.pid)" 2>/dev/null
    while readlink "/proc/$(cat {root}/$unit.pid)/exe" >/dev/null; do :; done
fi
set -- -accept "$port" -cert {crt}/server.crt -www
[ ! -e {crt}/chain.crt ] || set -- "$@" -cert_chain {crt}/chain.crt
case $unit in
ords) set -- "$@" -key {key}/server.der -keyform DER ;;
apache) set -- "$@" -key {key}/server.key ;;
esac
[ ! -e {root}/stale-$unit ] || exit 0
rm -f {root}/$unit.out
{openssl} s_server "$@" </dev/null >{root}/$unit.out 2>&1 9>&- &
echo "$!" >{root}/$unit.pid
until grep -qs ACCEPT {root}/$unit.out; do
    readlink "/proc/$(cat {root}/$unit.pid)/exe" >/dev/null || exit 1
done
[ "$unit" != ords ] || echo "Ords Standalone is ready" >>{root}/journal
"""

JOURNALCTL = """#!/bin/sh
# Stands in for journalctl: a cursor is a number of lines.
case "$*" in
*--show-cursor*) echo "-- cursor: $(grep -c '' {root}/journal)" ;;
*--after-cursor*) sed "1,${{5}}d" {root}/journal ;;
esac
"""


_FIRST = 20000 + os.getpid() * 37 % 12000  # so that tests that run beside one another seldom meet
_PORTS = itertools.cycle([*range(_FIRST, 32000), *range(20000, _FIRST)])


def free_port() -> int:
    """Return a port that nobody listens on, below those that the kernel gives to clients."""
    for port in _PORTS:
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("ports do not end")


def key_pem(key: rsa.RSAPrivateKey, passphrase: str | None = None) -> bytes:
    """Return a key as PKCS#8 PEM, encrypted where there is a passphrase."""
    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase is not None:
        protection = serialization.BestAvailableEncryption(passphrase.encode())
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)


@dataclass
class StubServer:
    """One server in a scratch directory; `old` is the generation in service before, if there is one."""

    root: Path
    shell: tuple[str, ...] = ("sh",)
    https: int = field(default_factory=free_port)
    ords: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        """Lay out the directories and the stubs."""
        self.root = self.root.resolve()
        for folder in (self.certificates, self.keys, self.bin, self.pack):
            folder.mkdir(parents=True)
        (self.root / "journal").write_text("Ords Standalone is ready\n")
        openssl = subprocess.run(
            ["sh", "-c", "command -v openssl"], capture_output=True, text=True, check=True
        )
        values = {
            "root": self.root,
            "https": self.https,
            "ords": self.ords,
            "crt": self.certificates,
            "key": self.keys,
            "openssl": openssl.stdout.strip(),
        }
        self._program("systemctl", SYSTEMCTL.format(**values))
        self._program("service", SYSTEMCTL.format(**values))
        self._program("journalctl", JOURNALCTL.format(**values))
        self._program("id", "#!/bin/sh\necho 0\n")

    @property
    def certificates(self) -> Path:
        """Return the live directory of the certificates."""
        return self.root / "apache/conf/ssl.crt"

    @property
    def keys(self) -> Path:
        """Return the live directory of the keys."""
        return self.root / "apache/conf/ssl.key"

    @property
    def bin(self) -> Path:
        """Return the folder of the stubs."""
        return self.root / "bin"

    @property
    def pack(self) -> Path:
        """Return the folder that install.sh lies in."""
        return self.root / "pack"

    @property
    def state(self) -> Path:
        """Return what the script keeps."""
        return self.root / "state"

    def _program(self, name: str, text: str) -> None:
        path = self.bin / name
        path.write_text(text)
        path.chmod(0o755)

    def at_restart(self, text: str) -> None:
        """Run shell inside each restart, before the service stops; `$unit` is `apache` or `ords`."""
        (self.root / "hook").write_text(f"{text}\n")

    def at_first_restart(self, text: str, unit: str = "apache") -> None:
        """Run shell inside the first restart of a service, and never again."""
        once = self.root / "once"
        self.at_restart(f'[ "$unit" != {unit} ] || [ -e {once} ] || {{ touch {once}; {text}; }}')

    def put_in_service(self, generation: Generation) -> None:
        """Install a generation as somebody did before us, and start both services."""
        certificate = generation.certificate
        assert certificate
        key = rsa_key(f"generation {generation.number}")
        (self.certificates / "server.crt").write_bytes(certificate.served_pem)
        (self.certificates / "chain.crt").write_bytes(certificate.chain_pem)
        self.write_key("server.key", key_pem(key))
        der = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        self.write_key("server.der", key.private_bytes(*der))
        self.restart_as_somebody("amcom_httpd.service", "ords-standalone.service")

    def restart_as_somebody(self, *units: str) -> None:
        """Restart services as somebody did before us: `calls` does not count it."""
        for unit in units:
            subprocess.run([self.bin / "systemctl", "restart", unit], check=True)
        (self.root / "calls").unlink()

    def write_key(self, name: str, content: bytes) -> None:
        """Write a live key with a mode of its own."""
        path = self.keys / name
        path.write_bytes(content)
        path.chmod(0o640)

    def bring(self, site: Site, generation: Generation, key: rsa.RSAPrivateKey | None = None) -> None:
        """Write a pack: the script, pointed at this server, and the files beside it."""
        certificate = generation.certificate
        assert certificate
        (self.pack / "install.sh").write_text(self.point(install_script(site, generation)))
        (self.pack / "server.crt").write_bytes(certificate.served_pem)
        (self.pack / "chain.crt").write_bytes(certificate.chain_pem)
        key = key or rsa_key(f"generation {generation.number}")
        (self.pack / "server.key").write_bytes(key_pem(key, PASSPHRASE))
        (self.root / "passphrase").write_text(PASSPHRASE + "\n")

    def point(self, script: str) -> str:
        """Replace the script's constants: paths, ports, patience, and where programs are found."""
        path = os.environ["PATH"]
        replaced = {
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin": f"PATH='{self.bin}:{path}'",
            "/opt/amcom/apache": str(self.root / "apache"),
            "/root/sitecert": str(self.state),
            "ADDRESSES='127.0.0.1 spokwb.parknicollet.com'": "ADDRESSES=127.0.0.1",
            "HTTPS_PORT=443": f"HTTPS_PORT={self.https}",
            "ORDS_PORT=8443": f"ORDS_PORT={self.ords}",
            "APACHE_SECONDS=60": "APACHE_SECONDS=0",
            "ORDS_SECONDS=120": "ORDS_SECONDS=0",
        }
        for old, new in replaced.items():
            script = script.replace(old, new)
        return script

    def run(self, *arguments: str, script: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run the script to its end, in a session of its own."""
        command = [*self.shell, script or self.pack / "install.sh", *arguments]
        options = ["--passphrase-file", self.root / "passphrase"]
        return subprocess.run(
            [*command, *options],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def served(self, port: int) -> str | None:
        """Return the fingerprint that a handshake shows, or None where there is none."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        try:
            with (
                socket.create_connection(("127.0.0.1", port)) as plain,
                context.wrap_socket(plain, server_hostname="smartweb.parknicollet.com") as secure,
            ):
                return sha256(secure.getpeercert(binary_form=True) or b"").hexdigest()
        except OSError:
            return None

    def both_serve(self, generation: Generation) -> bool:
        """Say whether Apache and ORDS serve the generation."""
        certificate = generation.certificate
        assert certificate
        return {self.served(self.https), self.served(self.ords)} == {certificate.leaf.fingerprint}

    def live(self) -> dict[str, tuple[bytes, int, int, int]]:
        """Return every live file: its bytes, mode and owner."""
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

    def listing(self) -> list[str]:
        """Return every file in the live directories and in what the script keeps, but for its lock."""
        paths = [*(self.root / "apache").rglob("*"), *self.state.rglob("*")]
        return sorted(str(path) for path in paths if path.is_file() and path.name != "lock")

    def calls(self) -> list[str]:
        """Return what the service manager was asked to do."""
        path = self.root / "calls"
        return (
            [
                line
                for line in path.read_text().splitlines()
                if line.split()[-1] == "restart" or line.split()[0] in ("restart", "reload-or-restart")
            ]
            if path.exists()
            else []
        )

    def stop(self) -> None:
        """End the servers that this one started."""
        for path in self.root.glob("*.pid"):
            try:
                os.kill(int(path.read_text()), signal.SIGKILL)
            except (ProcessLookupError, ValueError):
                continue
