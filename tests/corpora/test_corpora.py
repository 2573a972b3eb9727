"""Files of many makers, valid and not: none crashes the reader, and none changes its verdict unseen."""

from __future__ import annotations

import json
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12

from corpora.counting import COUNTS, VECTORS, Corpus, count, installed, outcome, read
from corpora.openssl_source import expected, pem_reading
from sitecert.pki.formats.contents import GivenFile
from sitecert.pki.formats.reading import read_contents
from smartsuite.userland import UnobtainableError

FROZEN = json.loads(COUNTS.read_text())
BER_IS_FINE = pytest.mark.filterwarnings("ignore:PKCS#:UserWarning")
"""cryptography warns of files that are no DER and reads them."""

PKCS12 = sorted((VECTORS / "pkcs12").rglob("*.p12"))


@pytest.fixture(scope="module")
def openssl_files() -> Path:
    """Return the files of OpenSSL's own test."""
    try:
        return pem_reading()
    except UnobtainableError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("corpus", installed(), ids=lambda corpus: corpus.name)
def test_the_counts_are_those_that_were_reviewed(corpus: Corpus) -> None:
    """`make corpora` writes new ones, which a reviewer then sees."""
    assert count(corpus) == FROZEN[corpus.name]


def test_openssls_files_count_as_reviewed(openssl_files: Path) -> None:
    """The same for those that no package of Python carries."""
    name = "openssl/04-test_pem_reading_data"
    assert count(Corpus(name, openssl_files)) == FROZEN[name]


def test_the_verdicts_are_openssls_or_a_named_repair(openssl_files: Path) -> None:
    """What OpenSSL's own table accepts is read; what it rejects is refused, or read with a repair named."""
    verdicts = expected()
    assert len(verdicts) == 51
    for name, is_accepted in verdicts.items():
        contents = read(openssl_files / name)
        is_read = outcome(contents) == "read"
        assert is_read or not is_accepted, name
        if is_read and not is_accepted:
            assert contents.repairs, name


def test_a_key_with_a_picture_behind_it_is_read(openssl_files: Path) -> None:
    """OpenSSL's test reads it too: what follows a line with a hyphen is no base64."""
    contents = read(openssl_files / "beermug.pem")
    assert [key.protected for key in contents.keys] == [False]
    assert "text stands behind the base64 of a block" in [repair.clause for repair in contents.repairs]


@BER_IS_FINE
@pytest.mark.parametrize("path", PKCS12, ids=lambda path: path.name)
def test_cryptography_reads_the_same_in_a_pfx(path: Path) -> None:
    """Its key and its certificates are found, whichever of the passwords opens it."""
    contents = read(path)
    for password in (None, b"", b"password", b"cryptography"):
        try:
            theirs = pkcs12.load_pkcs12(path.read_bytes(), password)
        except ValueError:
            continue
        certificates = [theirs.cert, *theirs.additional_certs]
        assert {each.certificate for each in contents.certificates} == {
            each.certificate for each in certificates if each is not None
        }
        assert len([key for key in contents.keys if key.key is not None]) == (theirs.key is not None)
        return
    pytest.fail("cryptography opens it with none of the passwords")


@BER_IS_FINE
@pytest.mark.parametrize("path", sorted((VECTORS / "pkcs7").glob("*")), ids=lambda path: path.name)
def test_cryptography_reads_the_same_in_pkcs7(path: Path) -> None:
    """The same certificates are found, or none where it finds none; two of the files are plain PEM."""
    theirs: list[x509.Certificate] = []
    for load in (
        pkcs7.load_der_pkcs7_certificates,
        pkcs7.load_pem_pkcs7_certificates,
        x509.load_pem_x509_certificates,
    ):
        with suppress(ValueError, UnsupportedAlgorithm):
            theirs = theirs or load(path.read_bytes())
    assert {each.certificate for each in read(path).certificates} == set(theirs)


@pytest.mark.system("openssl")
@pytest.mark.parametrize("name", ["test-rc2.p12", "test-tripledes.p12"])
def test_openssl_reads_the_same_in_an_old_pfx(name: str) -> None:
    """RC2 with 40 bits and 3DES, written by OpenSSL 0.9.8."""
    corpus = installed()[-1]
    path = next(each for each in corpus.files() if each.name == name)
    command = ["openssl", "pkcs12", "-in", path, "-nokeys", "-legacy", "-passin", "pass:password123"]
    shown = subprocess.run(command, capture_output=True, check=True).stdout
    contents = read_contents([GivenFile(name, path.read_bytes())], ["password123"])
    assert {each.certificate for each in contents.certificates} == set(x509.load_pem_x509_certificates(shown))
    assert all(key.key is not None and key.protected for key in contents.keys)
    assert len(contents.keys) == 1
