"""Files of every form that kb39324 converts, made by openssl and keytool, and who reads the results."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyrage
from asn1crypto import pem as armour
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from support.authority import Authority, pem, rsa_key
from support.commands import Ran, sitecert
from support.repository import identity

NAME = "smartweb.parknicollet.com"
PASSWORD = "as-the-customer-typed-it"  # noqa: S105 - of keys that live as long as a test
PASSPHRASE = "typed-by-a-person-at-night"  # noqa: S105

PFX_OPTIONS = {
    "modern.pfx": (),
    "3des.pfx": ("-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"),
    "rc2.pfx": ("-legacy",),
}


@cache
def authority() -> Authority:
    """Return the one authority that issues here."""
    return Authority("Park Nicollet")


@cache
def leaf() -> x509.Certificate:
    """Return the server's certificate, for an RSA key."""
    return authority().issue(rsa_key().public_key(), [NAME])


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    """Return the key of a server that uses EC."""
    return ec.generate_private_key(ec.SECP256R1())


@cache
def ec_leaf() -> x509.Certificate:
    """Return the certificate of the EC key, from the same authority."""
    issuer, signer = authority().intermediate, rsa_key("Park Nicollet issuing")
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ec.parknicollet.com")]))
        .issuer_name(issuer.subject)
        .public_key(ec_key().public_key())
        .serial_number(7)
        .not_valid_before(issuer.not_valid_before_utc)
        .not_valid_after(issuer.not_valid_after_utc)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(signer, hashes.SHA256())
    )


def plain_key(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    form: PrivateFormat = PrivateFormat.TraditionalOpenSSL,
) -> bytes:
    """Return a key as PEM, as `openssl genrsa` wrote it until 1.1.1."""
    return key.private_bytes(Encoding.PEM, form, NoEncryption())


@dataclass(frozen=True)
class Forms:
    """A folder with the same certificate and key in every form."""

    folder: Path

    def path(self, name: str) -> Path:
        """Return where a file of the folder lies, or will lie."""
        return self.folder / name

    @property
    def opening(self) -> tuple[object, ...]:
        """The option that opens what is given."""
        return ("--password-file", self.path("password"))

    @property
    def protecting(self) -> tuple[object, ...]:
        """The option that protects what is made."""
        return ("--passphrase-file", self.path("passphrase"))


def make_forms(folder: Path) -> Forms:
    """Write the certificate, its chain and its key in every form that the article knows."""
    intermediate, root = authority().intermediate, authority().root
    contents = {
        "password": f"{PASSWORD}\n".encode(),
        "passphrase": f"{PASSPHRASE}\n".encode(),
        "leaf.pem": pem(leaf()),
        "chain.pem": pem(leaf(), intermediate),
        "issuers.pem": pem(intermediate),
        "mixed.pem": pem(root, intermediate, leaf()),
        "server.key": plain_key(rsa_key()),
        "whole.pem": pem(leaf(), intermediate) + plain_key(rsa_key()),
        "ec.pem": pem(ec_leaf(), intermediate) + plain_key(ec_key()),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    forms = Forms(folder)
    _make_by_openssl(forms)
    _make_keystore(forms)
    return forms


def _make_by_openssl(forms: Forms) -> None:
    path = forms.path
    secret = ("-passout", f"file:{path('password')}")
    openssl("x509", "-in", path("leaf.pem"), "-outform", "der", "-out", path("leaf.der"))
    for form, name in (("pem", "chain.p7b"), ("der", "chain.der.p7b")):
        openssl("crl2pkcs7", "-nocrl", "-certfile", path("chain.pem"), "-outform", form, "-out", path(name))
    for name, options in PFX_OPTIONS.items():
        openssl("pkcs12", "-export", "-in", path("whole.pem"), *options, *secret, "-out", path(name))
    openssl("pkcs12", "-export", "-in", path("ec.pem"), *secret, "-out", path("ec.pfx"))
    openssl("pkcs8", "-topk8", "-in", path("server.key"), *secret, "-out", path("locked.key"))
    openssl(
        *("pkcs8", "-topk8", "-nocrypt", "-in", path("server.key")),
        *("-outform", "der", "-out", path("server.pk8")),
    )


def _make_keystore(forms: Forms) -> None:
    """Write a JKS as keytool writes it when it is told to."""
    source = ("-srckeystore", forms.path("3des.pfx"), "-srcstoretype", "PKCS12", "-srcalias", "1")
    target = ("-destkeystore", forms.path("store.jks"), "-deststoretype", "JKS", "-destalias", "server")
    secrets = ("-srcstorepass:file", "-deststorepass:file", "-destkeypass:file")
    given = [each for secret in secrets for each in (secret, forms.path("password"))]
    keytool("-importkeystore", "-noprompt", *source, *target, *given)


def run(*command: object, piped: bytes = b"") -> bytes:
    """Run a program and return what it wrote to standard output; it must succeed."""
    done = subprocess.run([str(each) for each in command], input=piped, capture_output=True, check=False)
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


def openssl(*arguments: object, piped: bytes = b"") -> bytes:
    """Run openssl."""
    return run("openssl", *arguments, piped=piped)


def said_by_openssl(*arguments: object) -> str:
    """Run openssl and return what it said on standard error."""
    return subprocess.run(
        ["openssl", *map(str, arguments)], capture_output=True, text=True, check=True
    ).stderr


def keytool(*arguments: object) -> str:
    """Run keytool."""
    return run("keytool", *arguments).decode()


def convert(*arguments: object, piped: bytes = b"") -> Ran:
    """Run `convert`; it must succeed."""
    ran = sitecert("convert", *arguments, piped=piped)
    assert ran.code == 0, ran.err
    assert ran.out == ""
    return ran


def read_by_openssl(path: Path, target: str, passphrase: Path) -> bytes:
    """Return what openssl finds in a converted file, as PEM."""
    secret = ("-passin", f"file:{passphrase}")
    if target == "pfx":
        return openssl("pkcs12", "-in", path, "-nodes", *secret)
    if target == "der":
        return openssl("x509", "-inform", "der", "-in", path)
    if target.startswith("p7b"):
        form = target.partition(":")[2] or "pem"
        return openssl("pkcs7", "-inform", form, "-print_certs", "-in", path)
    if target == "key":
        return openssl("pkey", "-in", path, *secret)
    bundle = openssl("crl2pkcs7", "-nocrl", "-certfile", path)
    key = openssl("pkey", "-in", path, *secret) if b"PRIVATE KEY" in path.read_bytes() else b""
    return openssl("pkcs7", "-print_certs", piped=bundle) + key


def held(text: bytes) -> tuple[list[x509.Certificate], list[object]]:
    """Return the certificates and the numbers of the keys in PEM, in their order."""
    blocks = list(armour.unarmor(text, multiple=True)) if b"-----BEGIN" in text else []
    certificates = [x509.load_der_x509_certificate(der) for label, _, der in blocks if label == "CERTIFICATE"]
    keys = [armour.armor(label, der) for label, _, der in blocks if "PRIVATE KEY" in label]
    return certificates, [load_pem_private_key(each, None).private_numbers() for each in keys]


def age_encrypted(key: bytes) -> bytes:
    """Return a key as a repository keeps it."""
    encrypted: bytes = pyrage.encrypt(key, [identity().to_public()], armored=True)
    return encrypted
