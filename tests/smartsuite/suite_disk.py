"""What lies on the disk of a Smart Suite server: Apache, ORDS where the version has it, and their units."""

from __future__ import annotations

import os
from pathlib import Path

from sitecert.model.suite import ServiceManager, SuiteTraits
from smartsuite.disk import HOST, USERS, Disk
from smartsuite.ords import ARCHIVE, JAR, JAVA, ords

CAGE = "/host"
DEVICES = ("null", "random", "urandom")


def write_suite_disk(
    root: Path, userland: Path, suite: SuiteTraits, name: str, hosts: dict[str, str]
) -> Disk:
    """Write the disk of a server with the programs of a tree.

    The services always run in the host's own userland. Where the server has another, that one is at
    /host of it, and the services are caged there.
    """
    disk = Disk(root)
    disk.userland(userland)
    disk.identity(name, hosts)
    cage = "" if userland == HOST else CAGE
    if cage:
        _fill_cage(disk, name, hosts)
    _apache(disk, cage)
    if suite.service_manager is ServiceManager.SYSV:
        disk.file("amcom_httpd.init", "etc/init.d/amcom_httpd", 0o755, cage=cage)
    else:
        disk.systemd(userland)
        disk.file("amcom_httpd.service", "etc/systemd/system/amcom_httpd.service", cage=cage)
    if suite.ords:
        _ords(disk, cage)
    return disk


def _fill_cage(disk: Disk, name: str, hosts: dict[str, str]) -> None:
    disk.userland(HOST, at=CAGE)
    disk.identity(name, hosts, at=CAGE)
    disk.options.extend(f"--bind-ro=/dev/{device}:{CAGE}/dev/{device}" for device in DEVICES)
    disk.options.extend((f"--bind={disk.root}/opt:{CAGE}/opt", f"--tmpfs={CAGE}/run"))


def _apache(disk: Disk, cage: str) -> None:
    for folder in ("conf/ssl.crt", "conf/ssl.key", "htdocs", "logs"):
        (disk.root / "opt/amcom/apache" / folder).mkdir(parents=True)
    for folder in ("conf/ssl.crt", "conf/ssl.key"):
        os.chown(disk.root / "opt/amcom/apache" / folder, USERS["amcom"], USERS["amcom"])
    disk.file("httpd.conf", "opt/amcom/apache/conf/httpd.conf")
    disk.file("httpd", "opt/amcom/apache/bin/httpd", 0o755, cage=cage)
    disk.text("opt/stand-in/starts", "", 0o666)
    (disk.root / "opt/stand-in").chmod(0o777)


def _ords(disk: Disk, cage: str) -> None:
    home = "opt/oracle/ords"
    disk.file("standalone.properties", f"{home}/conf/ords/standalone/standalone.properties")
    disk.file("ords-standalone.sh", f"{home}/ords-standalone.sh", 0o755, java=" ".join(JAVA))
    unit = "etc/systemd/system/ords-standalone.service"
    disk.file("ords-standalone.service", unit)
    if cage:
        disk.text(f"{unit}.d/cage.conf", f"[Service]\nRootDirectory={cage}\nMountAPIVFS=yes\n")
    made = ords()
    for name in (JAR, ARCHIVE):
        disk.text(f"{home}/{name}", "")
        disk.options.extend(f"--bind-ro={made}/{name}:{top}/{home}/{name}" for top in {"", cage})
