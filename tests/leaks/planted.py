"""Private keys in every form that a person could commit by mistake, made for this run alone."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import subprocess
import tarfile
import zipfile
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote_plus

import pyrage
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509 import load_pem_x509_certificate
from cryptography_vectors import open_vector_file

from sitecert.model.leak import Exposure
from support.authority import Authority, pem, rsa_key

CLEAR, GUESSED, LOCKED = Exposure.CLEAR, Exposure.GUESSED, Exposure.LOCKED
STRONG = b"correct horse battery staple 7"


def written(
    key: PrivateKeyTypes,
    form: PrivateFormat,
    encoding: Encoding = Encoding.PEM,
    under: KeySerializationEncryption | None = None,
) -> bytes:
    """Return a private key as cryptography writes it."""
    return key.private_bytes(encoding, form, under or NoEncryption())


@cache
def elliptic() -> ec.EllipticCurvePrivateKey:
    """Return one key of P-256."""
    return ec.generate_private_key(ec.SECP256R1())


@cache
def edwards() -> ed25519.Ed25519PrivateKey:
    """Return one key of Ed25519."""
    return ed25519.Ed25519PrivateKey.generate()


@cache
def digital_signature() -> bytes:
    """Return a key of DSA: to make its parameters takes seconds, so it is one that everybody has."""
    with open_vector_file("asymmetric/PKCS8/unenc-dsa-pkcs8.pem", "rb") as file:
        content: bytes = file.read()
        return content


@cache
def pkcs1() -> bytes:
    """Return the PEM that kb39324 speaks of: BEGIN RSA PRIVATE KEY."""
    return written(rsa_key(), PrivateFormat.TraditionalOpenSSL)


@cache
def pkcs8() -> bytes:
    """Return PKCS#8 in PEM."""
    return written(rsa_key(), PrivateFormat.PKCS8)


@cache
def pkcs8_der() -> bytes:
    """Return PKCS#8 in DER: the article's server.der."""
    return written(rsa_key(), PrivateFormat.PKCS8, Encoding.DER)


@cache
def certificate() -> bytes:
    """Return the certificate of the RSA key."""
    return pem(Authority("leaks").issue(rsa_key().public_key(), ["smartweb.example.org"]))


def pfx(password: bytes | None) -> bytes:
    """Return a PKCS#12 as OpenSSL 3 writes it."""
    protection = BestAvailableEncryption(password) if password is not None else NoEncryption()
    leaf = load_pem_x509_certificate(certificate())
    return pkcs12.serialize_key_and_certificates(b"server", rsa_key(), leaf, None, protection)


def openssl(*arguments: str, given: bytes) -> bytes:
    """Return what openssl prints for a key on its standard input."""
    return subprocess.run(["openssl", *arguments], input=given, capture_output=True, check=True).stdout


def keytool(kind: str, password: str, folder: Path) -> bytes:
    """Return a keystore with a key that Java's keytool made."""
    store = folder / f"store.{kind}"
    common = ("-storetype", kind, "-keystore", str(store), "-storepass", password)
    names = (
        "-alias",
        "server",
        "-dname",
        "CN=smartweb.example.org",
        "-keyalg",
        "EC",
        "-J-XX:TieredStopAtLevel=1",
    )
    command = [
        "keytool",
        "-genkeypair",
        *common,
        *names,
        *(("-keypass", password) if kind != "PKCS12" else ()),
    ]
    subprocess.run(command, capture_output=True, check=True)
    return store.read_bytes()


def ssh_keygen(password: str) -> bytes:
    """Return a key that OpenSSH made."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "key")
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", password, "-C", "", "-f", str(path)]
        subprocess.run(command, check=True)
        return path.read_bytes()


def zipped(**files: bytes) -> bytes:
    """Return a zip of files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def tarred(name: str, content: bytes) -> bytes:
    """Return a tar of one file."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return made.getvalue()


def quoted(text: bytes, before: str) -> bytes:
    """Return text with something before each line."""
    return b"".join(before.encode() + line + b"\n" for line in text.splitlines())


def wrapped(content: bytes, width: int) -> bytes:
    """Return base64 in lines."""
    digits = b64encode(content)
    return b"\n".join(digits[at : at + width] for at in range(0, len(digits), width)) + b"\n"


def source_code(text: bytes) -> bytes:
    """Return text as a program writes it down."""
    return b"KEY = (\n" + b"".join(b'    "' + each + b'\\n"\n' for each in text.splitlines()) + b")\n"


def around(text: bytes, before: str, after: str = "") -> bytes:
    """Return text with something before and after each line, in which `{}` is the line's number."""
    lines = enumerate(text.decode().splitlines(), 8)
    return "".join(f"{before.format(at)}{line}{after}\n" for at, line in lines).encode()


