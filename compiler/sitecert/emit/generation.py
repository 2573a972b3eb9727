"""The files of one generation's folder."""

from __future__ import annotations

from hashlib import sha256

from sitecert.emit.templates import Templates
from sitecert.model.artifact import Artifact
from sitecert.model.generation import Generation
from sitecert.model.layout import (
    CHAIN,
    INTERIM,
    KEY,
    LEAF,
    MANIFEST,
    OPENSSL_CONFIG,
    REQUEST,
    REQUEST_TEXT,
    SERVED,
    SERVED_TEXT,
    generation_folder,
)
from sitecert.model.record import GenerationRecord
from sitecert.model.site import Custody, Site
from sitecert.pki.certificates import read_certificates
from sitecert.pki.openssl_config import openssl_config_view
from sitecert.pki.review_text import describe_certificates, describe_request


def openssl_config(templates: Templates, site: Site, generation: Generation) -> bytes:
    """Return `openssl.cnf` for what the generation's request says, or will say."""
    content = generation.request.content if generation.request else site.request
    return templates.render("openssl/openssl.cnf.j2", **openssl_config_view(content)).encode()


def generation_artifacts(templates: Templates, site: Site, generation: Generation) -> tuple[Artifact, ...]:
    """Return every file of the generation's folder, its manifest last; none for an empty generation."""
    files = _request_files(templates, site, generation) | _certificate_files(generation)
    if generation.encrypted_key is not None:
        files[KEY] = generation.encrypted_key
    if generation.interim_pem is not None:
        files[INTERIM] = generation.interim_pem
    if not files:
        return ()
    record = GenerationRecord(
        generation=generation.number,
        files={name: sha256(content).hexdigest() for name, content in files.items()},
        spki_sha256=generation.spki_sha256,
        recipients=generation.recipients,
        sealed=generation.sealed,
        disclosed=generation.disclosed,
    )
    files[MANIFEST] = record.to_bytes()
    folder = generation_folder(site.name, generation.number)
    return tuple(Artifact(f"{folder}/{name}", content) for name, content in files.items())


def _request_files(templates: Templates, site: Site, generation: Generation) -> dict[str, bytes]:
    if generation.request is not None:
        return {
            OPENSSL_CONFIG: openssl_config(templates, site, generation),
            REQUEST: generation.request.pem,
            REQUEST_TEXT: describe_request(generation.request.pem).encode(),
        }
    is_awaited = generation.number == site.key.generation and generation.certificate is None
    if site.key.custody is Custody.SERVER and is_awaited:
        return {OPENSSL_CONFIG: openssl_config(templates, site, generation)}
    return {}


def _certificate_files(generation: Generation) -> dict[str, bytes]:
    issued = generation.certificate
    if issued is None:
        return {}
    chain = {CHAIN: issued.chain_pem} if issued.chain_pem else {}
    return {
        LEAF: issued.leaf_pem,
        **chain,
        SERVED: issued.served_pem,
        SERVED_TEXT: describe_certificates(read_certificates(issued.served_pem)).encode(),
    }
