"""The pack for a customer: the request, and what to ask the CA for."""

from __future__ import annotations

from collections.abc import Mapping

from sitecert.handoff.pack import Pack, make_pack
from sitecert.model.layout import OPENSSL_CONFIG, REQUEST

SHEET_MARKDOWN = "certificate-request.md"
SHEET_HTML = "certificate-request.html"
MAIL = "mail.txt"


def customer_pack(
    site: str, number: int, request_pem: bytes | None, config: bytes, texts: Mapping[str, str]
) -> Pack:
    """Return the pack for a generation of a site; `texts` are its sheets and the mail, by their names.

    Without a request of ours, the customer makes one: then the pack holds `openssl.cnf` in its place.
    """
    asked = {OPENSSL_CONFIG: config} if request_pem is None else {REQUEST: request_pem}
    written = {name: text.encode() for name, text in texts.items()}
    return make_pack(f"{site.replace('/', '-')}-request-{number}", {**asked, **written})
