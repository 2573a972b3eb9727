"""A request signed with its own key: as browsers want it, and never in the place of the real certificate."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from sitecert.model.record import GenerationRecord
from support.authority import SERVER_USAGE, Authority, pem, rsa_key
from support.commands import Ran, sitecert
from support.given_requests import ONE, SITE, Desk, a_desk, openssl
from support.packs import opened
from support.repository import TODAY, identity, private_key_of
from support.tls import Pair, tls_server

NAME = "smartweb.parknicollet.com"
CLIENT = Path(__file__).parents[1] / "support/TrustingClient.java"
START = datetime.combine(TODAY, datetime.min.time(), UTC)


def sign(desk: Desk, *arguments: object, piped: bytes = b"") -> Ran:
    """Run `self-sign` with the tests' identity, unless a key is piped in."""
    path = desk.folder / "identity.txt"
    path.write_text(f"{identity()}\n")
    opener = () if piped else ("-i", path)
    day = () if "--at" in arguments else ("--at", TODAY)
    return sitecert("-C", desk.repository.root, "self-sign", SITE, *opener, *day, *arguments, piped=piped)


def interim(desk: Desk) -> x509.Certificate:
    """Return the interim certificate that was filed."""
    return x509.load_pem_x509_certificate(desk.repository.read(f"{ONE}/interim.crt"))


