"""Read files by content."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sitecert.pki.certificates import LABELS, read_certificate
from sitecert.pki.errors import PkiError
from sitecert.pki.formats.contents import (
    Contents,
    FoundCertificate,
    FoundKey,
    FoundRequest,
    GivenFile,
    Refusal,
    RefusalKind,
)
from sitecert.pki.pem import PemBlock, pem_blocks, write_pem

REQUEST_LABELS = ("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST")


def read_contents(files: Sequence[GivenFile], passwords: Sequence[str] = ()) -> Contents:
    """Return what the files hold: certificates, requests, private keys; what cannot be read is told.

    `passwords` are tried, in order, wherever one is needed, after none and the empty one.
    """
    certificates: list[FoundCertificate] = []
    requests: list[FoundRequest] = []
    keys: list[FoundKey] = []
    refusals: list[Refusal] = []
    for file in files:
        try:
            blocks = pem_blocks(file.content)
        except PkiError as error:
            refusals.append(Refusal(RefusalKind.UNREADABLE, str(error), file.path))
            continue
        for number, block in enumerate(blocks, 1):
            origin = f"{file.path}: block {number}"
            try:
                if block.is_private_key:
                    keys.append(_read_key(block, passwords, origin))
                elif block.label in REQUEST_LABELS and block.der is not None:
                    requests.append(FoundRequest(block.der, origin))
                elif block.label in LABELS and block.der is not None:
                    certificates.append(FoundCertificate(read_certificate(block.der), origin))
                else:
                    refusals.append(Refusal(RefusalKind.UNREADABLE, f"is a {block.label}", origin))
            except (PkiError, ValueError, UnsupportedAlgorithm):
                refusals.append(Refusal(RefusalKind.UNREADABLE, "is damaged", origin))
        if not blocks:
            refusals.append(Refusal(RefusalKind.UNREADABLE, "holds nothing that can be read", file.path))
    return Contents(tuple(certificates), tuple(requests), tuple(keys), tuple(refusals))


def _read_key(block: PemBlock, passwords: Sequence[str], origin: str) -> FoundKey:
    pem = write_pem(block.label, block.der or b"")
    for password in (None, *passwords):
        try:
            key = load_pem_private_key(pem, password.encode() if password else None)
        except (TypeError, ValueError):
            continue
        return FoundKey(key, protected=password is not None, origin=origin)
    return FoundKey(None, protected=True, origin=origin)
