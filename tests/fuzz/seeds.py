"""Where a search for hostile files begins: small files of every form that is read."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from base64 import encodebytes
from functools import cache
from hashlib import sha1
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
    pkcs12,
)

from support.authority import Authority, pem, rsa_key

CORPUS = Path(__file__).parent / "corpus"
PASSWORD = "password"  # noqa: S105 - of seeds


@cache
def made() -> tuple[bytes, ...]:
    """Return one small file of each form, made now."""
    authority = Authority("fuzz")
    key = rsa_key("fuzz")
    leaf = authority.issue(key.public_key(), ["a.example.org"])
    chain = [leaf, authority.intermediate]
    der = leaf.public_bytes(Encoding.DER)
    small = ec.derive_private_key(1, ec.SECP256R1())
    secret = BestAvailableEncryption(PASSWORD.encode())
    builder = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(2)
    old = builder.key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC).hmac_hash(hashes.SHA1())  # noqa: S303
    pfx = pkcs12.serialize_key_and_certificates(b"a", small, None, chain, old.build(PASSWORD.encode()))  # type: ignore[arg-type]
    modern = pkcs12.serialize_key_and_certificates(b"a", None, leaf, None, NoEncryption())
    return (
        pem(*chain),
        pem(leaf).replace(b"\n", b"\r"),
        pem(leaf).decode().encode("utf-16"),
        b"> " + pem(leaf).replace(b"\n", b"\n> "),
        pem(leaf).replace(b"\n", b"<br>\n").replace(b"+", b"&#43;"),
        pem(leaf).replace(b"=", b"=3D").replace(b"A\n", b"A=\n"),
        pem(leaf).replace(b"\n", b"\\n"),
        encodebytes(der),
        der,
        pkcs7.serialize_certificates(chain, Encoding.DER),
        pkcs7.serialize_certificates(chain, Encoding.PEM),
        pfx,
        modern,
        small.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
        small.private_bytes(Encoding.DER, PrivateFormat.PKCS8, secret),
        small.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, secret),
        small.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()),
        keystore(der),
        zipped({"leaf.crt": der, "more.zip": zipped({"a/b.pem": pem(leaf)})}),
        gzip.compress(tarred({"leaf.crt": der})),
        bz2.compress(der),
        lzma.compress(der),
    )


def keystore(*certificates: bytes) -> bytes:
    """Return a JKS file of trusted certificates."""
    body = bytes.fromhex("feedfeed00000002") + len(certificates).to_bytes(4)
    for number, der in enumerate(certificates):
        alias = f"alias{number}".encode()
        body += (2).to_bytes(4) + len(alias).to_bytes(2) + alias + bytes(8)
        body += b"\0\x05X.509" + len(der).to_bytes(4) + der
    return body + sha1(PASSWORD.encode("utf-16-be") + b"Mighty Aphrodite" + body).digest()  # noqa: S324


def zipped(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return buffer.getvalue()


def tarred(entries: dict[str, bytes]) -> bytes:
    """Return a tar archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in entries.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def kept() -> tuple[tuple[str, bytes], ...]:
    """Return the committed corpus: inputs that earlier searches found interesting, by name.

    Those with a private key of a seed lie there backwards, so that no search for keys takes them for one.
    """
    files = ((path, path.read_bytes()) for path in sorted(CORPUS.glob("*")))
    return tuple(
        (path.stem, content[::-1] if path.suffix == ".reversed" else content) for path, content in files
    )
