"""Everything that a site compiles to, from its plan."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from sitecert.emit.digests import change_digest, site_manifest
from sitecert.emit.documents import change_document, render_html, render_markdown
from sitecert.emit.generation import generation_artifacts, openssl_config
from sitecert.emit.scripts import render_install, render_load_balancer, render_request
from sitecert.emit.templates import Templates
from sitecert.model.artifact import Artifact
from sitecert.model.layout import (
    DOCUMENT_HTML,
    DOCUMENT_MARKDOWN,
    INSTALL_SCRIPT,
    REQUEST_SCRIPT,
    runbook_folder,
    site_folder,
)
from sitecert.model.plan import SitePlan
from sitecert.model.runbook import Runbook
from sitecert.model.site import Custody, InstallOn, Site
from sitecert.plan.site import as_certified
from sitecert.runbook.install import install_runbook
from sitecert.runbook.load_balancer import load_balancer_runbook
from sitecert.runbook.request import request_runbook


@dataclass(frozen=True, slots=True)
class RenderedRunbook:
    """A runbook, and the files under `out/` that show it."""

    runbook: Runbook
    scripts: tuple[Artifact, ...]


def site_artifacts(templates: Templates, plan: SitePlan) -> tuple[Artifact, ...]:
    """Return every file of `out/<site>/`, its manifest last."""
    site = plan.site
    generations = [file for each in plan.kept for file in generation_artifacts(templates, site, each)]
    runbooks, scripts = _runbooks(templates, plan)
    change = change_digest(plan.current, runbooks)
    document = change_document(
        site, plan.current, runbooks, _digests(scripts), change, in_service=plan.previous
    )
    folder = site_folder(site.name)
    documents = [
        Artifact(f"{folder}/{DOCUMENT_MARKDOWN}", render_markdown(templates, document).encode()),
        Artifact(f"{folder}/{DOCUMENT_HTML}", render_html(templates, document).encode()),
    ]
    files = [*generations, *scripts, *documents]
    return (*files, site_manifest(site.name, files, change))


def installers(templates: Templates, plan: SitePlan) -> tuple[RenderedRunbook, ...]:
    """Return what puts the newest certificate into service, for each of the site's targets.

    Servers in the site's order, then the load balancer; none before there is a certificate.
    """
    generation = plan.installed
    if generation is None:
        return ()
    site = as_certified(plan.site, generation)
    servers = {server.name: server for server in site.servers}
    made: list[RenderedRunbook] = []
    for runbook in installing_runbooks(plan):
        if runbook.target in servers:
            server = servers[runbook.target]
            texts = {INSTALL_SCRIPT: render_install(templates, site, server, runbook, generation)}
        else:
            texts = render_load_balancer(templates, site, runbook, generation)
        scripts = tuple(_script(site, runbook.target, name, text) for name, text in texts.items())
        made.append(RenderedRunbook(runbook, scripts))
    return tuple(made)


def installing_runbooks(plan: SitePlan) -> tuple[Runbook, ...]:
    """Return the runbooks that put the newest certificate into service, in the order of `installers`."""
    generation = plan.installed
    if generation is None:
        return ()
    site = as_certified(plan.site, generation)
    servers = site.servers if site.install_on is not InstallOn.LOAD_BALANCER else ()
    on_servers = tuple(install_runbook(site, server, generation) for server in servers)
    if site.install_on is InstallOn.SERVERS:
        return on_servers
    return (*on_servers, load_balancer_runbook(site, generation))


def request_maker(templates: Templates, plan: SitePlan) -> RenderedRunbook | None:
    """Return what makes key and request on the site's one server, while that request is awaited."""
    site, current = plan.site, plan.current
    is_awaited = current.request is None and current.certificate is None
    if site.key.custody is not Custody.SERVER or not is_awaited:
        return None
    server = site.servers[0]
    runbook = request_runbook(site, server, sha256(openssl_config(templates, site, current)).hexdigest())
    text = render_request(templates, site, server, runbook)
    return RenderedRunbook(runbook, (_script(site, server.name, REQUEST_SCRIPT, text),))


def _runbooks(templates: Templates, plan: SitePlan) -> tuple[tuple[Runbook, ...], list[Artifact]]:
    """Return the runbooks of the current generation, and every script that stands in `out/`."""
    made = installers(templates, plan)
    scripts = [script for each in made for script in each.scripts]
    runbooks = [each.runbook for each in made] if plan.installed is plan.current else []
    requester = request_maker(templates, plan)
    if requester is not None:
        runbooks.append(requester.runbook)
        scripts += requester.scripts
    return tuple(runbooks), scripts


def _script(site: Site, target: str, name: str, text: str) -> Artifact:
    return Artifact(f"{runbook_folder(site.name, target)}/{name}", text.encode())


def _digests(scripts: list[Artifact]) -> dict[str, str]:
    """Map each script's path below `runbooks/` to its SHA-256 (hex)."""
    return {script.path.partition("/runbooks/")[2]: sha256(script.content).hexdigest() for script in scripts}
