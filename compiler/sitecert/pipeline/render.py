"""Everything that a site compiles to, from its plan."""

from __future__ import annotations

from hashlib import sha256

from sitecert.emit.digests import change_digest, site_manifest
from sitecert.emit.documents import change_document, render_html, render_markdown
from sitecert.emit.generation import generation_artifacts, openssl_config
from sitecert.emit.scripts import render_install, render_load_balancer, render_request
from sitecert.emit.templates import Templates
from sitecert.model.artifact import Artifact
from sitecert.model.generation import Generation
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


def _runbooks(templates: Templates, plan: SitePlan) -> tuple[tuple[Runbook, ...], list[Artifact]]:
    """Return the runbooks of the current generation, and every script that stands in `out/`."""
    site, installed = plan.site, plan.installed
    runbooks: list[Runbook] = []
    scripts: list[Artifact] = []
    if installed is not None:
        made, scripts = _install(templates, as_certified(site, installed), installed)
        runbooks = made if installed is plan.current else []
    if _awaits_request(plan):
        config = openssl_config(templates, site, plan.current)
        server = site.servers[0]
        request = request_runbook(site, server, sha256(config).hexdigest())
        runbooks.append(request)
        text = render_request(templates, site, server, request)
        scripts.append(_script(site, server.name, REQUEST_SCRIPT, text))
    return tuple(runbooks), scripts


def _install(
    templates: Templates, site: Site, generation: Generation
) -> tuple[list[Runbook], list[Artifact]]:
    runbooks: list[Runbook] = []
    scripts: list[Artifact] = []
    if site.install_on is not InstallOn.LOAD_BALANCER:
        for server in site.servers:
            runbook = install_runbook(site, server, generation)
            runbooks.append(runbook)
            text = render_install(templates, site, server, runbook, generation)
            scripts.append(_script(site, server.name, INSTALL_SCRIPT, text))
    if site.install_on is not InstallOn.SERVERS:
        runbook = load_balancer_runbook(site, generation)
        runbooks.append(runbook)
        for name, text in render_load_balancer(templates, site, runbook, generation).items():
            scripts.append(_script(site, runbook.target, name, text))
    return runbooks, scripts


def _awaits_request(plan: SitePlan) -> bool:
    is_awaited = plan.current.request is None and plan.current.certificate is None
    return plan.site.key.custody is Custody.SERVER and is_awaited


def _script(site: Site, target: str, name: str, text: str) -> Artifact:
    return Artifact(f"{runbook_folder(site.name, target)}/{name}", text.encode())


def _digests(scripts: list[Artifact]) -> dict[str, str]:
    """Map each script's path below `runbooks/` to its SHA-256 (hex)."""
    return {script.path.partition("/runbooks/")[2]: sha256(script.content).hexdigest() for script in scripts}
