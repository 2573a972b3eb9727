"""Other people's authorities: each answers the one request with a certificate of its own."""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import time
import urllib.request
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shapes.returned import Returned
from support.authority import Authority, pem, rsa_key

NAMES = "DNS:smartweb.parknicollet.com,DNS:smartweb-dr.parknicollet.com"
EXTENSIONS = (
    f"subjectAltName={NAMES}\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n"
    "keyUsage=critical,digitalSignature,keyEncipherment\nauthorityKeyIdentifier=keyid\n"
)
BEGAN, ENDS = "20260101000000Z", "20260719000000Z"


def authority_files(folder: Path) -> Authority:
    """Write an issuing authority's key and certificate for the command line."""
    authority = Authority("shapes")
    key = rsa_key("shapes issuing").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "ca.key").write_bytes(key)
    (folder / "ca.crt").write_bytes(pem(authority.intermediate))
    (folder / "leaf.ext").write_text(EXTENSIONS)
    return authority


def run(folder: Path, *words: str, **environment: str) -> None:
    """Run a program in a folder."""
    ran = subprocess.run(
        words, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr + ran.stdout


def openssl_x509(folder: Path, request: bytes) -> Returned:
    """Sign with `openssl x509 -req`, at a moment that faketime sets."""
    authority = authority_files(folder)
    (folder / "server.csr").write_bytes(request)
    words = "openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 190 -sha256"
    run(folder, "faketime", "2026-01-02", *words.split(), "-extfile", "leaf.ext", "-out", "leaf.crt")
    return _returned(folder / "leaf.crt", (authority.intermediate,), authority.root)


def openssl_ca(folder: Path, request: bytes) -> Returned:
    """Sign with `openssl ca`, which writes its text in front of the certificate."""
    authority = authority_files(folder)
    (folder / "server.csr").write_bytes(request)
    (folder / "index").write_bytes(b"")
    (folder / "ca.cnf").write_text(
        "[ca]\ndefault_ca=d\n[d]\ndatabase=index\nrand_serial=yes\nnew_certs_dir=.\ndefault_md=sha256\n"
        "policy=p\nunique_subject=no\n[p]\ncommonName=supplied\norganizationName=optional\n"
    )
    words = "openssl ca -batch -config ca.cnf -in server.csr -cert ca.crt -keyfile ca.key -extfile leaf.ext"
    run(folder, *words.split(), "-startdate", BEGAN, "-enddate", ENDS, "-out", "leaf.crt")
    return _returned(folder / "leaf.crt", (authority.intermediate,), authority.root)


def easy_rsa(folder: Path, request: bytes) -> Returned:
    """Sign with easy-rsa: its root issues the certificate itself."""
    program = "/usr/share/easy-rsa/easyrsa"
    (folder / "server.csr").write_bytes(request)
    settings = {"EASYRSA_BATCH": "1", "EASYRSA_CERT_EXPIRE": "190", "EASYRSA_CRL_DAYS": "30"}
    for words in (
        "init-pki",
        "build-ca nopass",
        "import-req server.csr smartweb",
        f"--subject-alt-name={NAMES} sign-req server smartweb",
    ):
        run(
            folder, "faketime", "2026-01-02", program, *words.split(), EASYRSA_REQ_CN="example CA", **settings
        )
    root = x509.load_pem_x509_certificate((folder / "pki/ca.crt").read_bytes())
    return _returned(folder / "pki/issued/smartweb.crt", (), root)


def pebble(folder: Path, request: bytes) -> Returned:
    """Have Pebble issue it by ACME; its chain has an intermediate."""
    with _pebble(folder) as client:
        leaf, *chain = x509.load_pem_x509_certificates(client.issue(request))
        roots = client.plain(f"https://127.0.0.1:{client.management}/roots/0")
        return Returned(leaf, tuple(chain), x509.load_pem_x509_certificate(roots))


ISSUERS: dict[str, Callable[[Path, bytes], Returned]] = {
    "openssl-x509": openssl_x509,
    "openssl-ca": openssl_ca,
    "easy-rsa": easy_rsa,
    "pebble": pebble,
}


def _returned(leaf: Path, chain: tuple[x509.Certificate, ...], root: x509.Certificate) -> Returned:
    return Returned(x509.load_pem_x509_certificate(leaf.read_bytes()), chain, root)


class Client:
    """The least that ACME needs (RFC 8555): Pebble takes every challenge for met."""

    def __init__(self, port: int, management: int, trust: Path) -> None:
        """Begin with an account's key that nobody knows yet."""
        self._directory = f"https://127.0.0.1:{port}/dir"
        self.management = management
        self._trust = ssl.create_default_context(cafile=str(trust))
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._account = ""
        self._nonce = ""

    def issue(self, request: bytes) -> bytes:
        """Return the certificates for a request, as Pebble sends them."""
        places = json.loads(self.plain(self._directory))
        self.plain(places["newNonce"])
        self._account, _ = self._post(places["newAccount"], {"termsOfServiceAgreed": True})
        names = [{"type": "dns", "value": name.removeprefix("DNS:")} for name in NAMES.split(",")]
        order, body = self._post(places["newOrder"], {"identifiers": names})
        for address in json.loads(body)["authorizations"]:
            _, authorization = self._post(address, None)
            challenge = json.loads(authorization)["challenges"][0]
            self._post(challenge["url"], {})
            self._until(address, "valid")
        der = x509.load_pem_x509_csr(request).public_bytes(Encoding.DER)
        self._post(json.loads(body)["finalize"], {"csr": _encoded(der)})
        return self._post(self._until(order, "valid")["certificate"], None)[1]

    def plain(self, address: str) -> bytes:
        """Fetch an address and keep the nonce that comes along."""
        return self._send(urllib.request.Request(address))[1]  # noqa: S310 - our own Pebble

    def _until(self, address: str, status: str) -> dict[str, str]:
        """Ask until something has a status."""
        for _ in range(600):
            found: dict[str, str] = json.loads(self._post(address, None)[1])
            if found["status"] == status:
                return found
            time.sleep(0.1)
        raise AssertionError(f"{address} never was {status}: {found}")

    def _post(self, address: str, payload: object) -> tuple[str, bytes]:
        """Post a payload, signed by the account's key (RFC 8555 6.2); None stands for POST-as-GET."""
        who = {"kid": self._account} if self._account else {"jwk": self._public_part()}
        protected = _encoded(
            json.dumps({"alg": "ES256", "nonce": self._nonce, "url": address, **who}).encode()
        )
        body = "" if payload is None else _encoded(json.dumps(payload).encode())
        one, other = decode_dss_signature(
            self._key.sign(f"{protected}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
        )
        signature = _encoded(one.to_bytes(32) + other.to_bytes(32))
        content = json.dumps({"protected": protected, "payload": body, "signature": signature}).encode()
        headers = {"Content-Type": "application/jose+json"}
        return self._send(urllib.request.Request(address, content, headers))  # noqa: S310 - our own Pebble

    def _send(self, request: urllib.request.Request) -> tuple[str, bytes]:
        with urllib.request.urlopen(request, context=self._trust) as answer:  # noqa: S310 - our own Pebble
            self._nonce = answer.headers.get("Replay-Nonce", self._nonce)
            return answer.headers.get("Location", ""), answer.read()

    def _public_part(self) -> dict[str, str]:
        numbers = self._key.public_key().public_numbers()
        return {
            "kty": "EC",
            "crv": "P-256",
            "x": _encoded(numbers.x.to_bytes(32)),
            "y": _encoded(numbers.y.to_bytes(32)),
        }


def _encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


@contextmanager
def _pebble(folder: Path) -> Iterator[Client]:
    """Run Pebble, with a certificate of our own for its web server, until it has answered."""
    authority, key = Authority("pebble"), rsa_key("pebble's own")
    port, management = _free_port(), _free_port()
    (folder / "root.pem").write_bytes(pem(authority.root))
    served = pem(authority.issue(key.public_key(), ["127.0.0.1"]), authority.intermediate)
    (folder / "web.pem").write_bytes(served)
    (folder / "web.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    configuration = {
        "listenAddress": f"127.0.0.1:{port}",
        "managementListenAddress": f"127.0.0.1:{management}",
        "certificate": "web.pem",
        "privateKey": "web.key",
        "httpPort": 5002,
        "tlsPort": 5001,
        "ocspResponderURL": "",
    }
    (folder / "config.json").write_text(json.dumps({"pebble": configuration}))
    settings = {"PEBBLE_VA_ALWAYS_VALID": "1", "PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0"}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            ["pebble", "-config", "config.json"],
            cwd=folder,
            env={**os.environ, **settings},
            stdout=log,
            stderr=log,
        )
        try:
            _await(port, server)
            yield Client(port, management, folder / "root.pem")
        finally:
            server.terminate()
            server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    """Wait until something listens."""
    for _ in range(600):
        assert server.poll() is None, "Pebble has ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("Pebble never listened")
