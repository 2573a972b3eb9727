"""The services of Smart Suite, and what a test can make them do at their next starts."""

from __future__ import annotations

from enum import StrEnum


class Service(StrEnum):
    """A service; its value is what `Machine.starts` and the files of faults call it."""

    APACHE = "apache"
    ORDS = "ords"

    @property
    def unit(self) -> str:
        """Return its name for systemd."""
        return {"apache": "amcom_httpd.service", "ords": "ords-standalone.service"}[self]

    @property
    def port(self) -> int:
        """Return the port that it serves TLS on."""
        return {"apache": 443, "ords": 8443}[self]


class Fault(StrEnum):
    """What goes wrong at a start, as the shell that the service runs first."""

    FAILS = "exit 1"
    FAILS_ONCE = 'rm -f "$fault"; exit 1'
    SERVES_OLD = "conf=/opt/stand-in/old/httpd.conf properties=/opt/stand-in/old/standalone.properties"
    NEVER_READY = "exec sleep infinity"
    NEVER_READY_ONCE = 'rm -f "$fault"; exec sleep infinity'
    HELD = 'read -r _ <"$fault.gate"'


READY = "Ords Standalone is ready"
