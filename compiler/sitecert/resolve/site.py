"""One site: its document merged with the defaults, its names normalised, its contradictions refused."""

from __future__ import annotations

from sitecert.model.configuration import Configuration
from sitecert.model.document import Document
from sitecert.model.names import AlternativeName, PublicSuffixes
from sitecert.model.request import SubjectAttribute, SubjectField
from sitecert.model.site import SUBJECT_POINTERS, IssuerKind, Server, Site
from sitecert.problems import Problem
from sitecert.problems.codes.settings import MISSING_VALUE, ORDS_SETTING
from sitecert.resolve.alternative_names import add_server_names, read_names
from sitecert.resolve.change import read_change, read_waivers
from sitecert.resolve.key import check_custody, read_key
from sitecert.resolve.servers import read_install_on, read_load_balancer, read_servers
from sitecert.resolve.settings import Settings
from sitecert.resolve.version import read_traits

REQUIRED = ("/customer", "/version", "/common_name", "/subject/country", "/subject/state")
SITE_ONLY = frozenset({"/common_name"})
ORDS_KEY = "server.der"


def resolve_site(
    name: str, document: Document, configuration: Configuration, suffixes: PublicSuffixes
) -> tuple[Site | None, tuple[Problem, ...]]:
    """Return one site as it is meant, and every problem met on the way.

    `name` is `site` or `group/site`; `suffixes` tells which servers' names a public CA refuses. There
    is no site where something that it cannot do without is missing or cannot be used (a required
    value, the common name, a decided version, a server). A site that comes with errors leaves out
    what they speak of: it is good for finding further problems, and must not be compiled.
    """
    settings = Settings.of(name, document, configuration.defaults)
    site = _read_site(settings, suffixes)
    return site, tuple(settings.problems)


def _read_site(settings: Settings, suffixes: PublicSuffixes) -> Site | None:
    missing = _report_missing(settings)
    written = read_names(settings)
    common_name = next((each.name for each in written if each.pointer == "/common_name"), None)
    traits = read_traits(settings)
    load_balancer = read_load_balancer(settings)
    install_on = read_install_on(settings, load_balancer)
    servers = read_servers(settings, common_name, load_balancer, traits)
    issuer = IssuerKind(settings.text("/issuer") or IssuerKind.PUBLIC)
    key = read_key(settings)
    check_custody(settings, key.custody, issuer, servers, load_balancer)
    ords_key = _read_ords_key(settings, servers)
    change, waivers = read_change(settings), read_waivers(settings)
    if missing or common_name is None or traits is None or not servers:
        return None
    refuses = suffixes if issuer is IssuerKind.PUBLIC else None
    names, omitted = add_server_names(written, servers if load_balancer else (), refuses)
    return Site(
        name=settings.site,
        customer=settings.text("/customer") or "",
        version=settings.text("/version") or "",
        suite=traits,
        common_name=common_name,
        alternative_names=names,
        omitted_names=omitted,
        load_balancer=load_balancer,
        install_on=install_on,
        servers=servers,
        issuer=issuer,
        subject=_read_subject(settings, common_name),
        key=key,
        change=change,
        waivers=waivers,
        source=settings.source,
        places=settings.places(),
        ords_key=ords_key,
        written_names=written,
    )


def _report_missing(settings: Settings) -> bool:
    """Report the required values that stand neither in the site's file nor in the defaults."""
    missing = [pointer for pointer in REQUIRED if settings.text(pointer) is None]
    for pointer in missing:
        hint = "write it in this file" if pointer in SITE_ONLY else ""
        settings.report(MISSING_VALUE, pointer, "is not given", hint)
    return bool(missing)


def _read_subject(settings: Settings, common_name: AlternativeName) -> tuple[SubjectAttribute, ...]:
    """Return the subject in its order: C, ST, L, O, OU, CN, emailAddress; O is the customer unless given."""
    values = {field: settings.text(pointer) for field, pointer in SUBJECT_POINTERS.items()}
    values[SubjectField.ORGANIZATION] = values[SubjectField.ORGANIZATION] or settings.text("/customer")
    values[SubjectField.COMMON_NAME] = common_name.value
    return tuple(SubjectAttribute(field, value) for field, value in values.items() if value is not None)


def _read_ords_key(settings: Settings, servers: tuple[Server, ...]) -> str:
    """Return the file that ORDS reads its key from."""
    has_ords = any(server.ords for server in servers)
    if servers and not has_ords and settings.is_own("/ords_key"):
        settings.report(ORDS_SETTING, "/ords_key", "is given, but no server has ORDS")
    return settings.text("/ords_key") or ORDS_KEY
