"""What lies on the disk of a machine: its small /etc, its services, and where the rest is bound from."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from sitecert.model.suite import ServiceManager, SuiteTraits
from smartsuite.ords import ARCHIVE, JAR, JAVA, ords

FILES = Path(__file__).parent / "files"
HOST = Path("/")
CAGE = "host"
USERS = {"admin": 500, "amcom": 501, "oracle": 502}
"""The users of a Smart Suite server, with their ids; oracle is in amcom's group too, to read its files."""

PASSWD = "root:x:0:0:root:/root:/bin/sh\n" + "".join(
    f"{name}:x:{number}:{number}::/home/{name}:/bin/sh\n" for name, number in USERS.items()
)
GROUP = "root:x:0:\nadmin:x:500:\namcom:x:501:oracle\noracle:x:502:\n"
# A boot that starts what a test needs and no more. The rest of what the userland would start is masked.
DEFAULT_TARGET = """\
[Unit]
Description=Smart Suite
Requires=basic.target
After=basic.target
AllowIsolate=yes
"""


@dataclass(frozen=True)
class Bind:
    """A path of this computer that a machine sees, read-only unless said otherwise."""

    source: Path
    target: str
    writable: bool = False


def lay_out(root: Path, userland: Path, suite: SuiteTraits, name: str, hosts: dict[str, str]) -> list[Bind]:
    """Write a machine's disk; return what is bound over it. `hosts` are addresses by name."""
    binds = _userland(root, userland)
    (root / "root").chmod(0o700)
    _etc(root, name, hosts)
    _write(root / "etc/os-release", (userland / "usr/lib/os-release").read_text())
    if userland == HOST:
        is_caged = False
    else:
        is_caged = True
        binds += _cage(root)
    _apache(root, is_caged=is_caged)
    if suite.service_manager is ServiceManager.SYSV:
        _write(root / "etc/init.d/amcom_httpd", _file("amcom_httpd.init"), 0o755)
    else:
        _systemd(root, userland, suite, is_caged=is_caged)
    if suite.ords:
        binds += _ords(root, is_caged=is_caged)
    return binds


def _file(name: str, **values: str) -> str:
    text = (FILES / name).read_text()
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text


def _write(path: Path, text: str, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


def _userland(root: Path, userland: Path) -> list[Bind]:
    """Lay out the top of a file system whose /usr is another's."""
    for folder in ("dev", "etc", "opt", "proc", "root", "run", "sys", "tmp", "usr", "var/log", "var/tmp"):
        (root / folder).mkdir(parents=True)
    for folder in ("tmp", "var/tmp"):
        (root / folder).chmod(0o1777)
    for name in ("bin", "sbin", "lib", "lib64"):
        (root / name).symlink_to(f"usr/{name}")
    (root / "var/run").symlink_to("/run")
    shared = ["usr", "etc/alternatives", "etc/ssl/certs", "etc/ssl/openssl.cnf", "etc/ld.so.cache"]
    java = [path.relative_to(userland).as_posix() for path in (userland / "etc").glob("java-*-openjdk")]
    return [Bind(userland / path, f"/{path}") for path in [*shared, *java] if (userland / path).exists()]


def _etc(root: Path, name: str, hosts: dict[str, str]) -> None:
    _write(root / "etc/passwd", PASSWD)
    _write(root / "etc/group", GROUP)
    _write(root / "etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n")
    _write(root / "etc/hostname", f"{name}\n")
    known = {"localhost": "127.0.0.1", **hosts}
    _write(root / "etc/hosts", "".join(f"{address} {known_as}\n" for known_as, address in known.items()))


def _cage(root: Path) -> list[Bind]:
    """Lay out this computer's own userland at /host of the machine: the services run there."""
    cage = root / CAGE
    binds = [Bind(bind.source, f"/{CAGE}{bind.target}") for bind in _userland(cage, HOST)]
    for name in ("passwd", "group", "nsswitch.conf", "hosts"):
        shutil.copy2(root / "etc" / name, cage / "etc" / name)
    devices = [Bind(Path(f"/dev/{name}"), f"/{CAGE}/dev/{name}") for name in ("null", "random", "urandom")]
    return [*binds, *devices, Bind(root / "opt", f"/{CAGE}/opt", writable=True)]


def _apache(root: Path, *, is_caged: bool) -> None:
    apache = root / "opt/amcom/apache"
    for folder in ("bin", "conf/ssl.crt", "conf/ssl.key", "htdocs", "logs"):
        (apache / folder).mkdir(parents=True)
    _write(apache / "conf/httpd.conf", _file("httpd.conf"))
    _write(apache / "bin/httpd", _file("httpd", cage=f"chroot /{CAGE}" if is_caged else ""), 0o755)
    stand_in = root / "opt/stand-in"
    stand_in.mkdir()
    stand_in.chmod(0o777)
    _write(stand_in / "starts", "", 0o666)


def _systemd(root: Path, userland: Path, suite: SuiteTraits, *, is_caged: bool) -> None:
    units = root / "etc/systemd/system"
    _write(units / "multi-user.target", DEFAULT_TARGET)
    (units / "default.target").symlink_to("multi-user.target")
    _write(units / "amcom_httpd.service", _file("amcom_httpd.service"))
    if suite.ords:
        cage = f"RootDirectory=/{CAGE}\nMountAPIVFS=yes" if is_caged else ""
        _write(units / "ords-standalone.service", _file("ords-standalone.service", cage=cage))
    wants = units / "multi-user.target.wants"
    wants.mkdir()
    for unit in units.glob("*.service"):
        (wants / unit.name).symlink_to(f"../{unit.name}")
    _mask(root, userland)


def _mask(root: Path, userland: Path) -> None:
    """Keep systemd from starting anything of the userland's but its journal."""
    library = userland / "usr/lib/systemd"
    wanted = [path.name for path in library.glob("system/*.target.wants/*")]
    for name in {name for name in wanted if not name.startswith("systemd-journald")}:
        (root / "etc/systemd/system" / name).symlink_to("/dev/null")
    generators = root / "etc/systemd/system-generators"
    generators.mkdir()
    for path in (library / "system-generators").iterdir():
        (generators / path.name).symlink_to("/dev/null")


def _ords(root: Path, *, is_caged: bool) -> list[Bind]:
    home = root / "opt/oracle/ords"
    _write(home / "conf/ords/standalone/standalone.properties", _file("standalone.properties"))
    _write(home / "ords-standalone.sh", _file("ords-standalone.sh", java=" ".join(JAVA)), 0o755)
    made = ords()
    tops = ["", f"/{CAGE}"] if is_caged else [""]
    for name in (JAR, ARCHIVE):
        (home / name).touch()
    return [Bind(made / name, f"{top}/opt/oracle/ords/{name}") for top in tops for name in (JAR, ARCHIVE)]
