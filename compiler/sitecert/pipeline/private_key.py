"""Open a site's private key in memory, and prove that it is the one."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import rsa

from sitecert.model.document import Place
from sitecert.model.generation import Generation
from sitecert.model.layout import KEY, generation_folder
from sitecert.pki.customer_keys import open_customer_key
from sitecert.pki.errors import KeyMaterialError
from sitecert.pki.keys import decrypt_key, spki_sha256
from sitecert.problems import Problem
from sitecert.problems.codes.handoff import KEY_NOT_OPENED, NOT_ITS_KEY

IN_THE_CLEAR = "pipe the key in as `age -d` gives it out: PEM, without a passphrase"


@dataclass(frozen=True, slots=True)
class KeySource:
    """Where the private key comes from: the texts of identity files, or the key itself in PEM."""

    identities: tuple[str, ...] = field(default=(), repr=False)
    pem: bytes | None = field(default=None, repr=False)


def key_path(site: str, generation: Generation) -> str:
    """Return where a generation's encrypted key lies, relative to the repository's root."""
    return f"{generation_folder(site, generation.number)}/{KEY}"


def open_private_key(
    site: str, generation: Generation, source: KeySource, command: str
) -> rsa.RSAPrivateKey | Problem:
    """Return a generation's private key, or the problem that it cannot be opened or is another.

    `command` is what the user would run to pipe the key in, for the hint.
    """
    stored = Place(key_path(site, generation), 1, 1)
    piped = Place("standard input", 1, 1)
    try:
        if source.pem is not None:
            key = open_customer_key(source.pem)
        else:
            key = decrypt_key(generation.encrypted_key or b"", source.identities)
    except KeyMaterialError as error:
        if source.pem is not None:
            return KEY_NOT_OPENED.at(piped, str(error), hint=IN_THE_CLEAR, site=site)
        return KEY_NOT_OPENED.at(stored, str(error), hint=_other_way(stored.path, command), site=site)
    if spki_sha256(key.public_key()) == generation.spki_sha256:
        return key
    message = "the key that was opened does not belong to the " + (
        "certificate to be installed" if generation.certificate else "request"
    )
    return NOT_ITS_KEY.at(piped if source.pem is not None else stored, message, site=site)


def _other_way(path: str, command: str) -> str:
    """Return how a key is opened by age itself, which asks for passphrases and knows plugins."""
    return (
        "give the identity of one of its recipients; where that has a passphrase: "
        f"`age -d -i ~/.ssh/id_ed25519 {path} | {command}`"
    )
