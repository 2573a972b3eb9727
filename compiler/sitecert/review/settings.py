"""What a site's own file says differently, beside its names and its key."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sitecert.model.request import SubjectField
from sitecert.model.review import Mark, Remark, Topic
from sitecert.model.site import Server, Site
from sitecert.pki.subjects import FIELD_RULES
from sitecert.review.change import SiteChange

NOTHING = "nothing"


def _load_balancer(site: Site) -> str:
    if site.load_balancer is None:
        return "none"
    name = f" {site.load_balancer.name}" if site.load_balancer.name else ""
    return f"{site.load_balancer.vendor}{name}"


SETTINGS: tuple[tuple[str, Callable[[Site], str]], ...] = (
    ("/customer", lambda site: site.customer),
    ("/version", lambda site: site.version),
    ("/common_name", lambda site: site.common_name.value),
    ("/issuer", lambda site: site.issuer.value),
    ("/install_on", lambda site: site.install_on.value),
    ("/load_balancer", _load_balancer),
    ("/ords_key", lambda site: site.ords_key),
    ("/change/number", lambda site: site.change.number or NOTHING),
    ("/change/window", lambda site: site.change.window or NOTHING),
    ("/change/contact", lambda site: site.change.contact or NOTHING),
    ("/change/approvers", lambda site: ", ".join(site.change.approvers) or NOTHING),
)
"""The pointers of what is compared, and how each is said."""


def setting_remarks(change: SiteChange) -> Iterator[Remark]:
    """Say which settings change, and from what to what."""
    if change.sites is None:
        if change.after.site is not None:
            yield from _introduce(change, change.after.site)
        return
    before, after = change.sites
    for pointer, said in SETTINGS:
        old, new = said(before), said(after)
        if old != new:
            key = pointer.strip("/").replace("/", ".")
            yield Remark(Topic.SETTINGS, Mark.CHANGED, f"{key}: {old} becomes {new}", change.place(pointer))
    yield from _server_remarks(change, before, after)
    yield from _subject_remarks(change, before, after)


def _introduce(change: SiteChange, site: Site) -> Iterator[Remark]:
    """Say what a new site is."""
    yield Remark(
        Topic.SITE,
        Mark.ADDED,
        f"{site.customer}, Smart Suite {site.version}, issuer: {site.issuer}",
        change.place(),
    )
    where = ", ".join(server.name for server in site.servers)
    yield Remark(
        Topic.SETTINGS, Mark.ADDED, f"installed on {site.install_on}: {where}", change.place("/servers")
    )
    for attribute in site.subject:
        if attribute.field is SubjectField.COMMON_NAME:
            continue
        yield Remark(Topic.SUBJECT, Mark.ADDED, f"{FIELD_RULES[attribute.field].what}: {attribute.value}")


def _server_remarks(change: SiteChange, before: Site, after: Site) -> Iterator[Remark]:
    old, new = {each.name: each for each in before.servers}, {each.name: each for each in after.servers}
    place = change.place("/servers")
    for name, server in new.items():
        if name not in old:
            yield Remark(Topic.SETTINGS, Mark.ADDED, f"server {name} ({_ports(server)})", place)
        elif old[name] != server:
            text = f"server {name}: {_ports(old[name])} becomes {_ports(server)}"
            yield Remark(Topic.SETTINGS, Mark.CHANGED, text, place)
    for name in old:
        if name not in new:
            yield Remark(Topic.SETTINGS, Mark.REMOVED, f"server {name} gets no certificate any more", place)


def _ports(server: Server) -> str:
    role = f"{server.role}, " if server.role else ""
    ords = f", ORDS {server.ords_port}" if server.ords else ""
    return f"{role}HTTPS {server.https_port}{ords}"


def _subject_remarks(change: SiteChange, before: Site, after: Site) -> Iterator[Remark]:
    old = {each.field: each.value for each in before.subject}
    new = {each.field: each.value for each in after.subject}
    for field, rule in FIELD_RULES.items():
        if old.get(field) != new.get(field) and field is not SubjectField.COMMON_NAME:
            text = f"{rule.what}: {old.get(field, NOTHING)} becomes {new.get(field, NOTHING)}"
            yield Remark(Topic.SUBJECT, Mark.CHANGED, text, change.place(f"/{rule.what.replace('.', '/')}"))
