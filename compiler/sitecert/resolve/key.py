"""How the key of a site is made and who holds it."""

from __future__ import annotations

from sitecert.model.site import Custody, IssuerKind, KeyPolicy, KeySecurity, LoadBalancer, Server
from sitecert.problems.codes.settings import CUSTODY_SERVER, PASSPHRASE, SELF_SIGNED_CUSTODY
from sitecert.resolve.settings import Settings


def read_key(settings: Settings) -> KeyPolicy:
    """Return the key policy: standard security, in the repository, generation 1, unless said."""
    custody = Custody(settings.text("/key/custody") or Custody.REPOSITORY)
    passphrase = settings.flag("/key/passphrase") or False
    if passphrase and custody is not Custody.SERVER and settings.is_own("/key/passphrase"):
        settings.report(PASSPHRASE, "/key/passphrase", f"is true, but `key.custody` is {custody}")
    return KeyPolicy(
        security=KeySecurity(settings.text("/key/security") or KeySecurity.STANDARD),
        custody=custody,
        generation=settings.number("/key/generation") or 1,
        passphrase=passphrase and custody is Custody.SERVER,
    )


def check_custody(
    settings: Settings,
    custody: Custody,
    issuer: IssuerKind,
    servers: tuple[Server, ...],
    load_balancer: LoadBalancer | None,
) -> None:
    """Report a custody that does not fit where the certificate is installed or who signs it."""
    if custody is Custody.SERVER and load_balancer is not None:
        settings.report(CUSTODY_SERVER, "/key/custody", "is server, but there is a `load_balancer`")
    elif custody is Custody.SERVER and len(servers) > 1:
        clause = f"is server, but there are {len(servers)} `servers`"
        settings.report(CUSTODY_SERVER, "/key/custody", clause)
    if issuer is IssuerKind.SELF_SIGNED and custody is not Custody.REPOSITORY:
        clause = f"is {custody}, but `issuer` is self-signed"
        settings.report(SELF_SIGNED_CUSTODY, "/key/custody", clause)
