"""What is known of the site, the change and the certificate, as labelled facts."""

from __future__ import annotations

import idna

from sitecert.emit.documents.dates import instant
from sitecert.emit.documents.view import Fact, Script, Sentence, System, Target, sentence, value
from sitecert.model.certificate import CertificateFacts
from sitecert.model.generation import Generation
from sitecert.model.names import AlternativeName, NameKind
from sitecert.model.site import Custody, InstallOn, IssuerKind, LoadBalancer, Server, Site, Vendor
from sitecert.model.window import read_window
from sitecert.pki.renewal import renewal_start
from sitecert.pki.validity import validity_days

_SHORT_DESCRIPTION = 160  # ServiceNow's `short_description` holds no more
_LABEL_PREFIX = "xn--"
_ROLES = {"web": "web", "enotify": "eNotify", "app": "application"}
_VENDORS = {
    Vendor.F5: "F5 BIG-IP",
    Vendor.NETSCALER: "NetScaler",
    Vendor.HAPROXY: "HAProxy",
    Vendor.NGINX: "nginx",
    Vendor.OTHER: "",
}
_ISSUERS = {
    IssuerKind.PUBLIC: "a public certification authority, chosen by the customer",
    IssuerKind.INTERNAL: "the customer's own certification authority",
    IssuerKind.SELF_SIGNED: "none: the certificate is self-signed",
}
_CUSTODY = {
    Custody.REPOSITORY: "made by sitecert, kept encrypted in the repository",
    Custody.SERVER: "made on the server, which it never leaves",
    Custody.CUSTOMER: "made by the customer",
}


def short_description(site: Site) -> str:
    """Return one line of at most 160 characters."""
    what = f"Install the TLS certificate of {site.common_name.value}"
    line = f"{what}, Smart Suite {site.version}, {site.customer}"
    return line if len(line) <= _SHORT_DESCRIPTION else line[: _SHORT_DESCRIPTION - 1].rstrip() + "…"


def names(site: Site, generation: Generation) -> tuple[AlternativeName, ...]:
    """Return the names of the certificate, or of the request, or those that will be asked for."""
    if generation.certificate is not None:
        return generation.certificate.leaf.alternative_names
    if generation.request is not None:
        return generation.request.content.alternative_names
    return site.alternative_names


def shown_name(name: AlternativeName) -> Sentence:
    """Return a name, with its readable form beside it where it holds A-labels (RFC 5890)."""
    if name.kind is NameKind.IP or _LABEL_PREFIX not in name.value:
        return sentence("{}", name.value)
    try:
        readable = idna.decode(name.value.removeprefix("*."))
    except idna.IDNAError:
        return sentence("{}", name.value)
    return sentence("{} ({})", name.value, value(readable))


def summary(site: Site, generation: Generation) -> tuple[Fact, ...]:
    """Return what is changed, for whom, and what the certificate says where there is one."""
    issued = generation.certificate
    stage = "certificate" if issued else "request"
    facts = [
        Fact("Customer", (sentence("{}", value(site.customer)),)),
        Fact("Application", (sentence("Smart Suite {}", value(site.version)),)),
        Fact("Name that users type", (shown_name(site.common_name),)),
        Fact("Installed on", (_places(site),)),
        Fact(f"Names in the {stage}", tuple(shown_name(name) for name in names(site, generation))),
    ]
    if issued:
        facts += _of_the_certificate(issued.leaf)
    else:
        facts.append(Fact("Issuer", (sentence(_ISSUERS[site.issuer]),)))
    facts.append(Fact("Private key", (_key(site, generation),)))
    return tuple(facts)


def systems(site: Site) -> tuple[System, ...]:
    """Return every configuration item: the load balancer first, then the servers."""
    on_balancer = site.install_on is not InstallOn.SERVERS
    on_servers = site.install_on is not InstallOn.LOAD_BALANCER
    balancer = [_balancer_system(site.load_balancer, is_changed=on_balancer)] if site.load_balancer else []
    return (*balancer, *(_server_system(server, is_changed=on_servers) for server in site.servers))


