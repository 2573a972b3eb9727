"""Generations, rendered scripts and a server made of stubs, for the tests of the runbooks."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from sitecert.emit.scripts import render_install, render_load_balancer, render_request
from sitecert.emit.templates import Templates
from sitecert.model.generation import Generation
from sitecert.model.site import Custody, KeyPolicy, KeySecurity, LoadBalancer, Server, Site, Vendor
from sitecert.model.suite import ServiceManager, SuiteTraits
from sitecert.pki.certificates import issued_certificate
from sitecert.runbook.install import install_runbook
from sitecert.runbook.load_balancer import load_balancer_runbook
from sitecert.runbook.request import request_runbook
from support.authority import Authority, rsa_key
from support.sites import a_site

TEMPLATES = Path(__file__).parents[2] / "templates"
NAMES = ("smartweb.parknicollet.com",)
SHELLS = (*("dash", "bash", "bash --posix", "busybox ash", "mksh", "ksh93", "yash", "yash --posix"),)
"""The shells that a server may have as its `sh`."""
SUITES = {
    "5.x": SuiteTraits(ServiceManager.SYSV, ords=False),
    "6.x with ORDS": SuiteTraits(ServiceManager.SYSV, ords=True),
    "8.0-1": SuiteTraits(ServiceManager.SYSTEMD, ords=False),
    "8.1": SuiteTraits(ServiceManager.SYSTEMD, ords=True),
}


@cache
def templates() -> Templates:
    """Return the package's own templates."""
    found = sorted(TEMPLATES.rglob("*.j2"))
    return Templates({path.relative_to(TEMPLATES).as_posix(): path.read_text() for path in found})


@cache
def authority() -> Authority:
    """Return one authority for all runbooks."""
    return Authority()


@cache
def a_generation(number: int = 1, *, has_chain: bool = True, names: tuple[str, ...] = NAMES) -> Generation:
    """Return a generation with its certificate; each number has a key of its own."""
    leaf = authority().issue(rsa_key(f"generation {number}").public_key(), list(names))
    chain = [authority().intermediate] if has_chain else []
    return Generation(number, certificate=issued_certificate(leaf, chain))


def install_script(site: Site, generation: Generation, server: Server | None = None) -> str:
    """Return `install.sh` for a server of the site, the first if none is named."""
    server = server or site.servers[0]
    runbook = install_runbook(site, server, generation)
    return render_install(templates(), site, server, runbook, generation)


def request_script(site: Site, config_sha256: str = "ab" * 32) -> str:
    """Return `request.sh` for the site's one server."""
    server = site.servers[0]
    return render_request(templates(), site, server, request_runbook(site, server, config_sha256))


def load_balancer_files(site: Site, generation: Generation) -> dict[str, str]:
    """Return the load balancer's sheet and script."""
    runbook = load_balancer_runbook(site, generation)
    return render_load_balancer(templates(), site, runbook, generation)


def every_script(base: Site | None = None) -> dict[str, str]:
    """Return a script of every kind that there is, by what it is."""
    base = base or a_site()
    scripts = {
        f"install {version}": install_script(on_version(base, version), a_generation()) for version in SUITES
    }
    for version in ("5.x", "8.1"):
        site = on_version(base, version)
        scripts[f"install {version} no chain"] = install_script(site, a_generation(has_chain=False))
        scripts[f"install {version} server"] = install_script(made_on_the_server(site), a_generation())
    scripts["request"] = request_script(made_on_the_server(base))
    for security in KeySecurity:
        site = made_on_the_server(base, security, passphrase=True)
        scripts[f"request {security} passphrase"] = request_script(site)
    for vendor in (Vendor.HAPROXY, Vendor.NGINX):
        files = load_balancer_files(behind(base, vendor), a_generation())
        scripts[str(vendor)] = files["load-balancer.sh"]
    return scripts


def on_version(site: Site, version: str) -> Site:
    """Return the site on a version of Smart Suite, with ORDS or without."""
    suite = SUITES[version]
    return replace(site, suite=suite, servers=(replace(site.servers[0], ords=suite.ords),))


def made_on_the_server(
    site: Site, security: KeySecurity = KeySecurity.STANDARD, *, passphrase: bool = False
) -> Site:
    """Return the site with a key that is born on its server."""
    return replace(site, key=KeyPolicy(security, Custody.SERVER, 1, passphrase))


def behind(site: Site, vendor: Vendor, name: str | None = None) -> Site:
    """Return the site behind a load balancer."""
    return replace(site, load_balancer=LoadBalancer(vendor, name))
