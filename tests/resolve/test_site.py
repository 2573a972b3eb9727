"""A site from its document and the defaults."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sitecert.model.document import Place
from sitecert.model.names import AlternativeName, NameKind, WrittenName
from sitecert.model.request import SubjectAttribute, SubjectField
from sitecert.model.site import (
    Change,
    Custody,
    InstallOn,
    IssuerKind,
    KeyPolicy,
    KeySecurity,
    LoadBalancer,
    OmittedName,
    Server,
    Site,
    Vendor,
    Waiver,
)
from sitecert.model.suite import ServiceManager, SuiteTraits
from sitecert.resolve.site import resolve_site
from support.sites import a_server
from support.yaml_sites import (
    NAME,
    PATH,
    configure,
    document,
    read_cases,
    resolve,
    resolved,
    show,
    suffixes,
)


def names(site: Site) -> list[str]:
    """Return a site's alternative names."""
    return [str(name) for name in site.alternative_names]


def subject(site: Site) -> list[str]:
    """Return a site's subject."""
    return [f"{attribute.field}={attribute.value}" for attribute in site.subject]


def test_park_nicollet_as_the_article_has_it() -> None:
    """The article's first site, all of it."""
    lines = """\
customer: Park Nicollet Health Services
version: 7.x
common_name: SmartWeb.parknicollet.com
servers: [spokwb.parknicollet.com]
subject: {state: Minnesota}
waive: [{code: SC327, reason: the contract asks for it, until: 2027-03-01}]
"""
    site = resolved(lines, "defaults: {subject: {country: US}}\n")
    common_name = AlternativeName(NameKind.DNS, "smartweb.parknicollet.com")
    assert site == Site(
        name=NAME,
        customer="Park Nicollet Health Services",
        version="7.x",
        suite=SuiteTraits(ServiceManager.SYSTEMD, ords=False),
        common_name=common_name,
        alternative_names=(common_name,),
        omitted_names=(),
        load_balancer=None,
        install_on=InstallOn.SERVERS,
        servers=(Server("spokwb.parknicollet.com", None, 443, ords=False, ords_port=8443),),
        issuer=IssuerKind.PUBLIC,
        subject=(
            SubjectAttribute(SubjectField.COUNTRY, "US"),
            SubjectAttribute(SubjectField.STATE, "Minnesota"),
            SubjectAttribute(SubjectField.ORGANIZATION, "Park Nicollet Health Services"),
            SubjectAttribute(SubjectField.COMMON_NAME, "smartweb.parknicollet.com"),
        ),
        key=KeyPolicy(KeySecurity.STANDARD, Custody.REPOSITORY, generation=1, passphrase=False),
        change=Change(),
        waivers=(Waiver("SC327", "the contract asks for it", date(2027, 3, 1), Place(PATH, 6, 16, 5)),),
        source=PATH,
        places=site.places,
        ords_key="server.der",
        written_names=(WrittenName(common_name, "SmartWeb.parknicollet.com", "/common_name"),),
    )
    assert site.place("/subject/country") == Place("sitecert.yaml", 3, 31, 2)
    assert site.place("/subject/state") == Place(PATH, 5, 18, 9)
    assert site.place("/subject/locality").path == PATH
    assert site.place("/nowhere") == Place(PATH, 1, 1)


def test_spok_as_the_article_has_it() -> None:
    """The article's second site: its alternate method, with an internal issuer."""
    site = resolved(
        """\
customer: Spok Inc
version: 8.1
common_name: spok-test-71.spok.com
alt_names: [spokwb1-71.spok.com]
servers: [spokwb1-71.spok.com]
issuer: internal
subject: {country: US, state: MN, locality: Eden Prairie, organizational_unit: Smart Suite Support}
key: {security: high, custody: server, generation: 2, passphrase: true}
change: {number: CHG1, window: 2026-12-05T22:00-06:00/PT2H, contact: desk, approvers: [board]}
ords_key: server.key
"""
    )
    assert names(site) == ["DNS:spok-test-71.spok.com", "DNS:spokwb1-71.spok.com"]
    assert subject(site) == [
        "C=US",
        "ST=MN",
        "L=Eden Prairie",
        "O=Spok Inc",
        "OU=Smart Suite Support",
        "CN=spok-test-71.spok.com",
    ]
    assert site.key == KeyPolicy(KeySecurity.HIGH, Custody.SERVER, generation=2, passphrase=True)
    assert site.change == Change("CHG1", "2026-12-05T22:00-06:00/PT2H", "desk", ("board",))
    assert site.suite == SuiteTraits(ServiceManager.SYSTEMD, ords=True)
    assert site.ords_key == "server.key"
    assert site.servers == (a_server("spokwb1-71.spok.com"),)


