"""A runbook as a shell script, and as the sheet for a load balancer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sitecert.emit.quoting import shell
from sitecert.emit.templates import Templates
from sitecert.model.generation import Generation
from sitecert.model.runbook import Runbook, Step
from sitecert.model.site import Custody, Server, Site, Vendor
from sitecert.model.suite import ServiceManager

SHEET = "load-balancer.md"
SCRIPT = "load-balancer.sh"

_REQUEST_TOOLS = "cat chmod cp dirname id mkdir mv openssl rm sed sync"
_INSTALL_TOOLS = f"{_REQUEST_TOOLS} awk chown date df du find grep ln mktemp sleep sort stat touch uname"
_ORDS_FOLDERS = "/opt /etc/ords /u01 /home/oracle"
"""Where ORDS may have its settings: Spok does not say, Oracle's own guides use these."""

_PUT_BACK = re.compile(r'put_back ("\$[A-Za-z_/.$-]+")')


@dataclass(frozen=True, slots=True)
class Service:
    """What a script asks for its state and its certificate; `port` and `file` are shell expressions."""

    title: str
    port: str
    file: str


@dataclass(frozen=True, slots=True)
class Place:
    """A file that a step replaces: the step's id, and the path as the step quotes it."""

    id: str
    path: str


@dataclass(frozen=True, slots=True)
class Option:
    """An option that replaces a constant by a file that the person names."""

    flag: str
    constant: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Balancer:
    """What a vendor's script needs beyond its steps."""

    certificate: str
    tools: str
    options: tuple[Option, ...]
    passed_over: str = ""
    """The end of a name that the load balancer does not read, where it is told a folder of files."""


_BALANCERS = {
    Vendor.HAPROXY: Balancer(
        "$LIVE_PEM",
        "haproxy systemctl",
        (
            Option("--pem", "LIVE_PEM", "certificate, chain and key, as HAProxy reads them"),
            Option("--configuration", "CONFIGURATION", "the configuration that HAProxy checks"),
        ),
        passed_over=".ocsp",
    ),
    Vendor.NGINX: Balancer(
        "$LIVE_CRT",
        "nginx systemctl",
        (
            Option("--certificate", "LIVE_CRT", "what ssl_certificate names"),
            Option("--key", "LIVE_KEY", "what ssl_certificate_key names"),
        ),
    ),
}
_FILLED_IN = (Vendor.F5,)
"""Vendors whose steps are shell and name the constants, without a script that assigns them."""


def render_install(
    templates: Templates, site: Site, server: Server, runbook: Runbook, generation: Generation
) -> str:
    """Return `install.sh` for one server; raises ValueError for a value that is not printable ASCII."""
    manager = site.suite.service_manager
    program = "service" if manager is ServiceManager.SYSV else "systemctl"
    services = (Service("Apache", "$HTTPS_PORT", "$CRT_DIR/server.crt"),)
    ords = (Service("ORDS", "$ORDS_PORT", "$CRT_DIR/server.crt"),) if server.ords else ()
    return templates.render(
        "runbook/install.sh.j2",
        **_driver(runbook, "install.sh", generation),
        tools=f"{_INSTALL_TOOLS} {program}",
        services=services + ords,
        key_file='"$FOLDER/server.key"' if site.key.custody is Custody.SERVER else '"$PACK/server.key"',
        has_der=server.ords,
        has_apache=bool(runbook.payload[1:]),
        has_apache_test=True,
        ords_folders=_ORDS_FOLDERS,
        waits_for_journal=server.ords and manager is ServiceManager.SYSTEMD,
        options=(),
        passed_over="",
    )


def render_request(templates: Templates, site: Site, server: Server, runbook: Runbook) -> str:
    """Return `request.sh` for the one server that makes its own key."""
    del server
    return templates.render(
        "runbook/request.sh.j2",
        runbook=runbook,
        undo_steps=_undo_steps(runbook),
        script="request.sh",
        tools=_REQUEST_TOOLS,
        asks=site.key.passphrase,
    )


def render_load_balancer(
    templates: Templates, site: Site, runbook: Runbook, generation: Generation
) -> dict[str, str]:
    """Return the hand-over sheet, and a script where the vendor allows one, by their file names."""
    vendor = site.load_balancer.vendor if site.load_balancer else Vendor.OTHER
    balancer = _BALANCERS.get(vendor)
    sheet = templates.render(
        "runbook/load-balancer.md.j2",
        site=site,
        runbook=runbook,
        undo_steps=_undo_steps(runbook),
        generation=generation,
        script=balancer is not None,
        options=balancer.options if balancer else (),
        assignments=_assignments(runbook) if vendor in _FILLED_IN else [],
    )
    if balancer is None:
        return {SHEET: sheet}
    script = templates.render(
        "runbook/install.sh.j2",
        **_driver(runbook, SCRIPT, generation),
        tools=f"{_INSTALL_TOOLS} {balancer.tools}",
        services=(Service("The load balancer", "$HTTPS_PORT", balancer.certificate),),
        key_file='"$PACK/server.key"',
        has_der=False,
        has_apache=False,
        has_apache_test=False,
        waits_for_journal=False,
        options=balancer.options,
        passed_over=balancer.passed_over,
    )
    return {SHEET: sheet, SCRIPT: script}


def _driver(runbook: Runbook, script: str, generation: Generation) -> dict[str, object]:
    """Return what every script that installs has in common."""
    return {
        "runbook": runbook,
        "script": script,
        "undo_steps": _undo_steps(runbook),
        "places": _places(runbook),
        "looks": [step for step in runbook.steps if step.only_looks],
        "has_chain": generation.certificate is not None and bool(generation.certificate.chain_pem),
    }


def _assignments(runbook: Runbook) -> list[str]:
    """Return the assignments of the constants that the steps name, for a person's own shell."""
    lines = [line for step in runbook.steps for line in (*step.do, *step.check, *step.undo)]
    named = set(re.findall(r"\$([A-Z][A-Z0-9_]*)", "\n".join(lines)))
    return [f"{each.name}={shell(each.value)}" for each in runbook.constants if each.name in named]


def _undo_steps(runbook: Runbook) -> list[Step]:
    return [step for step in reversed(runbook.steps) if step.undo]


def _places(runbook: Runbook) -> list[Place]:
    """Return the files that the steps replace: those that they would put back."""
    found = [(step.id, _PUT_BACK.fullmatch(line)) for step in runbook.steps for line in step.undo]
    return [Place(identifier, match[1]) for identifier, match in found if match]
