"""A certificate authority that is none of ours: `openssl ca`, a root and an issuing CA, any dates."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

CONFIGURATION = """\
[ca]
default_ca = own
[own]
database = index
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
x509_extensions = leaf
[any]
commonName = supplied
countryName = optional
stateOrProvinceName = optional
localityName = optional
organizationName = optional
[req]
distinguished_name = name
prompt = no
[name]
CN = Example Foreign Root
[issuing]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf]
authorityKeyIdentifier = keyid
"""
MOMENT = "%Y%m%d%H%M%SZ"


@dataclass(frozen=True)
class ForeignAuthority:
    """A folder with an openssl CA in it."""

    folder: Path

    @classmethod
    def made_in(cls, folder: Path, begins: datetime, ends: datetime) -> ForeignAuthority:
        """Make the root and the issuing CA, valid between two moments (UTC)."""
        folder.mkdir()
        (folder / "ca.cnf").write_text(CONFIGURATION)
        (folder / "index").touch()
        made = cls(folder)
        new = ("-new", "-newkey", "rsa:2048", "-nodes", "-config", "ca.cnf")
        made._run("req", *new, "-keyout", "root.key", "-out", "root.csr")
        made._sign("root.csr", "root.pem", "root", begins, ends, "-selfsign", "-keyfile", "root.key")
        subject = ("-subj", "/CN=Example Foreign Issuing CA")
        made._run("req", *new, *subject, "-keyout", "issuing.key", "-out", "issuing.csr")
        by_root = ("-keyfile", "root.key", "-cert", "root.pem")
        made._sign("issuing.csr", "issuing.pem", "issuing", begins, ends, *by_root)
        return made

    @property
    def root(self) -> Path:
        """The root's certificate."""
        return self.folder / "root.pem"

    def answer(self, request: Path, name: str, begins: datetime, ends: datetime) -> Path:
        """Sign a request as it is; return the file with leaf, issuing CA and root, as such CAs send them."""
        by_issuing = ("-keyfile", "issuing.key", "-cert", "issuing.pem")
        self._sign(str(request), f"{name}.crt", "leaf", begins, ends, *by_issuing)
        returned = self.folder / f"{name}.pem"
        returned.write_bytes(
            b"".join((self.folder / each).read_bytes() for each in (f"{name}.crt", "issuing.pem", "root.pem"))
        )
        return returned

    def _sign(
        self, request: str, out: str, extensions: str, begins: datetime, ends: datetime, *signer: str
    ) -> None:
        dates = ("-startdate", f"{begins:{MOMENT}}", "-enddate", f"{ends:{MOMENT}}")
        files = ("-in", request, "-out", out, "-extensions", extensions)
        self._run("ca", "-batch", "-notext", "-config", "ca.cnf", *files, *dates, *signer)

    def _run(self, *arguments: str) -> None:
        done = subprocess.run(
            ["openssl", *arguments], cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