def key_of(desk: Desk) -> rsa.RSAPrivateKey:
    """Return the site's private key."""
    plain = private_key_of(desk.repository, f"{ONE}/server.key.age")
    key = serialization.load_pem_private_key(plain, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a compiled site with two names and an address."""
    return a_desk(tmp_path, alt_names="[smartweb-dr.parknicollet.com, 10.1.2.3]")


@pytest.mark.system("openssl")
def test_it_says_what_the_request_says(desk: Desk) -> None:
    """Its key, subject, names; for 730 days from the day on, both ends included; openssl agrees."""
    ran = sign(desk)
    assert ran.code == 0, ran.err
    made, request = interim(desk), desk.repository.request()
    assert made.subject == made.issuer == request.subject
    assert made.public_key() == request.public_key() == key_of(desk).public_key()
    asked = request.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert made.extensions.get_extension_for_class(x509.SubjectAlternativeName) == asked
    assert made.not_valid_before_utc == START
    assert made.not_valid_after_utc == START + timedelta(days=730, seconds=-1)
    path = desk.repository.root / ONE / "interim.crt"
    day = str(int((START + timedelta(days=1)).timestamp()))
    assert openssl("verify", "-attime", day, "-CAfile", path, path).endswith(": OK\n")
    assert made.fingerprint(made.signature_hash_algorithm or pytest.fail("unsigned")).hex() in ran.err


def test_its_extensions_are_those_that_browsers_take(desk: Desk) -> None:
    """A server's and no CA's, with digitalSignature; SHA-256; a serial number of more than 64 bits."""
    assert sign(desk).code == 0
    made = interim(desk)
    extensions = {each.oid: each for each in made.extensions}
    constraints = extensions.pop(x509.BasicConstraints.oid)
    assert (constraints.critical, constraints.value) == (
        True,
        x509.BasicConstraints(ca=False, path_length=None),
    )
    usage = extensions.pop(x509.KeyUsage.oid)
    assert (usage.critical, usage.value) == (True, SERVER_USAGE)
    purpose = extensions.pop(x509.ExtendedKeyUsage.oid)
    assert purpose.value == x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    identifier = extensions.pop(x509.SubjectKeyIdentifier.oid)
    assert identifier.value == x509.SubjectKeyIdentifier.from_public_key(key_of(desk).public_key())
    assert set(extensions) == {x509.SubjectAlternativeName.oid}
    assert made.signature_hash_algorithm is not None
    assert made.signature_hash_algorithm.name == "sha256"
    assert sign(desk, "--again").code == 0
    assert made.serial_number != interim(desk).serial_number
    assert max(made.serial_number, interim(desk).serial_number).bit_length() > 64


@pytest.mark.system("java", "javac")
def test_java_trusts_it_for_its_names(desk: Desk) -> None:
    """Imported as trusted it makes a TLS 1.3 handshake for a name of its own, and for no other."""
    assert sign(desk).code == 0
    trusted = desk.repository.root / ONE / "interim.crt"
    with tls_server(Pair(key_of(desk), [interim(desk)])) as port:
        for name, protocol in ((NAME, "TLSv1.3"), ("other.parknicollet.com", "")):
            command = ["java", CLIENT, trusted, name, str(port)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.stdout.strip() == protocol, done.stderr
            assert ("No subject alternative" in done.stderr) is (protocol == "")


def test_it_is_filed_and_known(desk: Desk) -> None:
    """Its digest is in the record, the document names it and when it ends; a compile has nothing to do."""
    assert sign(desk).code == 0
    record = GenerationRecord.from_bytes(desk.repository.read(f"{ONE}/manifest.json"))
    assert "interim.crt" in record.files
    assert not record.sealed
    text = desk.repository.read(f"out/{SITE}/change-control.md").decode()
    assert "**Interim certificate**" in text
    assert "It ends on 2028-05-30 23:59:59 UTC." in text
    assert desk.repository.run("compile", "--check").code == 0
    assert not (desk.repository.root / ONE / "leaf.crt").exists()
    assert not (desk.repository.root / f"out/{SITE}/runbooks").exists()


def test_the_certificate_of_the_ca_comes_beside_it(desk: Desk) -> None:
    """The intake files the real one, which runbooks install; the interim one stays and is not made anew."""
    assert sign(desk).code == 0
    assert desk.hand().code == 0
    held = desk.repository.read(f"{ONE}/interim.crt")
    assert desk.repository.certify().code == 0
    assert desk.repository.read(f"{ONE}/interim.crt") == held
    assert desk.repository.read(f"{ONE}/leaf.crt") != held
    ran = sign(desk, "--again")
    assert "error[SC720]: generation 1 has its certificate, valid until 2028-04-04" in ran.err
    assert b"this change replaces it" in desk.repository.read(f"out/{SITE}/change-control.md")


def test_it_is_not_taken_in_for_the_certificate_of_a_ca(desk: Desk) -> None:
    """Neither as it was filed nor for the asking: nobody would go on waiting for the CA."""
    assert sign(desk).code == 0
    path = desk.repository.root / ONE / "interim.crt"
    for accepted in ((), ("--accept", "SC562")):
        ran = sitecert("-C", desk.repository.root, "intake", SITE, path, "--at", TODAY, *accepted)
        assert ran.code == 1
        assert "error[SC559]: it is the interim certificate that `self-sign` made, not a CA's" in ran.err
    assert not (desk.repository.root / ONE / "leaf.crt").exists()


def test_a_sealed_request_stays_sealed(desk: Desk) -> None:
    """The usual order: handed over first, signed while the CA takes its time."""
    desk.handed()
    assert sign(desk).code == 0
    assert GenerationRecord.from_bytes(desk.repository.read(f"{ONE}/manifest.json")).sealed
    assert desk.hand().code == 0


def test_one_that_is_valid_is_replaced_only_on_demand(desk: Desk) -> None:
    """It may be in service; once it has expired there is nothing to ask."""
    assert sign(desk, "--days", 10).code == 0
    first = interim(desk)
    assert first.not_valid_after_utc == START + timedelta(days=10, seconds=-1)
    ran = sign(desk, "--at", "2026-06-10")
    assert ran.code == 1
    assert f"{ONE}/interim.crt:1:1: error[SC722]" in ran.err
    assert interim(desk) == first
    assert sign(desk, "--at", "2026-06-11").code == 0
    second = interim(desk)
    assert second.not_valid_before_utc == START + timedelta(days=10)
    assert sign(desk, "--again").code == 0
    assert interim(desk) != second


def test_an_interim_certificate_stands_in_no_sites_own_way(desk: Desk) -> None:
    """A site that is to sign for itself from now on: what stood in for a CA's certificate is no obstacle."""
    assert sign(desk).code == 0
    desk.repository.site(
        servers="[spokwb.parknicollet.com]",
        alt_names="[smartweb-dr.parknicollet.com, 10.1.2.3]",
        issuer="self-signed",
    )
    assert desk.repository.run("compile").code == 0
    ran = sign(desk)
    assert ran.code == 0, ran.err
    leaf = x509.load_pem_x509_certificate(desk.repository.read(f"{ONE}/leaf.crt"))
    assert leaf.serial_number != interim(desk).serial_number


@pytest.mark.parametrize("days", [0, 731])
def test_more_than_the_articles_730_days_is_refused(desk: Desk, days: int) -> None:
    """Usage, before anything is read."""
    ran = sign(desk, "--days", days)
    assert ran.code == 3
    assert "730" in ran.err


def test_the_key_may_be_piped_in(desk: Desk) -> None:
    """As `age -d` gives it out; another one is refused, and nothing of it is said."""
    assert sign(desk, "--key", "-", piped=private_key_of(desk.repository, f"{ONE}/server.key.age")).code == 0
    assert interim(desk).public_key() == key_of(desk).public_key()
    other = rsa_key("other").private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    ran = sign(desk, "--again", "--key", "-", piped=other)
    assert "error[SC705]: the key that was opened does not belong to the request" in ran.err
    assert other.splitlines()[1].decode() not in ran.err


@pytest.mark.parametrize(
    ("custody", "says"),
    [("server", "sh request.sh interim"), ("customer", "the private key is the customer's")],
)
def test_a_key_that_is_elsewhere_signs_there(tmp_path: Path, custody: str, says: str) -> None:
    """The hint names where."""
    ran = sign(a_desk(tmp_path, key=f"{{custody: {custody}}}"))
    assert ran.code == 1
    assert "error[SC721]" in ran.err
    assert says in ran.err


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"junk", "SC403"),
        (pem(Authority().root), "SC401"),
    ],
    ids=["no certificate", "another key"],
)
def test_an_interim_certificate_that_is_none_of_ours_is_a_problem(
    desk: Desk, content: bytes, code: str
) -> None:
    """Even where the record agrees with it: it must be a certificate, for the generation's key."""
    assert sign(desk).code == 0
    (desk.repository.root / ONE / "interim.crt").write_bytes(content)
    desk.repository.refresh_record(ONE)
    found = desk.repository.run("compile", "--check")
    assert (found.code, found.codes) == (1, {code})
    assert f"{ONE}/interim.crt" in found.named