BALANCED = """\
load_balancer: {vendor: f5, name: vs_smartweb_443}
alt_names: [smartweb-dr.parknicollet.com, spokwb2]
servers: [spokwb1.parknicollet.com, SPOKWB2.parknicollet.com, {name: spokwb3.parknicollet.local, role: app}]
"""


def test_behind_a_load_balancer_the_servers_are_named_too() -> None:
    """Each server's long and short name follow the written ones; the first of equals stays."""
    site = resolved(BALANCED + "issuer: internal\n")
    assert names(site) == [
        "DNS:smartweb.parknicollet.com",
        "DNS:smartweb-dr.parknicollet.com",
        "DNS:spokwb2",
        "DNS:spokwb1.parknicollet.com",
        "DNS:spokwb1",
        "DNS:spokwb2.parknicollet.com",
        "DNS:spokwb3.parknicollet.local",
        "DNS:spokwb3",
    ]
    assert site.omitted_names == ()
    assert site.load_balancer == LoadBalancer(Vendor.F5, "vs_smartweb_443")
    assert site.install_on is InstallOn.LOAD_BALANCER


def test_a_public_issuer_gets_no_derived_name_that_it_refuses() -> None:
    """Short and internal names of servers are left out; what a person wrote stays."""
    site = resolved(BALANCED)
    assert names(site) == [
        "DNS:smartweb.parknicollet.com",
        "DNS:smartweb-dr.parknicollet.com",
        "DNS:spokwb2",
        "DNS:spokwb1.parknicollet.com",
        "DNS:spokwb2.parknicollet.com",
    ]
    assert site.omitted_names == (
        OmittedName("spokwb1", "spokwb1.parknicollet.com"),
        OmittedName("spokwb3.parknicollet.local", "spokwb3.parknicollet.local"),
        OmittedName("spokwb3", "spokwb3.parknicollet.local"),
    )


def test_without_a_load_balancer_no_name_is_added() -> None:
    """The servers behind nothing are not what users type."""
    site = resolved("servers: [spokwb1.parknicollet.com, spokwb2.parknicollet.com]")
    assert names(site) == ["DNS:smartweb.parknicollet.com"]


def test_names_in_the_request_are_unique_in_any_case() -> None:
    """Of equal names the first stays."""
    site = resolved("alt_names: [b.example.org, SMARTWEB.parknicollet.com, B.example.org]")
    assert names(site) == ["DNS:smartweb.parknicollet.com", "DNS:b.example.org"]


@pytest.mark.parametrize(
    ("lines", "repository", "attribute", "expected"),
    [
        (
            "load_balancer: true\nservers: [a.example.org]",
            "",
            "load_balancer",
            LoadBalancer(Vendor.OTHER, None),
        ),
        ("load_balancer: false", "defaults: {load_balancer: true}\n", "load_balancer", None),
        (
            "load_balancer: {vendor: f5}\nservers: [a.example.org]",
            "defaults: {load_balancer: {vendor: nginx, name: vip}}\n",
            "load_balancer",
            LoadBalancer(Vendor.F5, "vip"),
        ),
        (
            "load_balancer: true\ninstall_on: both\nservers: [a.example.org]",
            "",
            "install_on",
            InstallOn.BOTH,
        ),
        (
            "version: 8.0-2\nservice_manager: sysv\nords: false",
            "",
            "suite",
            SuiteTraits(ServiceManager.SYSV, ords=False),
        ),
        (
            "version: 8.x\nservice_manager: systemd\nords: true",
            "",
            "suite",
            SuiteTraits(ServiceManager.SYSTEMD, ords=True),
        ),
        ("version: 8.1\nords: false", "", "suite", SuiteTraits(ServiceManager.SYSTEMD, ords=False)),
        ("version: '8.10'", "", "version", "8.10"),
        ("version: 8.10", "", "version", "8.10"),
        (
            "servers: [{name: a.example.org, ords: false}]",
            "",
            "servers",
            (a_server("a.example.org", ords=False),),
        ),
        (
            "ords: false\nservers: [{name: a.org, ords: true, https_port: 8443, ords_port: 1, role: app}]",
            "",
            "servers",
            (a_server("a.org", role="app", https_port=8443, ords_port=1),),
        ),
    ],
)
def test_settings_and_their_defaults(lines: str, repository: str, attribute: str, expected: object) -> None:
    """Each setting is what the site says, what the defaults say, or what the design says."""
    assert getattr(resolved(lines, repository), attribute) == expected


