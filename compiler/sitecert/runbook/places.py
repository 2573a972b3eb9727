"""Where things lie on a server, and the constants that every runbook begins with."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from ipaddress import IPv6Address

from sitecert.model.certificate import IssuedCertificate
from sitecert.model.generation import Generation
from sitecert.model.names import AlternativeName, NameKind
from sitecert.model.runbook import Constant, Payload
from sitecert.model.site import Site

CERTIFICATES = "/opt/amcom/apache/conf/ssl.crt"
KEYS = "/opt/amcom/apache/conf/ssl.key"
"""The two directories that the article names (kb39324 steps 7 to 9)."""

HTTPD = "/opt/amcom/apache/bin/httpd"
"""Apache's program in the vendor's own build, by the layout of every Apache that is built from source."""

STATE_ROOT = "/root/sitecert"
"""Keys, backups, journals and logs on a server: readable by root alone and kept over a reboot, unlike the
`/tmp` of kb39324 step 1."""


def origin(site: Site, target: str, generation: int) -> tuple[Constant, ...]:
    """Return the constants that say which site, target and generation a runbook is for."""
    state = f"{STATE_ROOT}/{site.name}"
    return (
        Constant("SITE", site.name, "the site"),
        Constant("SERVER", target, "where this runbook is run"),
        Constant("GENERATION", str(generation), "the number of the key and its certificate"),
        Constant("STATE", state, "what sitecert keeps here"),
        Constant("FOLDER", f"{state}/generation-{generation}", "this generation's key, backups and logs"),
    )


def certificate_identity(issued: IssuedCertificate) -> tuple[Constant, ...]:
    """Return the constants by which a certificate and its key are known, wherever they are met."""
    leaf = issued.leaf
    return (
        Constant("NAMES", names_to_prove(leaf.alternative_names), "the names to prove"),
        Constant(
            "ALTERNATIVE_NAMES", names_as_printed(leaf.alternative_names), "the names, as openssl prints them"
        ),
        Constant("FINGERPRINT", leaf.fingerprint, "SHA-256 of the new certificate (DER)"),
        Constant("KEY_SPKI", leaf.spki_sha256, "SHA-256 of its public key (DER)"),
        Constant("NOT_BEFORE", _instant(leaf.not_before), "valid from (UTC)"),
        Constant("NOT_AFTER", _instant(leaf.not_after), "valid until (UTC)"),
    )


def certified(generation: Generation) -> IssuedCertificate:
    """Return the generation's certificate; raises ValueError where it has none."""
    if generation.certificate is None:
        raise ValueError(f"generation {generation.number} has no certificate to install")
    return generation.certificate


def payload(issued: IssuedCertificate, *names: str) -> tuple[Payload, ...]:
    """Return the named files as they lie in a pack, without a chain where there is none."""
    contents = {"server.crt": issued.served_pem, "leaf.crt": issued.leaf_pem, "chain.crt": issued.chain_pem}
    return tuple(Payload(name, sha256(contents[name]).hexdigest()) for name in names if contents[name])


def payload_digests(issued: IssuedCertificate, *names: str) -> tuple[Constant, ...]:
    """Return a constant for the digest of each file of the payload: `SERVER_CRT` for `server.crt`."""
    return tuple(
        Constant(file.name.upper().replace(".", "_"), file.sha256, f"SHA-256 of {file.name}")
        for file in payload(issued, *names)
    )


def names_to_prove(names: tuple[AlternativeName, ...]) -> str:
    """Return the names that a proof asks for by SNI, parted by spaces; `-` where there is none to ask for.

    SNI carries no IP address (RFC 6066 section 3). A wildcard is asked for by a name that it covers.
    """
    asked = [name.value.replace("*.", "any-name.", 1) for name in names if name.kind is NameKind.DNS]
    return " ".join(asked) or "-"


def names_as_printed(names: tuple[AlternativeName, ...]) -> str:
    """Return all names as `openssl x509 -text` prints them, without blanks inside, parted by spaces.

    It prints an IPv6 address as eight groups in capitals, without leading zeros.
    """
    return " ".join(f"{name.kind}:{_as_printed(name)}" for name in names)


def _as_printed(name: AlternativeName) -> str:
    if name.kind is NameKind.DNS or ":" not in name.value:
        return name.value
    groups = IPv6Address(name.value).exploded.split(":")
    return ":".join(f"{int(group, 16):X}" for group in groups)


def _instant(moment: datetime) -> str:
    """Return a time in UTC as digits that sort as it does."""
    return moment.strftime("%Y%m%d%H%M%S")
