"""What lies on the disk of a machine: its small /etc, its services, and where the rest is bound from."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sitecert.model.suite import ServiceManager, SuiteTraits
from smartsuite.ords import ARCHIVE, JAR, JAVA, ords

FILES = Path(__file__).parent / "files"
HOST = Path("/")
USERS = {"admin": 500, "amcom": 501, "oracle": 502}
"""The users of a Smart Suite server, with their ids."""

PASSWD = "root:x:0:0:root:/root:/bin/sh\n" + "".join(
    f"{name}:x:{number}:{number}::/home/{name}:/bin/sh\n" for name, number in USERS.items()
)
# oracle is in amcom's group, for ORDS reads Apache's files.
GROUP = "root:x:0:\nadmin:x:500:\namcom:x:501:oracle\noracle:x:502:\n"
BOUND = ("usr", "etc/alternatives", "etc/ssl/certs", "etc/ssl/openssl.cnf", "etc/ld.so.cache")
FOLDERS = ("dev", "etc", "opt", "proc", "root", "run", "sys", "tmp", "usr", "var/log", "var/tmp")
DEVICES = ("null", "random", "urandom")


@dataclass(frozen=True)
class Layout:
    """A disk to be: `userland` is the tree whose /usr it has, `hosts` are addresses by name.

    The services always run in this computer's own userland. Where the machine has another, that one is at
    /host of it, and the services are put there (`cage`).
    """

    root: Path
    userland: Path
    suite: SuiteTraits
    name: str
    hosts: dict[str, str]

    @property
    def cage(self) -> str:
        """Return where in the machine the root of its services is, without the last slash."""
        return "" if self.userland == HOST else "/host"

    def write(self) -> list[str]:
        """Write the disk; return the options of systemd-nspawn that bind the rest over it."""
        options = _file_system(self.root, self.userland, at="")
        (self.root / "root").chmod(0o700)
        self._etc()
        if self.cage:
            options += self._fill_cage()
        self._apache()
        if self.suite.service_manager is ServiceManager.SYSV:
            self._file("amcom_httpd.init", "etc/init.d/amcom_httpd", 0o755)
        else:
            self._systemd()
        if self.suite.ords:
            options += self._ords()
        return options

    def _text(self, path: str, text: str, mode: int = 0o644) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        target.chmod(mode)

    def _file(self, name: str, path: str, mode: int = 0o644) -> None:
        """Write a file of `files/`, with its two values."""
        text = (FILES / name).read_text()
        self._text(path, text.replace("@cage@", self.cage).replace("@java@", " ".join(JAVA)), mode)

    def _etc(self) -> None:
        self._text("etc/passwd", PASSWD)
        self._text("etc/group", GROUP)
        self._text("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n")
        self._text("etc/os-release", (self.userland / "usr/lib/os-release").read_text())
        self._text("etc/hostname", f"{self.name}\n")
        self._text("etc/machine-id", f"{uuid4().hex}\n")  # without one, systemd takes it for a first boot
        known = {"localhost": "127.0.0.1", **self.hosts}
        self._text("etc/hosts", "".join(f"{address} {name}\n" for name, address in known.items()))

    def _fill_cage(self) -> list[str]:
        cage = self.root / self.cage[1:]
        options = _file_system(cage, HOST, at=self.cage)
        for name in ("passwd", "group", "nsswitch.conf", "hosts"):
            shutil.copy2(self.root / "etc" / name, cage / "etc" / name)
        devices = [f"--bind-ro=/dev/{name}:{self.cage}/dev/{name}" for name in DEVICES]
        opt = f"--bind={self.root}/opt:{self.cage}/opt"
        return [*options, *devices, opt, f"--tmpfs={self.cage}/run"]

    def _apache(self) -> None:
        for folder in ("conf/ssl.crt", "conf/ssl.key", "htdocs", "logs"):
            (self.root / "opt/amcom/apache" / folder).mkdir(parents=True)
        self._file("httpd.conf", "opt/amcom/apache/conf/httpd.conf")
        self._file("httpd", "opt/amcom/apache/bin/httpd", 0o755)
        self._text("opt/stand-in/starts", "", 0o666)
        (self.root / "opt/stand-in").chmod(0o777)

    def _systemd(self) -> None:
        units = "etc/systemd/system"
        self._file("multi-user.target", f"{units}/multi-user.target")
        (self.root / units / "default.target").symlink_to("multi-user.target")
        self._file("amcom_httpd.service", f"{units}/amcom_httpd.service")
        if self.suite.ords:
            self._file("ords-standalone.service", f"{units}/ords-standalone.service")
        if self.suite.ords and self.cage:
            cage = f"[Service]\nRootDirectory={self.cage}\nMountAPIVFS=yes\n"
            self._text(f"{units}/ords-standalone.service.d/cage.conf", cage)
        self._mask_the_rest()

    def _mask_the_rest(self) -> None:
        """Keep systemd from starting anything of the userland's but its journal."""
        library = self.userland / "usr/lib/systemd"
        wanted = {path.name for path in library.glob("system/*.target.wants/*")}
        for name in wanted:
            if not name.startswith("systemd-journald"):
                (self.root / "etc/systemd/system" / name).symlink_to("/dev/null")
        generators = self.root / "etc/systemd/system-generators"
        generators.mkdir()
        for path in (library / "system-generators").iterdir():
            (generators / path.name).symlink_to("/dev/null")

    def _ords(self) -> list[str]:
        home = "opt/oracle/ords"
        self._file("standalone.properties", f"{home}/conf/ords/standalone/standalone.properties")
        self._file("ords-standalone.sh", f"{home}/ords-standalone.sh", 0o755)
        made = ords()
        for name in (JAR, ARCHIVE):
            self._text(f"{home}/{name}", "")
        tops = {"", self.cage}
        return [f"--bind-ro={made}/{name}:{top}/{home}/{name}" for top in tops for name in (JAR, ARCHIVE)]


def _file_system(root: Path, userland: Path, *, at: str) -> list[str]:
    """Lay out the top of a file system; return the options that bind `userland`'s programs over it."""
    for folder in FOLDERS:
        (root / folder).mkdir(parents=True)
    for folder in ("tmp", "var/tmp"):
        (root / folder).chmod(0o1777)
    for name in ("bin", "sbin", "lib", "lib64"):
        (root / name).symlink_to(f"usr/{name}")
    (root / "var/run").symlink_to("/run")
    java = [path.relative_to(userland).as_posix() for path in (userland / "etc").glob("java-*-openjdk")]
    present = [path for path in (*BOUND, *java) if (userland / path).exists()]
    return [f"--bind-ro={userland / path}:{at}/{path}" for path in present]
