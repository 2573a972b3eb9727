"""Take in files by the command, and make what comes with a certificate: keys and requests."""

from __future__ import annotations

import json
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sitecert.model.request import RequestContent, SubjectAttribute, SubjectField
from sitecert.pki.requests import build_request
from support.authority import rsa_key
from support.commands import INTERNAL_SITE, Ran, at, files, sitecert
from support.sites import dns

NAMES = ["smartweb.parknicollet.com", "smartweb-dr.parknicollet.com"]
CUSTODY_CUSTOMER = INTERNAL_SITE + "key: {custody: customer}\n"
CUSTODY_SERVER = INTERNAL_SITE + "key: {custody: server}\n"


def take(root: Path, *arguments: object, on: tuple[str, str] = at()) -> Ran:
    """Run `intake` for the one site."""
    return sitecert("-C", root, "intake", "park-nicollet", *arguments, *on)


def codes(root: Path, *arguments: object, on: tuple[str, str] = at()) -> tuple[int, list[str]]:
    """Return the exit code and the codes about certificates, less notes; see that 1 files nothing."""
    before = files(root / "out")
    ran = take(root, *arguments, "--format", "json", on=on)
    document = json.loads(ran.out)
    if ran.code == 1:
        assert files(root / "out") == before
        assert document["changes"] == []
    found = [each["code"] for each in document["problems"] if each["severity"] != "note"]
    return ran.code, [code for code in found if code.startswith("SC5")]


def pem_key(key: rsa.RSAPrivateKey, passphrase: bytes | None = None) -> bytes:
    """Return a key as a customer mails it."""
    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase is not None:
        protection = serialization.BestAvailableEncryption(passphrase)
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)


def server_request(
    common_name: str = NAMES[0], names: list[str] = NAMES, label: str = "on the server"
) -> bytes:
    """Return the request that `request.sh` makes for the site."""
    values = {"C": "US", "ST": "Minnesota", "O": "Park Nicollet Health Services", "CN": common_name}
    subject = tuple(SubjectAttribute(SubjectField(key), value) for key, value in values.items())
    return build_request(rsa_key(label), RequestContent(subject, dns(*names), 2048))