def record(site: Site) -> tuple[Fact, ...]:
    """Return the fields of the change record; what nobody has said yet is a blank."""
    change = site.change
    window = read_window(change.window)
    said = (sentence(str(window)),) if window else _one(change.window)
    return (
        Fact("Number", _one(change.number)),
        Fact("Short description", (sentence("{}", value(short_description(site))),)),
        Fact("Type (normal, standard or emergency)"),
        Fact("Risk (by the customer's own matrix)"),
        Fact("Window", said),
        Fact("Contact", _one(change.contact)),
        Fact("Implementer"),
        Fact("Approvers", tuple(sentence("{}", value(approver)) for approver in change.approvers)),
    )


def digests(
    generation: Generation, targets: tuple[Target, ...], change_digest: str | None
) -> tuple[Fact, ...]:
    """Return what identifies the change and everything that it installs."""
    facts = [Fact("Change digest (SHA-256)", _code(change_digest))] if change_digest else []
    facts += [
        Fact("Runbook (SHA-256)", (_script(script),)) for target in targets for script in target.scripts
    ]
    issued = generation.certificate
    if issued:
        facts += [
            Fact("Certificate fingerprint (SHA-256)", _code(issued.leaf.fingerprint)),
            Fact("Certificate serial number", _code(issued.leaf.serial)),
            Fact("Certificate subject", (sentence("{}", value(issued.leaf.subject)),)),
            Fact("Certificate issuer", (sentence("{}", value(issued.leaf.issuer)),)),
        ]
        facts += [
            Fact("Chain", (sentence("{}: {}", value(link.subject), link.fingerprint),))
            for link in issued.chain
        ]
    if generation.spki_sha256:
        facts.append(Fact("Public key (SPKI SHA-256)", _code(generation.spki_sha256)))
    return tuple(facts)


def balancer_name(balancer: LoadBalancer) -> Sentence:
    """Return how a load balancer is called."""
    return sentence("{}", value(balancer.name)) if balancer.name else sentence("load balancer")


def _of_the_certificate(leaf: CertificateFacts) -> list[Fact]:
    period = f"{instant(leaf.not_before)} to {instant(leaf.not_after)} ({validity_days(leaf)} days)"
    return [
        Fact("Issuer", (sentence("{}", value(leaf.issuer)),)),
        Fact("Valid", (sentence(period),)),
        Fact("Renew by", (sentence(str(renewal_start(leaf))),)),
    ]


def _places(site: Site) -> Sentence:
    count = len(site.servers)
    on_servers = "1 server" if count == 1 else f"{count} servers"
    return sentence(
        {
            InstallOn.SERVERS: on_servers,
            InstallOn.LOAD_BALANCER: "the load balancer",
            InstallOn.BOTH: f"{on_servers} and the load balancer",
        }[site.install_on]
    )


def _key(site: Site, generation: Generation) -> Sentence:
    origin = f"generation {generation.number}, {_CUSTODY[site.key.custody]}"
    if generation.certificate:
        return sentence(f"RSA {generation.certificate.leaf.key_bits} bits, {origin}")
    if generation.request:
        return sentence(f"RSA {generation.request.content.key_bits} bits, {origin}")
    return sentence(origin if site.key.custody is Custody.CUSTOMER else f"RSA {site.key.bits} bits, {origin}")


def _balancer_system(balancer: LoadBalancer, *, is_changed: bool) -> System:
    vendor = _VENDORS[balancer.vendor]
    return System(
        name=balancer_name(balancer),
        role=sentence(f"load balancer, {vendor}" if vendor else "load balancer"),
        services=sentence("HTTPS"),
        change="certificate installed" if is_changed else "not changed",
    )


def _server_system(server: Server, *, is_changed: bool) -> System:
    services = [sentence(f"{{}} on port {server.https_port}", "amcom_httpd")]
    if server.ords:
        services.append(sentence(f", {{}} on port {server.ords_port}", "ords-standalone"))
    return System(
        name=sentence("{}", server.name),
        role=sentence(
            "{} server", value(_ROLES.get(server.role, server.role) if server.role else "Smart Suite")
        ),
        services=tuple(part for service in services for part in service),
        change="certificate installed, services restarted" if is_changed else "not changed",
    )


def _script(script: Script) -> Sentence:
    return sentence("{}: {}", f"runbooks/{script.path}", script.sha256)


def _one(text: str | None) -> tuple[Sentence, ...]:
    return (sentence("{}", value(text)),) if text else ()


def _code(text: str) -> tuple[Sentence, ...]:
    return (sentence("{}", text),)
