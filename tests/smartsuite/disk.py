"""What lies on the disk of a computer: a small /etc of its own, and programs that are bound over it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

FILES = Path(__file__).parent / "files"
HOST = Path("/")
"""The userland of the computer that the tests run on."""

USERS = {"admin": 500, "amcom": 501, "oracle": 502}
"""The users of a Smart Suite server, with their ids."""

PASSWD = "root:x:0:0:root:/root:/bin/sh\n" + "".join(
    f"{name}:x:{number}:{number}::/home/{name}:/bin/sh\n" for name, number in USERS.items()
)
# oracle is in amcom's group, for ORDS reads Apache's files.
GROUP = "root:x:0:\nadmin:x:500:\namcom:x:501:oracle\noracle:x:502:\n"
BOUND = ("usr", "etc/alternatives", "etc/ssl/certs", "etc/ssl/openssl.cnf", "etc/ld.so.cache")
FOLDERS = ("dev", "etc", "opt", "proc", "root", "run", "sys", "tmp", "usr", "var/log", "var/tmp")


@dataclass(frozen=True)
class Disk:
    """A disk that is being written: `options` are those of systemd-nspawn that bind the rest over it."""

    root: Path
    options: list[str] = field(default_factory=list)

    def text(self, path: str, text: str, mode: int = 0o644) -> None:
        """Write a file."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        target.chmod(mode)

    def file(self, name: str, path: str, mode: int = 0o644, **values: str) -> None:
        """Write a file of `files/`; a value `x` stands where the file says `@x@`."""
        text = (FILES / name).read_text()
        for key, value in values.items():
            text = text.replace(f"@{key}@", value)
        self.text(path, text, mode)

    def userland(self, tree: Path, at: str = "") -> None:
        """Lay out the top of a file system with the programs of a tree, at / or elsewhere."""
        root = self.root / at.removeprefix("/")
        for folder in FOLDERS:
            (root / folder).mkdir(parents=True)
        for folder, mode in (("tmp", 0o1777), ("var/tmp", 0o1777), ("root", 0o700)):
            (root / folder).chmod(mode)
        for name in ("bin", "sbin", "lib", "lib64"):
            (root / name).symlink_to(f"usr/{name}")
        (root / "var/run").symlink_to("/run")
        java = [path.relative_to(tree).as_posix() for path in (tree / "etc").glob("java-*-openjdk")]
        present = [path for path in (*BOUND, *java) if (tree / path).exists()]
        self.options.extend(f"--bind-ro={tree / path}:{at}/{path}" for path in present)
        self.text(f"{at}/etc/os-release".lstrip("/"), (tree / "usr/lib/os-release").read_text())

    def identity(self, name: str, hosts: dict[str, str], at: str = "") -> None:
        """Write who the computer is and whom it knows: `hosts` are addresses by name."""
        etc = f"{at}/etc".removeprefix("/")
        self.text(f"{etc}/passwd", PASSWD)
        self.text(f"{etc}/group", GROUP)
        self.text(f"{etc}/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n")
        self.text(f"{etc}/hostname", f"{name}\n")
        self.text(f"{etc}/machine-id", f"{uuid4().hex}\n")  # without one, systemd takes it for a first boot
        known = {"localhost": "127.0.0.1", **hosts}
        self.text(f"{etc}/hosts", "".join(f"{address} {name}\n" for name, address in known.items()))

    def systemd(self, tree: Path) -> None:
        """Have systemd start its journal and our services, and nothing else of the tree's."""
        units = self.root / "etc/systemd/system"
        self.file("multi-user.target", "etc/systemd/system/multi-user.target")
        (units / "default.target").symlink_to("multi-user.target")
        library = tree / "usr/lib/systemd"
        wanted = {path.name for path in library.glob("system/*.target.wants/*")}
        for name in wanted:
            if not name.startswith("systemd-journald"):
                (units / name).symlink_to("/dev/null")
        generators = self.root / "etc/systemd/system-generators"
        generators.mkdir()
        for path in (library / "system-generators").iterdir():
            (generators / path.name).symlink_to("/dev/null")

    def enable(self, *units: str) -> None:
        """Have units started at the next boot."""
        wants = self.root / "etc/systemd/system/multi-user.target.wants"
        wants.mkdir(exist_ok=True)
        for unit in units:
            (wants / unit).unlink(missing_ok=True)
            (wants / unit).symlink_to(f"../{unit}")
