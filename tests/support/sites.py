"""Sites made to order, as `resolve` would hand them on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sitecert.model.document import Place
from sitecert.model.names import AlternativeName, NameKind
from sitecert.model.request import SubjectAttribute, SubjectField
from sitecert.model.site import (
    Change,
    Custody,
    InstallOn,
    IssuerKind,
    KeyPolicy,
    KeySecurity,
    Server,
    Site,
)
from sitecert.model.suite import ServiceManager, SuiteTraits
from sitecert.suite import traits_of

SOURCE = "sites/park-nicollet.yaml"


def dns(*names: str) -> tuple[AlternativeName, ...]:
    """Return DNS names."""
    return tuple(AlternativeName(NameKind.DNS, name) for name in names)


def a_site(**changes: Any) -> Site:
    """Return the article's Park Nicollet site on version 8.1, with `changes` made to it."""
    site = Site(
        name="park-nicollet",
        customer="Park Nicollet Health Services",
        version="8.1",
        suite=SuiteTraits(ServiceManager.SYSTEMD, ords=True),
        common_name=dns("smartweb.parknicollet.com")[0],
        alternative_names=dns("smartweb.parknicollet.com"),
        omitted_names=(),
        load_balancer=None,
        install_on=InstallOn.SERVERS,
        servers=(a_server(),),
        issuer=IssuerKind.PUBLIC,
        subject=(
            SubjectAttribute(SubjectField.COUNTRY, "US"),
            SubjectAttribute(SubjectField.STATE, "Minnesota"),
            SubjectAttribute(SubjectField.ORGANIZATION, "Park Nicollet Health Services"),
            SubjectAttribute(SubjectField.COMMON_NAME, "smartweb.parknicollet.com"),
        ),
        key=KeyPolicy(KeySecurity.STANDARD, Custody.REPOSITORY, generation=1, passphrase=False),
        change=Change(),
        waivers=(),
        source=SOURCE,
        places={"": Place(SOURCE, 1, 1)},
    )
    return replace(site, **changes)


def a_server(name: str = "spokwb.parknicollet.com", **changes: Any) -> Server:
    """Return a server with the usual ports and ORDS."""
    return replace(Server(name, role=None, https_port=443, ords=True, ords_port=8443), **changes)


def a_site_on(version: str) -> Site:
    """Return the article's site on a version that it decides on (5.x, 7.x, 8.0-1, 8.1, 8.10)."""
    suite = traits_of(version)
    assert isinstance(suite, SuiteTraits), suite
    return a_site(version=version, suite=suite, servers=(a_server(ords=suite.ords),))