def digits(content: bytes, pattern: str, between: str, width: int) -> bytes:
    """Return bytes as hexadecimal digits, so many to a line."""
    octets = [pattern.format(octet) for octet in content]
    lines = [between.join(octets[at : at + width]) for at in range(0, len(octets), width)]
    return f"{between}\n".join(lines).encode()


def json_web_key() -> bytes:
    """Return a key as JSON (RFC 7518 6.2)."""
    private = elliptic().private_numbers().private_value.to_bytes(32)
    exponent = b64encode(private, b"-_").decode().rstrip("=")
    return json.dumps({"keys": [{"kty": "EC", "crv": "P-256", "x": "a", "y": "b", "d": exponent}]}).encode()


def xml_key() -> bytes:
    """Return a key as .NET writes it."""
    exponent = b64encode(rsa_key().private_numbers().d.to_bytes(256)).decode()
    return f"<RSAKeyValue><Modulus>AQAB</Modulus><D>{exponent}</D></RSAKeyValue>".encode()


def putty() -> bytes:
    """Return the head and some of the body of a key as PuTTY keeps it."""
    head = "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: server\nPublic-Lines: 2\n"
    return f"{head}AAAAC3NzaC1lZDI1NTE5AAAAIB\nAAAA\nPrivate-Lines: 1\nAAAAIGFi\nPrivate-MAC: 00\n".encode()


def traditional(password: str) -> bytes:
    """Return a key with `Proc-Type: 4,ENCRYPTED`, as kb39324 step 2 made them before OpenSSL 3."""
    command = ("rsa", "-traditional", "-aes128", "-passout", f"pass:{password}")
    return openssl(*command, given=pkcs1())


