"""The pack for a server, or for a load balancer: its runbook, the certificate, the protected key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from cryptography.hazmat.primitives.asymmetric import rsa

from sitecert.handoff.pack import Pack, make_pack
from sitecert.model.artifact import Artifact
from sitecert.model.certificate import IssuedCertificate
from sitecert.model.layout import CHAIN, LEAF, OPENSSL_CONFIG, SERVED
from sitecert.model.runbook import KeyForm, Runbook
from sitecert.pki.protected_keys import protect_as_pem, protect_as_pfx


@dataclass(frozen=True, slots=True)
class OpenKey:
    """A private key, and the passphrase that is to protect it in the pack."""

    key: rsa.RSAPrivateKey = field(repr=False)
    passphrase: str = field(repr=False)


def server_pack(
    site: str, runbook: Runbook, scripts: Iterable[Artifact], issued: IssuedCertificate, key: OpenKey | None
) -> Pack:
    """Return the pack for a runbook's target.

    `scripts` are the files that show the runbook, as they stand under `out/`; beside them lie the files of
    its payload and, where `key` is given, the key in each form that the target reads.
    """
    contents = {SERVED: issued.served_pem, LEAF: issued.leaf_pem, CHAIN: issued.chain_pem}
    keys = {form.value: _protect(form, issued, key) for form in runbook.key.forms} if key else {}
    return _pack(site, runbook, scripts, contents, keys)


def request_pack(site: str, runbook: Runbook, scripts: Iterable[Artifact], config: bytes) -> Pack:
    """Return the pack for a server that makes its own key and request: the script, and `openssl.cnf`."""
    return _pack(site, runbook, scripts, {OPENSSL_CONFIG: config}, {})


def _pack(
    site: str,
    runbook: Runbook,
    scripts: Iterable[Artifact],
    contents: Mapping[str, bytes],
    keys: Mapping[str, bytes],
) -> Pack:
    files = {PurePosixPath(script.path).name: script.content for script in scripts}
    files |= {each.name: contents[each.name] for each in runbook.payload}
    return make_pack(f"{site.replace('/', '-')}-{runbook.target}", {**files, **keys})


def _protect(form: KeyForm, issued: IssuedCertificate, key: OpenKey) -> bytes:
    if form is KeyForm.PFX:
        return protect_as_pfx(key.key, issued, key.passphrase)
    return protect_as_pem(key.key, key.passphrase)
