"""The places where a site's certificate should be served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sitecert.model.names import AlternativeName, NameKind
from sitecert.model.site import InstallOn, Server, Site
from sitecert.model.verification import LOAD_BALANCER, Address, Endpoint, Redirection, Service

HTTPS_PORT = 443
"""Where the load balancer answers; a site file does not name another port for it."""


class RedirectionError(ValueError):
    """A `--connect` that this site gives no sense; the text is a clause for the user."""


def endpoints(site: Site, redirections: Sequence[Redirection] = ()) -> tuple[Endpoint, ...]:
    """Return every place that `install_on` names: servers in their order, then the load balancer.

    A redirection of one port goes before one of the whole name. Raises RedirectionError for one that
    names no place, and for two that say different things of the same place.
    """
    places = tuple(_places(site))
    found = tuple(_redirect(each, _names(site, each), redirections) for each in places)
    for redirection in redirections:
        if not any(_concerns(redirection, each, _names(site, each)) for each in places):
            raise RedirectionError(
                f"{_shown(redirection)} names no place of this site: {_known(site, places)}"
            )
    return found


def place_at(address: Address, redirections: Sequence[Redirection] = ()) -> Endpoint:
    """Return a place that no site names yet; raises RedirectionError for a redirection of another one."""
    place = _place(address.host, Service.APACHE, address, "")
    for redirection in redirections:
        if not _concerns(redirection, place, {address.host}):
            raise RedirectionError(f"{_shown(redirection)} is not {address}, the place that is asked")
    return _redirect(place, {address.host}, redirections)


def server_name(name: AlternativeName) -> str | None:
    """Return what is asked for by SNI: nothing for an IP address, for a wildcard a name that it covers."""
    if name.kind is NameKind.IP:
        return None
    return name.value.replace("*.", "any-name.", 1) if name.is_wildcard else name.value


def _places(site: Site) -> Iterator[Endpoint]:
    if site.install_on is not InstallOn.LOAD_BALANCER:
        for index, server in enumerate(site.servers):
            yield from _server_places(server, f"/servers/{index}")
    if site.install_on is not InstallOn.SERVERS:
        host = server_name(site.common_name) or site.common_name.value
        yield _place(LOAD_BALANCER, Service.LOAD_BALANCER, Address(host, HTTPS_PORT), "/load_balancer")


def _server_places(server: Server, pointer: str) -> Iterator[Endpoint]:
    yield _place(server.name, Service.APACHE, Address(server.name, server.https_port), pointer)
    if server.ords:
        yield _place(server.name, Service.ORDS, Address(server.name, server.ords_port), pointer)


def _place(target: str, service: Service, address: Address, pointer: str) -> Endpoint:
    return Endpoint(target, service, address, connect=address, pointer=pointer)


def _names(site: Site, place: Endpoint) -> set[str]:
    """Return the names by which `--connect` may call a place.

    The common name stands for the load balancer, or for the only server.
    """
    is_only = site.install_on is InstallOn.SERVERS and len(site.servers) == 1
    is_common = is_only or place.service is Service.LOAD_BALANCER
    return {place.target, site.common_name.value} if is_common else {place.target}


def _concerns(redirection: Redirection, place: Endpoint, names: set[str]) -> bool:
    return redirection.name in names and redirection.port in (None, place.address.port)


def _redirect(place: Endpoint, names: set[str], redirections: Iterable[Redirection]) -> Endpoint:
    concerned = [each for each in redirections if _concerns(each, place, names)]
    chosen = [each for each in concerned if each.port is not None] or concerned
    goals = {Address(each.host, each.to_port or place.address.port) for each in chosen}
    if len(goals) > 1:
        said = " and ".join(sorted(map(str, goals)))
        raise RedirectionError(f"{place.target}:{place.address.port} cannot be at {said} at once")
    connect = next(iter(goals), place.connect)
    return Endpoint(place.target, place.service, place.address, connect, place.pointer)


def _shown(redirection: Redirection) -> str:
    return redirection.name if redirection.port is None else str(Address(redirection.name, redirection.port))


def _known(site: Site, places: Sequence[Endpoint]) -> str:
    known = dict.fromkeys(str(Address(each.target, each.address.port)) for each in places)
    has_common = any(site.common_name.value in _names(site, each) for each in places)
    return ", ".join([*known, *([site.common_name.value] if has_common else [])])
