"""Repositories with certificates to hand over, and what one does with the packs."""

from __future__ import annotations

import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from support.authority import LONG_DAYS, Authority, pem, rsa_key
from support.commands import Ran, sitecert
from support.repository import Repository, a_repository, a_site_file, identity, private_key_of

SERVER = "spokwb.parknicollet.com"
PASSPHRASE = "typed-by-a-person-at-night"  # noqa: S105  of keys that live as long as a test
SERVERS = {"servers": f"[{SERVER}]"}
KEY = "out/park-nicollet/generation-1/server.key.age"


@dataclass(frozen=True)
class Bench:
    """A compiled repository whose site has its certificate, and a folder for what is handed over."""

    repository: Repository
    folder: Path

    @property
    def identity(self) -> Path:
        """The identity that opens the keys."""
        return self._written("identity.txt", f"# opens the tests' keys\n{identity()}\n")

    @property
    def passphrase(self) -> Path:
        """The file with the passphrase."""
        return self._written("passphrase", f"{PASSPHRASE}\n")

    @property
    def pack(self) -> Path:
        """Where a pack goes."""
        return self.folder / "pack"

    def _written(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text)
        return path

    def handoff(self, *arguments: object, target: str = SERVER, piped: bytes = b"") -> Ran:
        """Run `handoff` for a target of the one site; `-o` is the pack unless it is given."""
        output = () if "-o" in arguments else ("-o", self.pack)
        command = ("-C", self.repository.root, "handoff", "park-nicollet", "--server", target)
        return sitecert(*command, *output, *arguments, piped=piped)

    def hand_over(self, *arguments: object, target: str = SERVER) -> Ran:
        """Make the pack with the identity and the passphrase file; it must succeed."""
        ran = self.handoff("-i", self.identity, *self.protected, *arguments, target=target)
        assert ran.code == 0, ran.err
        return ran

    @property
    def protected(self) -> tuple[object, ...]:
        """The option that names the passphrase file."""
        return ("--passphrase-file", self.passphrase)

    @property
    def key(self) -> rsa.RSAPrivateKey:
        """The site's private key."""
        key = serialization.load_pem_private_key(private_key_of(self.repository, KEY), None)
        assert isinstance(key, rsa.RSAPrivateKey)
        return key

    def copy(self, folder: Path) -> Bench:
        """Return a copy that a test may spoil."""
        shutil.copytree(self.repository.root, folder / "certs")
        return Bench(Repository(folder / "certs"), folder)


def a_bench(folder: Path, **changes: str) -> Bench:
    """Compile the article's site with `changes` to its file, and take its certificate in."""
    repository = a_repository(folder / "certs", park_nicollet=a_site_file(**{**SERVERS, **changes}))
    assert repository.run("compile").code == 0
    assert repository.certify(days=LONG_DAYS).code == 0
    return Bench(repository, folder)


def a_bench_with_the_customers_key(folder: Path) -> Bench:
    """Take in a certificate and the key that the customer made for it."""
    bench = _awaiting(folder, "customer")
    key, authority = rsa_key("the customer's"), Authority()
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    returned = folder / "returned.pem"
    leaf = authority.issue(key.public_key(), ["smartweb.parknicollet.com"])
    returned.write_bytes(plain + pem(leaf, authority.intermediate))
    assert bench.repository.intake(returned, accept="SC515").code == 0
    return bench


def a_bench_with_the_servers_key(folder: Path) -> Bench:
    """Take in the request that the site's server made, and the certificate for it; the key stays there."""
    bench = _awaiting(folder, "server")
    request = folder / "server.csr"
    config = bench.repository.root / "out/park-nicollet/generation-1/openssl.cnf"
    command = ["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-config", config]
    command += ["-keyout", folder / "server.key", "-out", request]
    subprocess.run(command, check=True, capture_output=True)
    assert bench.repository.intake(request).code == 0
    assert bench.repository.certify(days=LONG_DAYS).code == 0
    return bench


def _awaiting(folder: Path, custody: str) -> Bench:
    """Compile the site with a key that somebody else makes."""
    changes = {**SERVERS, "key": f"{{custody: {custody}}}"}
    repository = a_repository(folder / "certs", park_nicollet=a_site_file(**changes))
    assert repository.run("compile").code == 0
    return Bench(repository, folder)


def checksums_hold(folder: Path) -> bool:
    """Say whether `sha256sum -c` is content with every file of a pack but its own list."""
    done = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False
    )
    named = {line.removesuffix(": OK") for line in done.stdout.splitlines() if line.endswith(": OK")}
    return done.returncode == 0 and named | {"SHA256SUMS"} == {path.name for path in folder.iterdir()}


def modes(folder: Path) -> set[tuple[int, int]]:
    """Return the mode of a folder and of everything in it, with whether it is a folder, as bits."""
    paths = [folder, *folder.iterdir()]
    return {(stat.S_IFMT(each.lstat().st_mode), stat.S_IMODE(each.lstat().st_mode)) for each in paths}


def opened(path: Path, passphrase: str, *command: str) -> rsa.RSAPrivateKey:
    """Return the key that openssl finds in a file of a pack."""
    done = subprocess.run(
        ["openssl", *command, "-in", path, "-passin", "stdin"],
        input=f"{passphrase}\n".encode(),
        capture_output=True,
        check=True,
    )
    key = serialization.load_pem_private_key(done.stdout[done.stdout.index(b"-----BEGIN") :], None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key
