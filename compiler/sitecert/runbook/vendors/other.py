"""Any other load balancer, Kemp LoadMaster among them: by its own pages."""

from __future__ import annotations

from sitecert.model.generation import Generation
from sitecert.model.runbook import KeyDelivery, KeyForm, Step, Turn
from sitecert.model.site import Server, Site
from sitecert.runbook.vendors.vendor import VendorRunbook, object_name, prove_by_hand, sheet_constants

FILES = ("server.crt", "leaf.crt", "chain.crt")
KEY = KeyDelivery((KeyForm.PEM, KeyForm.PFX), alphanumeric=True)
"""A Kemp LoadMaster reads PFX, and a passphrase of at most 64 letters and digits; others read PEM alone."""


def _steps(site: Site, generation: Generation) -> tuple[Step, ...]:
    name = object_name(site, generation)
    return (
        _by_hand(
            "keep_before",
            "Keep what is there",
            "Export or note the certificate that is in service and the virtual services that use it. On a "
            "Kemp LoadMaster: Certificates & Security, SSL Certificates, Backup.",
            article="7",
        ),
        _by_hand(
            "add_certificate",
            "Add the certificate",
            f"Add the certificate with its key under the new name {name}, where names can be chosen: "
            "server.pfx, which holds the chain too, or server.crt with server.key. The chain goes with it or "
            "into the store for intermediate certificates (chain.crt). server.pfx and server.key open with "
            "the same passphrase. On a Kemp LoadMaster, which reads server.pfx, a replaced certificate "
            "touches traffic: stay inside the window.",
            article="8, 9",
        ),
        _by_hand(
            "use_certificate",
            "Use it",
            "Choose the new certificate in each virtual service noted before. Backing out: choose the old.",
            article="10",
            impact="New connections see the new certificate.",
        ),
        prove_by_hand(site, generation),
        _by_hand("save", "Save", "Save the configuration and synchronise the partner, where there is one."),
    )


def _by_hand(identifier: str, title: str, why: str, *, article: str = "", impact: str = "") -> Step:
    return Step(identifier, title, why, article, do=(), check=(), undo=(), impact=impact)


def _turn(server: Server) -> Turn:
    return Turn(
        server.name,
        why="Drain it by the load balancer's own pages: no new connection, and wait for the old ones."
        " Enable it when its runbook has proved the new certificate. On a Kemp LoadMaster: Real Servers,"
        " Disable, Enable.",
    )


OTHER = VendorRunbook(FILES, _steps, lambda _, generation: sheet_constants(generation, *FILES), _turn, KEY)
