"""What a CA returned for one request, and the tools that give it another shape."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from support.authority import pem

PASSWORD = "Pass phrase 7"  # noqa: S105 - of files that are made here
Files = dict[str, bytes]
"""Files by their names."""


@dataclass(frozen=True)
class Returned:
    """The certificate for a request, its issuer, the root; and the key, where the customer made it."""

    leaf: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    root: x509.Certificate
    key: rsa.RSAPrivateKey | None = None

    @cached_property
    def leaf_pem(self) -> bytes:
        """The certificate alone."""
        return pem(self.leaf)

    @cached_property
    def chain_pem(self) -> bytes:
        """Its issuers without the root."""
        return pem(*self.chain)

    @cached_property
    def root_pem(self) -> bytes:
        """The root."""
        return pem(self.root)

    @cached_property
    def whole_pem(self) -> bytes:
        """The certificate and its issuers."""
        return self.leaf_pem + self.chain_pem

    @cached_property
    def leaf_der(self) -> bytes:
        """The certificate as DER."""
        return self.leaf.public_bytes(Encoding.DER)

    @cached_property
    def issuer_der(self) -> bytes:
        """Its issuer as DER."""
        return self.chain[0].public_bytes(Encoding.DER)

    @cached_property
    def key_pem(self) -> bytes:
        """The customer's key as PKCS#8 PEM, in the clear."""
        assert self.key is not None
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def run(words: str, files: Files, result: str = "", piped: bytes = b"") -> bytes:
    """Run a program in a folder of its own with these files; return its output, or the file `result`.

    The password of everything is in the file `password` there.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name, content in {"password": PASSWORD.encode() + b"\n", **files}.items():
            (Path(folder) / name).write_bytes(content)
        ran = subprocess.run(words.split(), cwd=folder, input=piped, capture_output=True, check=False)
        assert ran.returncode == 0, ran.stderr + ran.stdout
        return (Path(folder) / result).read_bytes() if result else ran.stdout


def openssl(words: str, files: Files, result: str = "") -> bytes:
    """Run openssl."""
    return run(f"openssl {words}", files, result)


def keytool(words: str, files: Files, store: bytes | None = None) -> bytes:
    """Run keytool on a store, and return the store."""
    before = {} if store is None else {"store": store}
    common = "-noprompt -keystore store -storepass:file storepass"
    return run(f"keytool {words} {common}", {**files, **before, "storepass": PASSWORD.encode()}, "store")


def keystore(returned: Returned, kind: str) -> bytes:
    """Return a Java keystore of trusted certificates, written by keytool."""
    store = None
    for alias, certificate in (("smartweb", returned.leaf), ("issuer", returned.chain[0])):
        words = f"-importcert -alias {alias} -file a.pem -storetype {kind}"
        store = keytool(words, {"a.pem": pem(certificate)}, store)
    assert store is not None
    return store
