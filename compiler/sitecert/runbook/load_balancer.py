"""The runbook for the load balancer in front of a site: the certificate goes on it (kb39324 overview)."""

from __future__ import annotations

from sitecert.model.generation import Generation
from sitecert.model.runbook import Runbook, Turn
from sitecert.model.site import InstallOn, Site, Vendor
from sitecert.runbook.places import certified, payload
from sitecert.runbook.vendors import VENDORS
from sitecert.runbook.vendors.vendor import VendorRunbook

TARGET = "load-balancer"


def load_balancer_runbook(site: Site, generation: Generation) -> Runbook:
    """Return the ordered steps for the load balancer's vendor.

    Steps are lines for the vendor's own command line: a shell on F5, HAProxy and nginx, the NetScaler
    CLI on NetScaler; where there is none, `do` is empty and `why` says what to do. Objects carry the
    generation's number in their names, so that backing out means to name the one before. Raises
    ValueError for a generation that has no certificate.
    """
    issued = certified(generation)
    vendor = VENDORS[site.load_balancer.vendor if site.load_balancer else Vendor.OTHER]
    return Runbook(
        target=TARGET,
        steps=vendor.steps(site, generation),
        payload=payload(issued, *vendor.payload),
        constants=vendor.constants(site, generation),
        turns=_turns(site, vendor),
        key=vendor.key,
    )


def _turns(site: Site, vendor: VendorRunbook) -> tuple[Turn, ...]:
    """Return the servers' turns where they get the certificate, too; one at a time."""
    if site.install_on is not InstallOn.BOTH:
        return ()
    return tuple(vendor.turn(server) for server in site.servers)
