"""What differs between load balancers, one module for each vendor."""

from __future__ import annotations

from sitecert.model.site import Vendor
from sitecert.runbook.vendors import f5, haproxy, netscaler, nginx, other
from sitecert.runbook.vendors.vendor import VendorRunbook

VENDORS: dict[Vendor, VendorRunbook] = {
    Vendor.F5: f5.F5,
    Vendor.NETSCALER: netscaler.NETSCALER,
    Vendor.HAPROXY: haproxy.HAPROXY,
    Vendor.NGINX: nginx.NGINX,
    Vendor.OTHER: other.OTHER,
}
"""The runbook of each vendor."""
