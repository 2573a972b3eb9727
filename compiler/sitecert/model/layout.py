"""The names of site files, and of everything under `out/` and `evidence/` (docs/design.md section 2)."""

from __future__ import annotations

SITES = "sites"
YAML_SUFFIX = ".yaml"
OUTPUT = "out"
EVIDENCE = "evidence"

OPENSSL_CONFIG = "openssl.cnf"
REQUEST = "server.csr"
REQUEST_TEXT = "server.csr.txt"
KEY = "server.key.age"
LEAF = "leaf.crt"
CHAIN = "chain.crt"
SERVED = "server.crt"
SERVED_TEXT = "server.crt.txt"
INTERIM = "interim.crt"
MANIFEST = "manifest.json"
DOCUMENT_MARKDOWN = "change-control.md"
DOCUMENT_HTML = "change-control.html"
INSTALL_SCRIPT = "install.sh"
REQUEST_SCRIPT = "request.sh"

IRREPLACEABLE = (REQUEST, KEY, LEAF, CHAIN, INTERIM)
"""What a generation holds that cannot be computed again; its manifest carries a digest of each."""

LARGEST_FILE = 1 << 20
"""Bytes: no file under `out/` is larger."""


def site_path(site: str) -> str:
    """Return the path of a site's file, relative to the repository's root."""
    return f"{SITES}/{site}{YAML_SUFFIX}"


def site_folder(site: str) -> str:
    """Return the folder of a site's output, relative to the repository's root."""
    return f"{OUTPUT}/{site}"


def generation_folder(site: str, number: int) -> str:
    """Return the folder of one generation, relative to the repository's root."""
    return f"{OUTPUT}/{site}/generation-{number}"


def runbook_folder(site: str, target: str) -> str:
    """Return the folder of one server's runbooks, or of the load balancer's."""
    return f"{OUTPUT}/{site}/runbooks/{target}"


def evidence_folder(site: str) -> str:
    """Return the folder of what `verify --record` saw of a site, relative to the repository's root."""
    return f"{EVIDENCE}/{site}"
