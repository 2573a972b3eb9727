"""A site on loopback: its generations, the pairs that serve them, and one look at it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography import x509

from sitecert.model.generation import Generation
from sitecert.model.site import Site
from sitecert.model.verification import Redirection
from sitecert.pki.certificates import issued_certificate
from sitecert.verify.endpoints import endpoints
from sitecert.verify.expected import Expected, expect
from sitecert.verify.judge import Judged, judge
from sitecert.verify.look import look
from support.authority import NOT_BEFORE, Authority, rsa_key
from support.sites import a_server, a_site
from support.tls import LOOPBACK, Pair

NAME = "smartweb.parknicollet.com"
SERVER = "spokwb.parknicollet.com"
AUTHORITY = Authority()
SITE = a_site(servers=(a_server(ords=False),))
MOMENT = NOT_BEFORE + timedelta(days=30)
PATIENCE = 60.0
"""Seconds: far more than loopback needs, so that a slow machine is no finding."""


def leaf(number: int, *names: str, label: str = "", **changes: object) -> x509.Certificate:
    """Return a certificate for a generation's key (or another's), and for the site's name unless told."""
    key = rsa_key(label or f"generation {number}").public_key()
    return AUTHORITY.issue(key, list(names or (NAME,)), **changes)  # type: ignore[arg-type]


def generation(number: int, own: x509.Certificate, *chain: x509.Certificate) -> Generation:
    """Return a generation as it was filed."""
    return Generation(number, certificate=issued_certificate(own, chain))


def pair(number: int, *certificates: x509.Certificate) -> Pair:
    """Return what a server of a generation's key sends."""
    return Pair(rsa_key(f"generation {number}"), certificates)


def at_port(port: int, name: str = SERVER, *, of: int | None = None, host: str = LOOPBACK) -> Redirection:
    """Return what makes a place, or one port of it, be found on loopback."""
    return Redirection(name, of, host, port)


def judged(
    generations: Sequence[Generation],
    *redirections: Redirection,
    site: Site = SITE,
    moment: datetime = MOMENT,
    seconds: float = PATIENCE,
) -> list[Judged]:
    """Look at a site once, and judge what is seen."""
    expected = expect(site, {each.number: each for each in generations})
    assert isinstance(expected, Expected)
    looks = look(endpoints(site, redirections), expected.names, seconds)
    return [judge(site, expected, each, moment) for each in looks]


def codes(results: Sequence[Judged]) -> list[list[str]]:
    """Return the codes of each result."""
    return [[problem.code for problem in each.problems] for each in results]
