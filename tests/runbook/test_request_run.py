"""request.sh makes key and request on the server, and install.sh finds the key there."""

from __future__ import annotations

import os
import subprocess
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID

from sitecert.model.generation import Generation
from sitecert.model.site import KeySecurity
from sitecert.pki.certificates import issued_certificate
from support.authority import SERVER_USAGE
from support.runbooks import SHELLS, authority, made_on_the_server, request_script
from support.sites import a_site
from support.stub_server import StubServer

pytestmark = pytest.mark.system("openssl")
CONFIG = b"""\
[req]
prompt = no
distinguished_name = dn
req_extensions = ext
[dn]
CN = smartweb.parknicollet.com
[ext]
subjectAltName = @alt_names
[alt_names]
DNS.1 = smartweb.parknicollet.com
"""


class Maker:
    """A server's folder with request.sh and openssl.cnf in it."""

    def __init__(self, root: Path, security: KeySecurity, *, passphrase: bool) -> None:
        """Write the pack."""
        self.root = root
        self.shell: tuple[str, ...] = ("sh",)
        self.folder = root / "state/park-nicollet/generation-1"
        site = made_on_the_server(a_site(), security, passphrase=passphrase)
        script = request_script(site, sha256(CONFIG).hexdigest())
        (root / "bin").mkdir(exist_ok=True)
        (root / "bin/id").write_text("#!/bin/sh\necho 0\n")
        (root / "bin/id").chmod(0o755)
        script = script.replace(
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin", f"PATH='{root}/bin:{os.environ['PATH']}'"
        )
        (root / "request.sh").write_text(script.replace("/root/sitecert", str(root / "state")))
        (root / "openssl.cnf").write_bytes(CONFIG)
        (root / "passphrase").write_text("a good one\n")
        self.options = ("--passphrase-file", str(root / "passphrase")) if passphrase else ()

    def run(self, verb: str) -> subprocess.CompletedProcess[bytes]:
        """Run the script."""
        command = [*self.shell, self.root / "request.sh", verb, *self.options]
        return subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)

    def files(self) -> dict[str, int]:
        """Return the files of the folder and their modes."""
        return {path.name: path.stat().st_mode & 0o777 for path in self.folder.glob("*")}


@pytest.fixture(
    params=[(KeySecurity.STANDARD, False), (KeySecurity.STANDARD, True), (KeySecurity.HIGH, True)]
)
def maker(request: pytest.FixtureRequest, tmp_path: Path) -> Maker:
    """Return each method: the alternate one, and the primary one with both ciphers."""
    security, passphrase = request.param
    return Maker(tmp_path, security, passphrase=passphrase)


def _alternate(tmp_path: Path) -> Maker:
    return Maker(tmp_path, KeySecurity.STANDARD, passphrase=False)


def test_key_and_request_belong_together(maker: Maker) -> None:
    """The request on standard output is signed with the key, which has no passphrase and is root's alone."""
    found = maker.run("make")
    assert found.returncode == 0, found.stderr
    request = x509.load_pem_x509_csr(found.stdout)
    key = serialization.load_pem_private_key((maker.folder / "server.key").read_bytes(), None)
    assert request.is_signature_valid
    assert request.public_key() == key.public_key()
    assert maker.files() == {"server.key": 0o600, "server.csr": 0o600}
    assert maker.folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.system(*sorted({shell.split()[0] for shell in SHELLS}))
@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_makes_a_request(tmp_path: Path, shell: str) -> None:
    """Each shell that a server may have goes the longer of the two ways, and makes an interim certificate."""
    maker = Maker(tmp_path, KeySecurity.STANDARD, passphrase=True)
    maker.shell = tuple(shell.split())
    found = maker.run("make")
    assert found.returncode == 0, found.stderr
    request = x509.load_pem_x509_csr(found.stdout)
    assert request.is_signature_valid
    assert set(maker.files()) == {"server.key", "server.csr"}
    interim = x509.load_pem_x509_certificate(maker.run("interim").stdout)
    assert interim.public_key() == request.public_key()


def test_a_second_run_shows_the_same_request(tmp_path: Path) -> None:
    """A key that is there is never replaced."""
    maker = _alternate(tmp_path)
    first = maker.run("make").stdout
    assert maker.run("make").stdout == first
    assert maker.run("show").stdout == first


def test_altered_settings_are_refused(tmp_path: Path) -> None:
    """The settings file is the approved one, or nothing is made."""
    maker = _alternate(tmp_path)
    (tmp_path / "openssl.cnf").write_bytes(CONFIG.replace(b"smartweb", b"wrong"))
    found = maker.run("make")
    assert found.returncode == 1
    assert b"not the file that was approved" in found.stderr
    assert not maker.folder.exists()


