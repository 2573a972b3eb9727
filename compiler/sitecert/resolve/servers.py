"""The servers of a site, the load balancer in front of them, and where the certificate goes."""

from __future__ import annotations

import re

from sitecert.model.document import Mapping
from sitecert.model.names import AlternativeName, NameKind
from sitecert.model.site import InstallOn, LoadBalancer, Server, Vendor
from sitecert.model.suite import SuiteTraits
from sitecert.problems.codes.names import SERVER_NAME, SERVER_TWICE
from sitecert.problems.codes.settings import NO_LOAD_BALANCER, ONE_PORT, ORDS_SETTING, SERVERS_NEEDED
from sitecert.problems.wording import quoted
from sitecert.resolve.names import NameFault, parse_name
from sitecert.resolve.settings import Settings
from sitecert.resolve.version import check_ords

HTTPS_PORT = 443
ORDS_PORT = 8443
LOAD_BALANCER_FOLDER = "load-balancer"
# Windows keeps these for itself, whatever follows their first dot.
RESERVED_BY_WINDOWS = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|\Z)")


def read_load_balancer(settings: Settings) -> LoadBalancer | None:
    """Return the load balancer in front of the servers, where there is one."""
    if isinstance(settings.nodes.get("/load_balancer"), Mapping):
        vendor = settings.text("/load_balancer/vendor") or Vendor.OTHER
        return LoadBalancer(Vendor(vendor), settings.text("/load_balancer/name"))
    return LoadBalancer(Vendor.OTHER, None) if settings.flag("/load_balancer") else None


def read_install_on(settings: Settings, load_balancer: LoadBalancer | None) -> InstallOn:
    """Return where the certificate is installed: on the load balancer where there is one, unless said."""
    text = settings.text("/install_on")
    install_on = InstallOn(text) if text is not None else None
    if load_balancer is not None:
        return install_on or InstallOn.LOAD_BALANCER
    if install_on not in (None, InstallOn.SERVERS) and settings.is_own("/install_on"):
        settings.report(NO_LOAD_BALANCER, "/install_on", f"is {install_on}, but there is no `load_balancer`")
    return InstallOn.SERVERS


def read_servers(
    settings: Settings,
    common_name: AlternativeName | None,
    load_balancer: LoadBalancer | None,
    traits: SuiteTraits | None,
) -> tuple[Server, ...]:
    """Return the servers whose names can be used; where none is listed, one, named as the common name.

    Without `traits` (an undecided version) what depends on ORDS is not judged.
    """
    pointers = settings.items("/servers")
    if pointers:
        servers = [_read_server(settings, pointer, traits) for pointer in pointers]
        return _without_twins(settings, pointers, servers)
    if load_balancer is not None:
        clause = "the servers behind it are not named under `servers`"
        settings.report(SERVERS_NEEDED, "/load_balancer", clause)
        return ()
    return _only_server(settings, common_name, traits)


def _only_server(
    settings: Settings, common_name: AlternativeName | None, traits: SuiteTraits | None
) -> tuple[Server, ...]:
    if common_name is None:
        return ()
    fault = _server_name_fault(common_name)
    if fault is not None:
        clause = f"{quoted(common_name.value)} {fault}, so the server is to be named under `servers`"
        settings.report(SERVERS_NEEDED, "/common_name", clause)
        return ()
    has_ords = traits is not None and traits.ords
    return (Server(common_name.value, None, HTTPS_PORT, ords=has_ords, ords_port=ORDS_PORT),)


def _read_server(settings: Settings, pointer: str, traits: SuiteTraits | None) -> Server | None:
    """Return one server of the list, or None where its name cannot be used."""
    name = _read_name(settings, pointer)
    https_port = settings.number(f"{pointer}/https_port") or HTTPS_PORT
    ords_port = settings.number(f"{pointer}/ords_port") or ORDS_PORT
    has_ords = False
    if traits is not None:
        says = settings.flag(f"{pointer}/ords")
        has_ords = traits.ords if says is None else says
        if says:
            check_ords(settings, f"{pointer}/ords", traits)
        _check_ports(settings, pointer, https_port, ords_port, has_ords=has_ords)
    if name is None:
        return None
    return Server(name, settings.text(f"{pointer}/role"), https_port, ords=has_ords, ords_port=ords_port)


def _check_ports(
    settings: Settings, pointer: str, https_port: int, ords_port: int, *, has_ords: bool
) -> None:
    if not has_ords and f"{pointer}/ords_port" in settings.nodes:
        settings.report(ORDS_SETTING, f"{pointer}/ords_port", "is given, but this server has no ORDS")
    if has_ords and https_port == ords_port:
        written = "ords_port" if f"{pointer}/ords_port" in settings.nodes else "https_port"
        clause = f"Apache and ORDS would both listen on port {https_port}"
        settings.report(ONE_PORT, f"{pointer}/{written}", clause)


def _read_name(settings: Settings, pointer: str) -> str | None:
    pointer = f"{pointer}/name" if f"{pointer}/name" in settings.nodes else pointer
    text = settings.text(pointer) or ""
    name = parse_name(text)
    fault = name.clause if isinstance(name, NameFault) else _server_name_fault(name)
    if fault is not None:
        settings.report(SERVER_NAME, pointer, f"{quoted(text)} {fault}")
    return None if isinstance(name, NameFault) or fault is not None else name.value


def _server_name_fault(name: AlternativeName) -> str | None:
    """Return why a name cannot be a server's and its folder's, as a clause."""
    if name.kind is NameKind.IP:
        return "is an IP address"
    if name.is_wildcard:
        return "is a wildcard"
    if name.value == LOAD_BALANCER_FOLDER:
        return "is the name of the load balancer's folder"
    if RESERVED_BY_WINDOWS.match(name.value):
        return "is a name that Windows keeps for itself"
    return None


def _without_twins(
    settings: Settings, pointers: list[str], servers: list[Server | None]
) -> tuple[Server, ...]:
    """Report servers that are listed twice; names are lower case already, so equal is equal anywhere."""
    distinct: dict[str, Server] = {}
    for pointer, server in zip(pointers, servers, strict=True):
        if server is not None and server.name in distinct:
            settings.report(SERVER_TWICE, pointer, f"{quoted(server.name)} is listed twice")
        elif server is not None:
            distinct[server.name] = server
    return tuple(distinct.values())