PLANTED: dict[str, tuple[Callable[[], bytes], Exposure]] = {
    "PKCS#1": (pkcs1, CLEAR),
    "PKCS#8": (pkcs8, CLEAR),
    "SEC1": (lambda: written(elliptic(), PrivateFormat.TraditionalOpenSSL), CLEAR),
    "SEC1 with its parameters": (
        lambda: openssl("ecparam", "-name", "prime256v1", "-genkey", given=b""),
        CLEAR,
    ),
    "PKCS#8 of an elliptic curve": (lambda: written(elliptic(), PrivateFormat.PKCS8), CLEAR),
    "Ed25519": (lambda: written(edwards(), PrivateFormat.PKCS8), CLEAR),
    "DSA": (digital_signature, CLEAR),
    "OpenSSH, Ed25519": (lambda: written(edwards(), PrivateFormat.OpenSSH), CLEAR),
    "OpenSSH, RSA": (lambda: written(rsa_key(), PrivateFormat.OpenSSH), CLEAR),
    "OpenSSH under a password": (
        lambda: ssh_keygen(STRONG.decode()),
        LOCKED,
    ),
    "PKCS#8 under a common password": (
        lambda: written(rsa_key(), PrivateFormat.PKCS8, under=BestAvailableEncryption(b"changeit")),
        GUESSED,
    ),
    "PKCS#8 under an empty password": (
        lambda: openssl("pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", "pass:", given=pkcs1()),
        CLEAR,
    ),
    "PKCS#8 under a good password": (
        lambda: written(rsa_key(), PrivateFormat.PKCS8, under=BestAvailableEncryption(STRONG)),
        LOCKED,
    ),
    "Proc-Type under a common password": (lambda: traditional("secret"), GUESSED),
    "Proc-Type under a good password": (lambda: traditional(STRONG.decode()), LOCKED),
    "DER, PKCS#1": (lambda: written(rsa_key(), PrivateFormat.TraditionalOpenSSL, Encoding.DER), CLEAR),
    "DER, PKCS#8": (pkcs8_der, CLEAR),
    "DER, SEC1": (lambda: written(elliptic(), PrivateFormat.TraditionalOpenSSL, Encoding.DER), CLEAR),
    "DER, Ed25519": (lambda: written(edwards(), PrivateFormat.PKCS8, Encoding.DER), CLEAR),
    "DER, PKCS#8 under a common password": (
        lambda: written(rsa_key(), PrivateFormat.PKCS8, Encoding.DER, BestAvailableEncryption(b"password")),
        GUESSED,
    ),
    "DER in the middle of a binary": (lambda: b"\x7fELF" + bytes(5000) + pkcs8_der() + bytes(77), CLEAR),
    "PFX without a password": (lambda: pfx(None), CLEAR),
    "PFX under a common password": (lambda: pfx(b"changeit"), GUESSED),
    "PFX under a good password": (lambda: pfx(STRONG), LOCKED),
    "PFX of RC2 and 3DES": (
        lambda: openssl(
            *("pkcs12", "-export", "-legacy", "-passout", "pass:changeit"), given=pkcs8() + certificate()
        ),
        GUESSED,
    ),
    "PFX under an empty password": (
        lambda: openssl("pkcs12", "-export", "-passout", "pass:", given=pkcs8() + certificate()),
        CLEAR,
    ),
    "CRLF": (lambda: pkcs8().replace(b"\n", b"\r\n"), CLEAR),
    "UTF-16": (lambda: pkcs8().decode().encode("utf-16"), CLEAR),
    "indented": (lambda: b"key: |\n" + quoted(pkcs8(), "    "), CLEAR),
    "quoted in a mail": (lambda: b"Hello,\n" + quoted(pkcs1(), "> ") + b"> regards\n", CLEAR),
    "behind its certificate": (lambda: certificate() + pkcs1(), CLEAR),
    "in JSON": (lambda: json.dumps({"tls.key": pkcs8().decode()}).encode(), CLEAR),
    "in a program": (lambda: source_code(pkcs8()), CLEAR),
    "in one line": (lambda: b"KEY='" + pkcs8().replace(b"\n", b" ") + b"'", CLEAR),
    "a secret of Kubernetes": (lambda: b"data:\n  tls.key: " + b64encode(pkcs8()) + b"\n", CLEAR),
    "in a log": (lambda: around(pkcs8(), "2026-11-27T22:00:{:02d}Z web1 app[7]: INFO - "), CLEAR),
    "in numbered lines": (lambda: around(pkcs1(), "{}: "), CLEAR),
    "in a log, an elliptic curve's": (
        lambda: around(written(elliptic(), PrivateFormat.PKCS8), "[22:00:{:02d}] "),
        CLEAR,
    ),
    "in a log, under a common password": (lambda: around(traditional("secret"), "22:00:{:02d} x: "), GUESSED),
    "in a log of JSON": (lambda: around(pkcs8(), '{{"log":"', '\\n","stream":"stdout"}'), CLEAR),
    "added by a diff": (lambda: around(pkcs8(), "+"), CLEAR),
    "removed by a diff": (lambda: around(pkcs8(), "-"), CLEAR),
    "in a comment": (lambda: around(pkcs8(), "// "), CLEAR),
    "in a batch file": (lambda: around(pkcs8(), "echo ", " >> server.key"), CLEAR),
    "in a list of YAML": (lambda: around(pkcs8(), "- '", "'"), CLEAR),
    "in a list of one line": (lambda: str(pkcs8().decode().split("\n")).encode(), CLEAR),
    "in concatenated strings": (lambda: around(pkcs8(), '    "', '\\n" +'), CLEAR),
    "in PowerShell": (lambda: b'"' + pkcs8().replace(b"\n", b"`n") + b'"', CLEAR),
    "in a form that a browser sent": (lambda: b"key=" + quote_plus(pkcs8()).encode(), CLEAR),
    "in JSON within JSON": (lambda: json.dumps({"a": json.dumps({"b": pkcs8().decode()})}).encode(), CLEAR),
    "in the file .env": (lambda: b'KEY="' + pkcs8().replace(b"\n", b"\\n") + b'"\n', CLEAR),
    "in HTML": (lambda: around(pkcs8(), "<p>", "</p>"), CLEAR),
    "in a registry file": (lambda: b'"key"=hex:' + digits(pkcs8_der(), "{:02x}", ",", 25), CLEAR),
    "in an array of C": (lambda: b"{" + digits(pkcs8_der(), "0x{:02X}", ", ", 12) + b"}", CLEAR),
    "in escapes of Python": (lambda: b'b"' + digits(pkcs8_der(), "\\x{:02x}", "", 9999) + b'"', CLEAR),
    "hexadecimal digits": (lambda: b"KEY=" + pkcs8_der().hex().encode(), CLEAR),
    "hexadecimal digits under a password": (
        lambda: (
            written(rsa_key(), PrivateFormat.PKCS8, Encoding.DER, BestAvailableEncryption(STRONG))
            .hex(":")
            .encode()
        ),
        LOCKED,
    ),
    "base64 behind a path": (
        lambda: b"/etc/amcom/httpd/conf/ssl.key/server.key " + b64encode(pkcs8_der()),
        CLEAR,
    ),
    "base64 below another value": (
        lambda: b"a" * 37 + b"\n" + b64encode(written(edwards(), PrivateFormat.PKCS8, Encoding.DER)),
        CLEAR,
    ),
    "base64 for URLs": (lambda: urlsafe_b64encode(pkcs8_der()).rstrip(b"="), CLEAR),
    "base64 of DER": (lambda: b'{"key": "' + b64encode(pkcs8_der()) + b'"}', CLEAR),
    "base64 of DER in lines": (lambda: b"attached:\n\n" + wrapped(pkcs8_der(), 76) + b"\nregards\n", CLEAR),
    "base64 of DER in a quoted mail": (lambda: quoted(wrapped(pkcs8_der(), 64), "> "), CLEAR),
    "base64 of an elliptic curve's key": (
        lambda: b"key=" + b64encode(written(elliptic(), PrivateFormat.TraditionalOpenSSL, Encoding.DER)),
        CLEAR,
    ),
    "base64 of a PFX": (lambda: b64encode(pfx(b"changeit")), GUESSED),
    "base64 of base64": (lambda: b64encode(b64encode(pkcs8())), CLEAR),
    "zip": (lambda: zipped(**{"a/server.key": pkcs1(), "readme": b"hello"}), CLEAR),
    "zip in a zip": (lambda: zipped(**{"inner.zip": zipped(key=pkcs8_der())}), CLEAR),
    "tar": (lambda: tarred("server.key", pkcs1()), CLEAR),
    "tar.gz": (lambda: gzip.compress(tarred("server.der", pkcs8_der())), CLEAR),
    "gzip": (lambda: gzip.compress(pkcs8()), CLEAR),
    "bzip2": (lambda: bz2.compress(pkcs8()), CLEAR),
    "xz": (lambda: lzma.compress(pkcs8()), CLEAR),
    "base64 of a zip": (lambda: b64encode(zipped(key=pkcs1())), CLEAR),
    "PuTTY": (putty, CLEAR),
    "JSON Web Key": (json_web_key, CLEAR),
    "XML": (xml_key, CLEAR),
    "JSON Web Key in JSON within JSON": (lambda: json.dumps(json_web_key().decode()).encode(), CLEAR),
    "openssl pkey -text of an elliptic curve": (
        lambda: openssl("pkey", "-text", "-noout", given=written(elliptic(), PrivateFormat.PKCS8)),
        CLEAR,
    ),
    "openssl rsa -text": (lambda: openssl("rsa", "-text", "-noout", given=pkcs1()), CLEAR),
    "an age identity": (
        lambda: b"# created\n" + str(pyrage.x25519.Identity.generate()).encode() + b"\n",
        Exposure.IDENTITY,
    ),
}
"""What is planted, how it is made, and how open it lies."""

KEYSTORES = {
    "JKS": ("JKS", "changeit", GUESSED),
    "JKS under a good password": ("JKS", STRONG.decode(), LOCKED),
    "JCEKS": ("JCEKS", "changeit", GUESSED),
}
"""Keystores of Java: their type, their password, and how open they lie."""