@pytest.mark.system("openssl")
def test_a_self_signed_site_goes_through_its_whole_life(tmp_path: Path) -> None:
    """Compiled, signed, handed to its server, renewed: its own certificate is the real one."""
    desk = a_desk(tmp_path, issuer="self-signed")
    document = desk.repository.read(f"out/{SITE}/change-control.md")
    assert b"sitecert self-sign park-nicollet" in document
    ran = sign(desk)
    assert ran.code == 0, ran.err
    assert not (desk.repository.root / ONE / "interim.crt").exists()
    leaf = x509.load_pem_x509_certificate(desk.repository.read(f"{ONE}/leaf.crt"))
    assert leaf.public_key() == key_of(desk).public_key()
    assert desk.repository.run("compile", "--check").code == 0
    assert "error[SC720]" in sign(desk, "--again").err
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("typed-by-a-person-at-night\n")
    options = ("-i", tmp_path / "identity.txt", "--passphrase-file", passphrase, "-o", desk.pack)
    packed = sitecert(
        "-C", desk.repository.root, "handoff", SITE, "--server", "spokwb.parknicollet.com", *options
    )
    assert packed.code == 0, packed.err
    assert (desk.pack / "server.crt").read_bytes() == desk.repository.read(f"{ONE}/leaf.crt")
    key = opened(desk.pack / "server.key", "typed-by-a-person-at-night", "pkey")
    assert key.public_key() == leaf.public_key()
    desk.repository.site(servers="[spokwb.parknicollet.com]", issuer="self-signed", key="{generation: 2}")
    assert desk.repository.run("compile").code == 0
    assert sign(desk, "--at", "2028-05-01").code == 0
    second = x509.load_pem_x509_certificate(desk.repository.read(f"out/{SITE}/generation-2/leaf.crt"))
    assert second.public_key() != leaf.public_key()
    assert desk.repository.run("compile", "--check").code == 0
