"""What differs between versions of Smart Suite."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ServiceManager(StrEnum):
    """How services are restarted: `service` (5.x) or `systemctl` (7.x and above)."""

    SYSV = "sysv"
    SYSTEMD = "systemd"


@dataclass(frozen=True, slots=True)
class SuiteTraits:
    """The traits of one version (kb39324 steps 9 to 11).

    `ords` says whether ORDS runs beside Apache on an ordinary server: it then needs `server.der` and a
    certificate file without a private key.
    """

    service_manager: ServiceManager
    ords: bool