@pytest.mark.parametrize(
    ("lines", "repository"),
    [
        ("version: 7.1", "defaults: {ords_key: server.key}\n"),
        ("version: 7.1", "defaults: {ords: true}\n"),
        ("version: 8.1", "defaults: {service_manager: sysv}\n"),
        ("load_balancer: false", "defaults: {install_on: load-balancer}\n"),
        ("key: {custody: repository}", "defaults: {key: {custody: server, passphrase: true}}\n"),
    ],
)
def test_a_default_that_does_not_fit_a_site_is_passed_over(lines: str, repository: str) -> None:
    """A default speaks of sites in general: where there is nothing that it could set, it sets nothing."""
    site = resolved(lines, repository)
    assert site.install_on is InstallOn.SERVERS
    assert not site.key.passphrase
    assert site.suite.service_manager is ServiceManager.SYSTEMD
    assert site.suite.ords == (site.version == "8.1")


CASES = read_cases(Path(__file__).with_name("contradictions.txt"))


@pytest.mark.parametrize(("lines", "expected"), CASES)
def test_contradictions_are_refused(lines: str, expected: list[str]) -> None:
    """Each problem has its code, its place and its sentence."""
    _, problems = resolve(lines)
    assert [show(problem) for problem in problems] == expected
    assert {problem.site for problem in problems} == {NAME}


def test_missing_values_are_named_all_at_once() -> None:
    """What stands neither in the site nor in the defaults is missing, at the file's first line."""
    site, problems = resolve("customer: Park Nicollet Health Services\nsubject: {locality: Minneapolis}")
    assert site is None
    assert [show(problem) for problem in problems] == [
        "1:1 error SC301 subject.country: is not given",
        "1:1 error SC301 subject.state: is not given",
    ]
    assert "sitecert.yaml" in problems[0].hint


def test_a_site_without_a_version_is_still_judged() -> None:
    """A missing version hides nothing that does not depend on it."""
    path = "sites/bare.yaml"
    bare = document("common_name: a_b.example.org\nservers: [nul]", path=path)
    site, problems = resolve_site("bare", bare, configure(), suffixes())
    assert site is None
    assert {problem.code for problem in problems} == {"SC301", "SC201", "SC213"}
    assert [problem.pointer for problem in problems if problem.code == "SC301"] == [
        "/customer",
        "/version",
        "/subject/country",
        "/subject/state",
    ]


def test_a_site_with_a_bad_name_is_still_judged() -> None:
    """One bad alternative name does not hide the rest; without a common name there is no site."""
    site, _ = resolve("alt_names: [bad_name.example.org, good.example.org]")
    assert site is not None
    assert names(site) == ["DNS:smartweb.parknicollet.com", "DNS:good.example.org"]
    assert resolve("common_name: bad_name.example.org")[0] is None


def test_problems_of_servers_show_beside_an_undecided_version() -> None:
    """What does not depend on the version is judged without it."""
    _, problems = resolve("version: 8.x\nservers: [a_b.example.org, {name: b.example.org, ords_port: 443}]")
    assert [problem.code for problem in problems] == ["SC302", "SC213"]
