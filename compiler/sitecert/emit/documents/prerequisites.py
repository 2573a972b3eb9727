"""What must be true before the window opens."""

from __future__ import annotations

from sitecert.emit.documents.plans import LOAD_BALANCER
from sitecert.emit.documents.view import Sentence, Target, sentence
from sitecert.model.generation import Generation
from sitecert.model.site import Custody, InstallOn, IssuerKind, Site


def prerequisites(site: Site, generation: Generation, targets: tuple[Target, ...]) -> tuple[Sentence, ...]:
    """Return what must be true before the window opens."""
    items = [
        sentence("The change is approved and no change freeze covers the window."),
        sentence("The operators have the downtime procedure, and the people of the clinical test are named."),
    ]
    if generation.certificate is None:
        return (*items, *_to_make_the_request(targets))
    servers = [target for target in targets if target.name != LOAD_BALANCER]
    items.append(
        sentence(
            "The certificate with serial number {} is filed; its key, names, chain and dates are right.",
            generation.certificate.leaf.serial,
        )
    )
    items += _packs(site, targets)
    items.append(
        sentence("The fingerprint that is served today is noted for every system, by the technical tests.")
    )
    if servers:
        items.append(
            sentence("Root access to every server is at hand, by a way that does not need the web service.")
        )
    if any(target.backout for target in targets):
        items.append(sentence("{} of every script ends without a complaint.", "check"))
    if site.install_on is not InstallOn.SERVERS:
        items.append(sentence("An administrator of the load balancer is there during the window."))
    items += _trust(site)
    return tuple(items)


def _to_make_the_request(targets: tuple[Target, ...]) -> list[Sentence]:
    if not targets:
        return []
    return [
        sentence("Root access to {} is at hand.", targets[0].called),
        sentence("The script on the server has the SHA-256 under Artefact digests."),
    ]


def _packs(site: Site, targets: tuple[Target, ...]) -> list[Sentence]:
    opener = "" if site.key.custody is Custody.SERVER else " -i IDENTITY"
    packs = [
        sentence(
            "The pack for {} is there: {}.",
            target.called,
            f"sitecert handoff {site.name} --server {target.name} -o DIR{opener}",
        )
        for target in targets
    ]
    came = "Every pack came by a protected channel, not by e-mail; its scripts have the SHA-256 of Artefact"
    if site.key.custody is Custody.SERVER:
        return [*packs, sentence(f"{came} digests. The private key lies on the server already.")]
    return [*packs, sentence(f"{came} digests. The passphrase of its private key goes another way.")]


def _trust(site: Site) -> list[Sentence]:
    if site.issuer is IssuerKind.INTERNAL:
        return [
            sentence(
                "Every client and integration trusts the root of the customer's certification authority."
            )
        ]
    if site.issuer is IssuerKind.SELF_SIGNED:
        return [sentence("Every client and integration was given this very certificate to trust.")]
    return []
