"""What was handed over or signed, and what comes next."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import PurePath

from sitecert.model.certificate import IssuedCertificate
from sitecert.model.generation import Generation
from sitecert.model.layout import INTERIM, REQUEST_SCRIPT, generation_folder, site_folder

UNPACK = {".tar": "tar xf", ".zip": "unzip -q"}
SHEET = ".md"
SCRIPT = ".sh"


def pack_lines(
    output: str, folder: str | None, names: Iterable[str], target: str, *, has_key: bool
) -> tuple[str, ...]:
    """Return what was made and what to type on the target, in lines.

    `folder` is what an archive unpacks to; None where the pack is a folder itself.
    """
    names = tuple(names)
    unpack = () if folder is None else (f"  {_unpack(output)} && cd {folder}",)
    asks = "     # asks for the passphrase; changes nothing" if has_key else "     # changes nothing"
    scripts = [name for name in names if name.endswith(SCRIPT)]
    runs = [
        line
        for name in scripts
        for line in (
            (
                f"  sh {name} make > server.csr     # bring this file back, for `sitecert intake`",
                f"  sh {name} interim               # until the CA answers: a self-signed certificate",
            )
            if name == REQUEST_SCRIPT
            else (f"  sh {name} check{asks}", f"  sh {name} apply")
        )
    ]
    sheets = [f"  then follow {name}" for name in names if name.endswith(SHEET) and not scripts]
    return (
        f"made {output}: {', '.join(names)}",
        "Take it there by a protected channel, not by e-mail. "
        + ("Its passphrase goes by another way than the pack." if has_key else "It holds no private key."),
        f"On {'the load balancer' if target == 'load-balancer' else target}, as root, in its folder:",
        *unpack,
        "  sha256sum -c SHA256SUMS",
        *runs,
        *sheets,
    )


def customer_lines(
    output: str, names: Iterable[str], site: str, sealed: Generation | None, *, is_new: bool
) -> tuple[str, ...]:
    """Return what the customer is sent, and what comes of it; `sealed` is the generation frozen now."""
    made = f"made {output}: {', '.join(names)}" if is_new else f"{output} is this very pack already"
    if sealed is None:
        kept = (
            "Nothing is sealed: key and request are the customer's. What comes back is held against the site."
        )
    else:
        folder = site_folder(site)
        kept = (
            f"Generation {sealed.number} of {site} is sealed: its request stays as it is. Commit {folder}"
            " now; for other names, raise `key.generation`."
        )
    return (
        made,
        kept,
        "Send the pack to the customer with the text in mail.txt. It holds no private key.",
        f"When the certificate comes: sitecert intake {site} FILE",
    )


def self_signed_lines(
    site: str, generation: Generation, issued: IssuedCertificate, *, is_interim: bool
) -> tuple[str, ...]:
    """Return what was signed, how far it goes, and what comes next."""
    names = ", ".join(name.value for name in issued.leaf.alternative_names)
    until = f"valid until {issued.leaf.not_after:%Y-%m-%d}"
    fingerprint = f"SHA-256 of the certificate: {issued.leaf.fingerprint}"
    if not is_interim:
        return (
            f"generation {generation.number} of {site}: signed the certificate for {names}, {until}",
            fingerprint,
            "Clients must be given this certificate to trust before it is installed.",
        )
    path = f"{generation_folder(site, generation.number)}/{INTERIM}"
    return (
        f"made {path} for {names}, {until}",
        fingerprint,
        "Every client that was not told to trust it warns. No runbook installs it; it stands in until the CA",
        "answers. To serve one by the runbook, make it a generation of its own (`issuer: self-signed`).",
    )


def _unpack(output: str) -> str:
    """Return the command that unpacks an archive."""
    path = PurePath(output)
    return f"{UNPACK[path.suffix]} {shlex.quote(path.name)}"