def test_a_failure_leaves_no_key(maker: Maker) -> None:
    """Where openssl fails, nothing half made stays behind."""
    (maker.root / "bin/sync").write_text("#!/bin/sh\nexit 1\n")
    (maker.root / "bin/sync").chmod(0o755)
    found = maker.run("make")
    assert found.returncode == 1
    assert b"No key and no request were made" in found.stderr
    assert maker.files() == {}


def test_a_kill_between_key_and_request_is_mended(tmp_path: Path) -> None:
    """The key was kept, the request was not: the next run keeps it."""
    maker = _alternate(tmp_path)
    first = maker.run("make").stdout
    (maker.folder / "server.csr").rename(maker.folder / "server.csr.new")
    assert maker.run("make").stdout == first
    assert set(maker.files()) == {"server.key", "server.csr"}


def test_a_key_without_a_request_is_kept(tmp_path: Path) -> None:
    """A key of unknown origin is neither used nor removed."""
    maker = _alternate(tmp_path)
    maker.folder.mkdir(parents=True)
    (maker.folder / "server.key").write_text("somebody's")
    assert maker.run("make").returncode == 1
    assert (maker.folder / "server.key").read_text() == "somebody's"


def test_an_interim_certificate_is_for_the_request(tmp_path: Path) -> None:
    """For its key and names, with the extensions that browsers want; the request stays as it is."""
    maker = _alternate(tmp_path)
    request = x509.load_pem_x509_csr(maker.run("make").stdout)
    made = maker.run("interim")
    assert made.returncode == 0, made.stderr
    certificate = x509.load_pem_x509_certificate(made.stdout)
    certificate.verify_directly_issued_by(certificate)
    assert certificate.public_key() == request.public_key()
    assert certificate.subject == request.subject
    assert _extensions(certificate) == {
        x509.BasicConstraints.oid: (True, x509.BasicConstraints(ca=False, path_length=None)),
        x509.KeyUsage.oid: (True, SERVER_USAGE),
        x509.ExtendedKeyUsage.oid: (False, x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])),
        x509.SubjectAlternativeName.oid: (
            False,
            request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value,
        ),
    }
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == timedelta(days=730)
    assert certificate.serial_number.bit_length() > 32
    assert set(maker.files()) == {"server.key", "server.csr", "interim.crt"}


def _extensions(certificate: x509.Certificate) -> dict[x509.ObjectIdentifier, tuple[bool, object]]:
    """Return the extensions, without the key identifiers, of which openssl's versions add one or both."""
    found = {each.oid: (each.critical, each.value) for each in certificate.extensions}
    found.pop(x509.AuthorityKeyIdentifier.oid, None)
    own = found.pop(x509.SubjectKeyIdentifier.oid)
    assert isinstance(own[1], x509.SubjectKeyIdentifier)
    return dict(found)


def test_an_interim_certificate_is_not_made_twice(tmp_path: Path) -> None:
    """The one that there is may be in service: it is shown again."""
    maker = _alternate(tmp_path)
    maker.run("make")
    first = maker.run("interim").stdout
    assert maker.run("interim").stdout == first
    assert x509.load_pem_x509_csr(maker.run("show").stdout)


def test_an_interim_certificate_needs_a_key(tmp_path: Path) -> None:
    """Without one the way to it is said; altered settings are refused."""
    maker = _alternate(tmp_path)
    found = maker.run("interim")
    assert found.returncode == 1
    assert b"sh request.sh make" in found.stderr
    maker.run("make")
    (tmp_path / "openssl.cnf").write_bytes(CONFIG.replace(b"smartweb", b"wrong"))
    found = maker.run("interim")
    assert (found.returncode, found.stdout) == (1, b"")
    assert b"not the file that was approved" in found.stderr


def test_a_failure_leaves_no_interim_certificate(tmp_path: Path) -> None:
    """What is half made is never taken for the whole; the next run makes it."""
    maker = _alternate(tmp_path)
    maker.run("make")
    (maker.root / "bin/sync").write_text("#!/bin/sh\nexit 1\n")
    (maker.root / "bin/sync").chmod(0o755)
    assert maker.run("interim").returncode == 1
    assert "interim.crt" not in maker.files()
    (maker.root / "bin/sync").unlink()
    assert maker.run("interim").returncode == 0
    assert set(maker.files()) == {"server.key", "server.csr", "interim.crt"}


def test_install_finds_the_key(bare: StubServer) -> None:
    """The certificate for the server's own request is installed with the key that never left."""
    maker = Maker(bare.root, KeySecurity.STANDARD, passphrase=False)
    request = x509.load_pem_x509_csr(maker.run("make").stdout)
    leaf = authority().issue(request.public_key(), ["smartweb.parknicollet.com"])
    generation = Generation(1, certificate=issued_certificate(leaf, [authority().intermediate]))
    bare.bring(made_on_the_server(a_site()), generation)
    (bare.pack / "server.key").unlink()
    found = bare.run("apply")
    assert found.returncode == 0, found.stdout + found.stderr
    assert bare.both_serve(generation)
