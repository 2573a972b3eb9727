"""Private keys are found by what they are, and nothing else is taken for one."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from leaks.planted import KEYSTORES, PLANTED, certificate, keytool, pkcs1, pkcs8, quoted, zipped
from sitecert.leaks import search
from sitecert.leaks.search import find_leaks
from sitecert.model.leak import Exposure
from sitecert.pki.formats.bounds import Sizes
from sitecert.pki.keys import encrypt_key, spki_sha256
from sitecert.pki.recipients import parse_recipient
from sitecert.pki.requests import build_request
from support.authority import Authority, rsa_key
from support.sites import a_site

ROOT = Path(__file__).parents[2]


@pytest.mark.system("openssl")
@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_key_is_found(name: str) -> None:
    """Each form is found once, and it is told how open it lies."""
    make, exposure = PLANTED[name]
    (leak,) = find_leaks(make())
    assert leak.exposure is exposure


@pytest.mark.system("keytool")
@pytest.mark.parametrize("name", KEYSTORES)
def test_a_keystore_is_found(name: str, tmp_path: Path) -> None:
    """What Java's keytool made is opened where anybody could, and told where not."""
    kind, password, exposure = KEYSTORES[name]
    (leak,) = find_leaks(keytool(kind, password, tmp_path))
    assert leak.exposure is exposure


def test_a_leak_says_where_and_which_key_but_nothing_of_it() -> None:
    """The line in the file, the way into it, and the digits that the manifest has too."""
    secret = b"first\nsecond\ntls.key: " + b64encode(pkcs8()) + b"\n"
    (leak,) = find_leaks(secret)
    assert (leak.line, leak.trail) == (3, "base64")
    assert leak.what == f"a private key (RSA 2048, SPKI {spki_sha256(rsa_key().public_key())[:12]})"


def test_two_keys_in_one_file_are_two() -> None:
    """Nothing hides behind the first."""
    other = rsa_key("another")
    text = pkcs1() + b"and\n" + PLANTED["Ed25519"][0]()
    assert len(find_leaks(text)) == 2
    assert other is not rsa_key()


def test_an_archive_in_too_many_is_told() -> None:
    """What lies too deep to be searched is no silence."""
    nested = pkcs8()
    for _ in range(5):
        nested = zipped(inner=nested)
    (leak,) = find_leaks(nested)
    assert leak.exposure is Exposure.UNSEARCHED
    assert leak.what == "lies in more than 4 archives or encodings"


def test_archives_in_archives_unpack_to_one_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four archives of half the bound each are more than the bound, wherever they lie."""
    monkeypatch.setattr(search, "SEARCHED", Sizes(file=1 << 20, total=1 << 20, entries=100))
    bomb = zipped(**{f"{number}.zip": zipped(zeros=bytes(1 << 19)) for number in range(4)})
    assert {leak.exposure for leak in find_leaks(bomb)} == {Exposure.UNSEARCHED}


HOSTILE = {
    "heads of PuTTY with two kinds of line ends": (
        b"PuTTY-User-Key-File-3: a\nEncryption: none\n" + b"a\r\n" * 400
    ),
    "beginnings of XML": b"<RSAKeyValue>" * 40_000,
    "beginnings of PEM before one end": b"-----BEGIN PRIVATE KEY-----" * 40_000 + b"-----END",
    "objects of JSON that never end": b'"kty"' + b'{"d":"' * 100_000,
    "words of base64": (b"A" * 29 + b" ") * 20_000 + b"A" * 30 + b" " * 500_000,
    "digits that begin like a key": b"30 82 04 bd 02 01 00 " * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_costs_what_its_length_costs(name: str) -> None:
    """No pattern backtracks over it: one that did would not come to an end."""
    assert all(leak.exposure is Exposure.UNSEARCHED for leak in find_leaks(HOSTILE[name]))


def test_what_begins_like_a_key_too_often_is_told() -> None:
    """Octets that claim to be 64 KiB of key, everywhere: some are opened, the rest is told."""
    (leak,) = find_leaks(b"\x30\x82\xff\xff\x02\x01\x00\x02" * 40_000)
    assert leak.exposure is Exposure.UNSEARCHED


HARMLESS = {
    "a certificate": certificate,
    "a request": lambda: build_request(rsa_key(), a_site().request),
    "a public key": lambda: (
        rsa_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    ),
    "a public key in DER": lambda: (
        rsa_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ),
    "the article's words": lambda: (
        b"This includes the '-----BEGIN RSA PRIVATE KEY-----' and '-----END RSA PRIVATE KEY-----' lines."
    ),
    "an example with dots": lambda: b"-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n",
    "an example cut short": lambda: (
        b"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg...\n-----END PRIVATE KEY-----\n"
    ),
    "a pattern": lambda: rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[\w+/=\s]+-----END PRIVATE KEY-----",
    "an age file": lambda: encrypt_key(
        rsa_key(), [parse_recipient(str(pyrage.x25519.Identity.generate().to_public()))]
    ),
    "an identity's form": lambda: b"AGE-SECRET-KEY-1" + b"Q" * 58,
    "a recipient": lambda: str(pyrage.x25519.Identity.generate().to_public()).encode(),
    "a PKCS#7 of certificates": lambda: Authority("leaks").intermediate.public_bytes(Encoding.DER),
    "random bytes": lambda: bytes(range(256)) * 400,
    "base64 of nothing much": lambda: quoted(b64encode(bytes(range(256)) * 40), "  "),
    "nothing": lambda: b"",
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_no_key_is_no_leak(name: str) -> None:
    """Certificates, words about keys, and what is encrypted to people raise no alarm."""
    assert find_leaks(HARMLESS[name]()) == ()


def test_no_alarm_on_this_repository() -> None:
    """No file of this project is taken for a key."""
    folders = ("compiler", "docs", "out", "schema", "sites", "templates", "tests", "trust")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    files = [path for path in files if path.suffix != ".pyc"]
    assert len(files) > 400
    assert [path for path in files if find_leaks(path.read_bytes())] == []
