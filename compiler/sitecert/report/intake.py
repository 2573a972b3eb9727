"""What an intake filed, in a sentence or two."""

from __future__ import annotations

from sitecert.model.generation import Generation
from sitecert.model.layout import REQUEST, generation_folder


def filed_text(site: str, generation: Generation, *, is_new: bool) -> str:
    """Return what was filed for a site: for which names, from whom, until when; one line."""
    what = f"generation {generation.number} of {site}"
    issued = generation.certificate
    if not is_new:
        return f"{what}: nothing to do, this is filed already"
    if issued is None:
        request = f"{generation_folder(site, generation.number)}/{REQUEST}"
        return f"{what}: filed the server's request; next: send {request} to the CA"
    names = ", ".join(name.value for name in issued.leaf.alternative_names)
    return (
        f"{what}: filed the certificate for {names}, valid until {issued.leaf.not_after:%Y-%m-%d}, "
        f'from "{issued.leaf.issuer}", with {len(issued.chain)} of its issuers'
    )
