"""What a reader must not miss: what is awaited, what is unusual, what was waived."""

from __future__ import annotations

from sitecert.emit.documents.dates import instant
from sitecert.emit.documents.view import Notice, Sentence, sentence, value
from sitecert.model.generation import Generation, Stage
from sitecert.model.layout import INTERIM, REQUEST
from sitecert.model.names import AlternativeName
from sitecert.model.site import Custody, IssuerKind, Site
from sitecert.model.window import read_window
from sitecert.pki.certificates import read_issued

_FROM = {
    IssuerKind.PUBLIC: "from the public certification authority, where the customer orders it with the"
    " request. The authority asks for proof of control of every name; CAA records must allow it",
    IssuerKind.INTERNAL: "from the customer's own certification authority, which signs the request",
    IssuerKind.SELF_SIGNED: "from a holder of the private key, who signs it with that key; no certification"
    " authority is asked",
}
_FROM_THE_CUSTOMER = {
    IssuerKind.PUBLIC: "which a public certification authority issues",
    IssuerKind.INTERNAL: "which the customer's own certification authority issues",
    IssuerKind.SELF_SIGNED: "which the customer signs with that key",
}


def notices(site: Site, generation: Generation) -> tuple[Notice, ...]:
    """Return every notice that applies, the gravest first."""
    found = (
        _disclosed_key(site, generation),
        _awaited(site, generation),
        _window(site, generation),
        _missing_names(site, generation),
        _omitted_names(site),
        _interim(site, generation),
        _waivers(site),
    )
    return tuple(notice for notice in found if notice is not None)


def _disclosed_key(site: Site, generation: Generation) -> Notice | None:
    if not generation.disclosed:
        return None
    items = [
        sentence(
            "The private key of generation {} was once sent without encryption. Whoever saw it can pose as"
            " this site until the certificate ends.",
            value(str(generation.number)),
        )
    ]
    if site.issuer is IssuerKind.PUBLIC:
        items.append(
            sentence(
                "A public certification authority that learns of it must revoke the certificate within 24"
                " hours (Baseline Requirements 4.9.1.1)."
            )
        )
    items.append(sentence("Plan a new key: raise {} in {}.", "key.generation", site.source))
    return Notice("The private key was disclosed", tuple(items))


def _awaited(site: Site, generation: Generation) -> Notice | None:
    if generation.certificate is not None:
        return None
    is_own = site.issuer is IssuerKind.SELF_SIGNED
    command = f"sitecert self-sign {site.name} -i IDENTITY" if is_own else f"sitecert intake {site.name}"
    return Notice(
        "Awaited before the change can be made",
        (
            *_awaited_items(site, generation),
            sentence(
                "Once {} has filed the certificate, this document is made anew with the steps and digests.",
                command,
            ),
        ),
    )


def _awaited_items(site: Site, generation: Generation) -> tuple[Sentence, ...]:
    if site.key.custody is Custody.CUSTOMER:
        return (
            sentence(
                "The private key, which the customer makes, and its certificate,"
                f" {_FROM_THE_CUSTOMER[site.issuer]}."
                " They must come encrypted: a key that comes in the clear counts as disclosed."
            ),
        )
    certificate = sentence(f"The certificate, {_FROM[site.issuer]}.")
    if generation.request is None:
        server = site.servers[0].name
        return (sentence("The request (CSR), from {}, where it is made with the key.", server), certificate)
    request = f"out/{site.name}/generation-{generation.number}/{REQUEST}"
    if generation.stage is Stage.SEALED:
        return (sentence("The request {} was handed to the customer.", request), certificate)
    if site.issuer is IssuerKind.SELF_SIGNED:
        return (certificate,)
    return (sentence("The request {} is made and not yet handed to the customer.", request), certificate)


def _window(site: Site, generation: Generation) -> Notice | None:
    window, issued = read_window(site.change.window), generation.certificate
    if window is None or issued is None:
        return None
    if window.start < issued.leaf.not_before:
        said = f"The window opens before the certificate is valid ({instant(issued.leaf.not_before)})."
    elif window.end > issued.leaf.not_after:
        said = f"The certificate ends ({instant(issued.leaf.not_after)}) before the window closes."
    else:
        return None
    return Notice("Window and certificate do not fit", (sentence(said),))


def _missing_names(site: Site, generation: Generation) -> Notice | None:
    """Return the names of the site that its certificate does not answer for.

    An edit after the certificate was issued touches nothing in service (docs/design.md section 2).
    """
    if generation.certificate is None:
        return None
    carried = generation.certificate.leaf.alternative_names
    missing = [name for name in site.alternative_names if not _is_carried(name, carried)]
    if not missing:
        return None
    return Notice(
        "The certificate does not carry every name",
        tuple(
            sentence("{} is a name of the site; clients that use it will be warned.", name.value)
            for name in missing
        ),
    )


def _is_carried(name: AlternativeName, carried: tuple[AlternativeName, ...]) -> bool:
    wildcard = AlternativeName(name.kind, f"*.{name.value.partition('.')[2]}")
    return name in carried or wildcard in carried


def _omitted_names(site: Site) -> Notice | None:
    if not site.omitted_names:
        return None
    said = (
        "Public certification authorities refuse these names, so the certificate does not carry them. Whoever"
        " opens a page by one of them is warned"
    )
    if any(server.ords for server in site.servers):
        said += "; ORDS on Jetty 10 or later answers 400 Invalid SNI"
    return Notice(
        "Server names that are left out",
        (
            sentence(f"{said}."),
            *(sentence("{} (server {})", omitted.name, omitted.server) for omitted in site.omitted_names),
        ),
    )


def _interim(site: Site, generation: Generation) -> Notice | None:
    if generation.interim_pem is None:
        return None
    path = f"out/{site.name}/generation-{generation.number}/{INTERIM}"
    leaf = read_issued(generation.interim_pem, b"").leaf
    if generation.certificate is None:
        said = (
            "{} is a self-signed stand-in until the certificate comes. Where it is in service, every client"
            " that was not told to trust it warns."
        )
    else:
        said = "{} is a self-signed stand-in. Wherever it is in service, this change replaces it."
    ends = sentence(
        f"It ends on {instant(leaf.not_after)}. Its fingerprint (SHA-256) is {{}}.", leaf.fingerprint
    )
    return Notice("Interim certificate", (sentence(said, path), ends))


def _waivers(site: Site) -> Notice | None:
    if not site.waivers:
        return None
    return Notice(
        "Rules waived for this site",
        tuple(
            sentence("{} until {}: {}", waiver.code, value(str(waiver.until)), value(waiver.reason))
            for waiver in site.waivers
        ),
    )
