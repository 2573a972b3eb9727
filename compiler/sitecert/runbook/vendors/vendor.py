"""What every vendor's runbook is made of."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from sitecert.model.generation import Generation
from sitecert.model.runbook import PROTECTED, Constant, KeyDelivery, Step, Turn
from sitecert.model.site import Server, Site
from sitecert.runbook.places import certificate_identity, certified, origin, payload_digests

HTTPS_PORT = "443"
"""Where the load balancer answers; a site file does not name another port for it."""

PROVE_SECONDS = "60"

Steps: TypeAlias = Callable[[Site, Generation], tuple[Step, ...]]
Constants: TypeAlias = Callable[[Site, Generation], tuple[Constant, ...]]


@dataclass(frozen=True, slots=True)
class VendorRunbook:
    """A vendor's steps and constants, the files that its pack needs beside the key, and the key's forms."""

    payload: tuple[str, ...]
    steps: Steps
    constants: Constants
    turn: Callable[[Server], Turn]
    key: KeyDelivery = PROTECTED


def object_name(site: Site, generation: Generation) -> str:
    """Return the name of the objects of one generation: `smartweb.parknicollet.com-20261205-g1`.

    The date is the one from which its certificate is valid: a name says how old it is, and depends on no
    clock.
    """
    valid_from = certified(generation).leaf.not_before
    return f"{file_stem(site)}-{valid_from:%Y%m%d}-g{generation.number}"


def file_stem(site: Site) -> str:
    """Return the common name as a file or an object may be called: `*` and `:` would mean something."""
    return site.common_name.value.replace("*", "wildcard").replace(":", "-")


def named_object(site: Site, otherwise: str) -> str:
    """Return the object that `load_balancer.name` names, or `otherwise` where it could be no object."""
    name = site.load_balancer.name if site.load_balancer else None
    return name if name and re.fullmatch(r"[A-Za-z0-9_/][A-Za-z0-9_./-]{0,127}", name) else otherwise


def script_constants(site: Site, generation: Generation, *files: str) -> tuple[Constant, ...]:
    """Return the constants of a vendor's script; `files` are those of its payload."""
    vip = "" if "*" in site.common_name.value else f" {site.common_name.value}"
    return (
        *origin(site, "load-balancer", generation.number),
        Constant("ADDRESSES", f"127.0.0.1{vip}", "where to knock, in this order"),
        Constant("HTTPS_PORT", HTTPS_PORT, "where the load balancer answers"),
        Constant("PROVE_SECONDS", PROVE_SECONDS, "how long to wait for it"),
        *sheet_constants(generation, *files),
    )


def sheet_constants(generation: Generation, *files: str) -> tuple[Constant, ...]:
    """Return the constants by which a person knows the certificate, its key and the files."""
    issued = certified(generation)
    return (*certificate_identity(issued), *payload_digests(issued, *files))


def look(site: Site) -> str:
    """Return the command that shows, on any machine with openssl, the certificate that clients are shown."""
    name = site.common_name.value.replace("*.", "any-name.", 1)
    return (
        f"openssl s_client -connect {name}:{HTTPS_PORT} -servername {name} </dev/null"
        " | openssl x509 -noout -fingerprint -sha256"
    )


def prove_by_hand(site: Site, generation: Generation) -> Step:
    """Return the step that compares what clients are shown with the new certificate's fingerprint."""
    fingerprint = certified(generation).leaf.fingerprint.upper()
    expected = ":".join(fingerprint[at : at + 2] for at in range(0, len(fingerprint), 2))
    return Step(
        id="prove_served",
        title="Prove what the load balancer serves",
        why="From a machine that is a client of it. Only this fingerprint says that the new certificate is "
        "in service; no success of any command does.",
        article="12",
        do=(look(site),),
        check=(f"# {expected}",),
        undo=(),
        impact="",
    )
