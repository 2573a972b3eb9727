"""What new defaults and a new policy mean for sites whose own files stay."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sitecert.model.site import Site


def reached_sites(before: Iterable[Site], after: Iterable[Site], touched: Collection[str]) -> tuple[str, ...]:
    """Return the sites that mean something else now, though nothing of their own changed."""
    old = {site.name: _meaning(site) for site in before}
    return tuple(
        site.name
        for site in after
        if site.name not in touched and site.name in old and old[site.name] != _meaning(site)
    )


def _meaning(site: Site) -> tuple[object, ...]:
    """Return what a site says, without where it says so."""
    return (
        *(site.customer, site.version, site.request, site.issuer, site.key, site.ords_key, site.change),
        *(site.install_on, site.load_balancer, site.servers),
    )
