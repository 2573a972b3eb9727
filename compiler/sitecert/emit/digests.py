"""The digests that tie runbook, document and certificate to one another."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256

from sitecert.model.artifact import Artifact
from sitecert.model.generation import Generation
from sitecert.model.layout import MANIFEST, site_folder
from sitecert.model.record import to_json
from sitecert.model.runbook import Runbook


def change_digest(generation: Generation, runbooks: Iterable[Runbook]) -> str | None:
    """Return the SHA-256 (hex) over the leaf, the chain, the key's SPKI and the ordered steps.

    The steps count with the constants that they name. None before there is a certificate: no change is
    decided yet. Each part is preceded by its length, so that no two different changes give the same bytes.
    """
    if generation.certificate is None:
        return None
    parts = [generation.certificate.leaf_pem, generation.certificate.chain_pem]
    parts.append(generation.certificate.leaf.spki_sha256.encode())
    for runbook in runbooks:
        parts.append(runbook.target.encode())
        parts += [f"{constant.name}={constant.value}".encode() for constant in runbook.constants]
        parts += [
            line.encode()
            for step in runbook.steps
            for line in (step.id, *step.do, "", *step.check, "", *step.undo, "")
        ]
        parts += [
            line.encode()
            for turn in runbook.turns
            for line in (turn.server, *turn.drain, "", *turn.enable, "")
        ]
    digest = sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def site_manifest(site: str, artifacts: Iterable[Artifact], change: str | None) -> Artifact:
    """Return `out/<site>/manifest.json`: the SHA-256 of everything above it, and the change digest."""
    folder = site_folder(site)
    files = {
        artifact.path.removeprefix(f"{folder}/"): sha256(artifact.content).hexdigest()
        for artifact in artifacts
    }
    content = to_json({"format_version": 1, "files": dict(sorted(files.items())), "change_digest": change})
    return Artifact(f"{folder}/{MANIFEST}", content)


def with_digests(manifest: bytes, site: str, digests: Mapping[str, str]) -> bytes | None:
    """Return a site's manifest with other digests, by path; None where it is none that sitecert wrote."""
    folder = site_folder(site)
    try:
        content = json.loads(manifest)
        files = {**content["files"], **{path.removeprefix(f"{folder}/"): digests[path] for path in digests}}
        return to_json({**content, "files": dict(sorted(files.items()))})
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
