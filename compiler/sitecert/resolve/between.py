"""Rules between sites: what two of them cannot both have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sitecert.model.site import InstallOn, Site
from sitecert.problems import Problem, Rule
from sitecert.problems.codes.names import COMMON_NAME_TWICE, OUTPUT_TWICE, SHARED_SERVER
from sitecert.problems.wording import key_of, quoted

Claim = tuple[str, Site, str]
"""What is claimed, the site that claims it, and the pointer of where it says so."""


def check_between(sites: Sequence[Site]) -> tuple[Problem, ...]:
    """Return a problem for each site that claims what another one claims too."""
    return (
        *_clashes(COMMON_NAME_TWICE, _common_names(sites)),
        *_clashes(SHARED_SERVER, _servers(sites)),
        *_clashes(OUTPUT_TWICE, _output_folders(sites)),
    )


def _common_names(sites: Iterable[Site]) -> Iterator[Claim]:
    return ((site.common_name.value, site, "/common_name") for site in sites)


def _servers(sites: Iterable[Site]) -> Iterator[Claim]:
    """Yield the servers that are named as such, where a certificate is installed on them."""
    for site in sites:
        if site.install_on is InstallOn.LOAD_BALANCER or "/servers" not in site.places:
            continue
        for server in site.servers:
            yield server.name, site, "/servers"


def _output_folders(sites: Iterable[Site]) -> Iterator[Claim]:
    """Yield the folders under `out/` as macOS and Windows tell them apart."""
    return ((site.name.casefold(), site, "") for site in sites)


def _clashes(rule: Rule, claims: Iterable[Claim]) -> Iterator[Problem]:
    claimed: dict[str, list[tuple[Site, str]]] = defaultdict(list)
    for what, site, pointer in claims:
        claimed[what].append((site, pointer))
    for what, claimants in claimed.items():
        for site, pointer in claimants:
            others = ", ".join(other.source for other, _ in claimants if other is not site)
            if others:
                message = f"{key_of(pointer) or 'out'}: {quoted(what)} belongs to {others} as well"
                yield rule.at(site.place(pointer), message, pointer=pointer, site=site.name)
