"""What `sitecert new` writes: from options, and from the certificate in use."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID
from hypothesis import given as over
from hypothesis import strategies as st

from sitecert.emit.repository import yaml_text
from sitecert.load.characters import is_strange
from sitecert.load.strict_yaml import parse
from sitecert.model.document import Scalar
from support.authority import Authority, pem, rsa_key
from support.commands import files, given, repository, sitecert

OPTIONS = ("--version", "8.1", "--customer", "Lakes Clinic", "--common-name", "smartweb.lakes.example.com")
SUBJECT = ("--country", "US", "--state", "Minnesota")
NAME = "smartweb.lakes.example.com"
USUAL = (
    (NameOID.COUNTRY_NAME, "US"),
    (NameOID.STATE_OR_PROVINCE_NAME, "Minnesota"),
    (NameOID.LOCALITY_NAME, "St. Louis Park"),
    (NameOID.ORGANIZATION_NAME, "Lakes Clinic"),
    (NameOID.COMMON_NAME, NAME),
)


def in_use(
    subject: tuple[tuple[x509.ObjectIdentifier, str], ...] = USUAL, names: tuple[str, ...] = (NAME,)
) -> x509.Certificate:
    """Return a certificate as older hands made it; it expired long ago."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(oid, value) for oid, value in subject]))
        .issuer_name(Authority().intermediate.subject)
        .public_key(rsa_key("in use").public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2024, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2025, 1, 1, tzinfo=UTC))
    )
    if names:
        general = [x509.IPAddress(ip_address(n)) if n[0].isdigit() else x509.DNSName(n) for n in names]
        builder = builder.add_extension(x509.SubjectAlternativeName(general), critical=False)
    return builder.sign(rsa_key("test issuing"), hashes.SHA256())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with one site."""
    return repository(tmp_path / "certs")


def site(root: Path, name: str) -> dict[str, object]:
    """Return what a site's file says, by the strict loader."""
    path = root / f"sites/{name}.yaml"
    document, problems = parse(str(path), path.read_bytes())
    assert document is not None
    assert problems == ()
    return {each.key.text: _plain(each.value) for each in document.root.entries}


def _plain(node: object) -> object:
    if isinstance(node, Scalar):
        return node.text
    items = getattr(node, "items", None)
    if items is not None:
        return [_plain(each) for each in items]
    return {each.key.text: _plain(each.value) for each in node.entries}  # type: ignore[attr-defined]


@over(st.text(min_size=1).filter(lambda text: not any(map(is_strange, text)) and "\n" not in text))
def test_values_are_read_back_exactly(value: str) -> None:
    """Whatever a person types, the strict loader gives it back; editors take it for text too."""
    document, _ = parse("x.yaml", f"key: {yaml_text(value)}\nlist:\n  - {yaml_text(value)}\n".encode())
    assert document is not None
    node = document.root.get("key")
    assert isinstance(node, Scalar)
    assert node.text == value


@pytest.mark.parametrize(
    "value", ["true", "No", "NULL", "off", "-x", "a: b", "a #b", "'", '"', "", "a\nb", "\u202e"]
)
def test_odd_values_are_quoted(value: str) -> None:
    """What is no plain text stands in quotes, on one line, with what does not show escaped."""
    shown = yaml_text(value)
    assert shown[0] == shown[-1]
    assert shown[0] in "'\""
    assert shown.isprintable()


def test_a_site_from_options_compiles(root: Path) -> None:
    """A group's site finds the schema one folder further up."""
    words = (
        "--alt-name",
        "dr.lakes.example.com",
        "--server",
        "spokwb1.lakes.example.com",
        "--locality",
        "Edina",
    )
    ran = sitecert("-C", root, "new", "clinics/lakes", *OPTIONS, *SUBJECT, *words)
    assert ran.code == 0, ran.err
    assert site(root, "clinics/lakes") == {
        "customer": "Lakes Clinic",
        "version": "8.1",
        "common_name": NAME,
        "alt_names": ["dr.lakes.example.com"],
        "servers": ["spokwb1.lakes.example.com"],
        "subject": {"country": "US", "state": "Minnesota", "locality": "Edina"},
    }
    first = (root / "sites/clinics/lakes.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=../../schema/site.schema.json"
    assert sitecert("-C", root, "compile").code == 0


def test_nothing_is_overwritten(root: Path) -> None:
    """A site that is there stays as it is."""
    before = files(root / "sites")
    ran = sitecert("-C", root, "new", "park-nicollet", *OPTIONS)
    assert (ran.code, "is there already" in ran.err) == (1, True)
    assert files(root / "sites") == before


@pytest.mark.parametrize("name", ["Lakes", "../lakes", "a/b/c", "con", "x.yaml", "-", ""])
def test_a_name_that_cannot_be_is_refused(root: Path, name: str) -> None:
    """Before anything is written."""
    before = files(root)
    assert sitecert("-C", root, "new", *OPTIONS, "--", name).code in {1, 3}
    assert files(root) == before


def test_without_a_terminal_nobody_is_asked(root: Path) -> None:
    """The missing option is named."""
    ran = sitecert("-C", root, "new", "lakes", "--version", "8.1")
    assert (ran.code, "--customer is missing" in ran.err) == (3, True)


def test_problems_of_the_new_file_show_at_once(root: Path) -> None:
    """With the line that is to be mended."""
    ran = sitecert("-C", root, "new", "lakes", *OPTIONS, *SUBJECT, "--alt-name", "spokwb")
    assert ran.code == 1
    assert "sites/lakes.yaml:7:5: error[SC203]" in ran.err


def test_a_site_from_the_certificate_in_use(root: Path, tmp_path: Path) -> None:
    """It is filed as generation 0, and compile opens generation 1 beside it."""
    certificate = in_use(names=(NAME, "dr.lakes.example.com"))
    path = given(tmp_path, "old.pem", certificate, Authority().intermediate)
    ran = sitecert("-C", root, "new", "lakes", "--version", "8.1", "--from-cert", path)
    assert ran.code == 0, ran.err
    assert "filed the certificate in use as generation-0, valid until 2025-01-01" in ran.err
    assert site(root, "lakes") == {
        "customer": "Lakes Clinic",
        "version": "8.1",
        "common_name": NAME,
        "alt_names": ["dr.lakes.example.com"],
        "subject": {"country": "US", "state": "Minnesota", "locality": "St. Louis Park"},
    }
    folder = root / "out/lakes"
    assert (folder / "generation-0/leaf.crt").read_bytes() == pem(certificate)
    assert sitecert("-C", root, "compile").code == 0
    assert (folder / "generation-1/server.csr").exists()
    assert (folder / "generation-0/leaf.crt").read_bytes() == pem(certificate)
    assert sitecert("-C", root, "compile", "--check").code == 0


def test_what_is_left_out_is_told(root: Path, tmp_path: Path) -> None:
    """Fields twice, fields that no request carries, and those that public CAs refuse."""
    odd = (
        *USUAL,
        (NameOID.ORGANIZATION_NAME, "Second"),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, "IT"),
        (NameOID.EMAIL_ADDRESS, "ops@example.org"),
        (x509.ObjectIdentifier("1.2.3.4"), "odd"),
    )
    path = given(tmp_path, "old.pem", in_use(odd))
    ran = sitecert("-C", root, "new", "lakes", "--version", "8.1", "--from-cert", path)
    told = [line for line in ran.err.splitlines() if line.startswith("  left out: ")]
    assert len(told) == 4
    assert [
        word for word in ("Second", "IT", "ops@example.org", "1.2.3.4=odd") if word not in "".join(told)
    ] == []
    internal = sitecert(
        "-C", root, "new", "inside", "--version", "8.1", "--issuer", "internal", "--from-cert", path
    )
    assert "public CAs" not in internal.err
    assert site(root, "inside")["subject"] == {
        "country": "US",
        "state": "Minnesota",
        "locality": "St. Louis Park",
        "organizational_unit": "IT",
        "email": "ops@example.org",
    }


@pytest.mark.parametrize(
    ("common_name", "names", "expected"),
    [
        (None, ("a.example.com", "b.example.com"), ("a.example.com", ["b.example.com"])),
        ("SmartWeb.Lakes.example.com", (NAME,), (NAME, None)),
        ("Lakes Smart Web", (NAME, "a.example.com"), (NAME, ["a.example.com"])),
        (NAME, (), (NAME, None)),
        ("*.lakes.example.com", ("*.lakes.example.com", "8.8.8.8"), ("*.lakes.example.com", ["8.8.8.8"])),
    ],
)
def test_the_common_name_is_one_that_it_answers_for(
    root: Path,
    tmp_path: Path,
    common_name: str | None,
    names: tuple[str, ...],
    expected: tuple[str, list[str] | None],
) -> None:
    """Names that users type, whatever the subject says."""
    subject = USUAL[:-1] + (((NameOID.COMMON_NAME, common_name),) if common_name else ())
    path = given(tmp_path, "old.pem", in_use(subject, names))
    sitecert("-C", root, "new", "lakes", "--version", "8.1", "--from-cert", path)
    found = site(root, "lakes")
    assert (found["common_name"], found.get("alt_names")) == expected


def test_the_certificate_can_be_filed_once_the_site_is_mended(root: Path, tmp_path: Path) -> None:
    """The same command again files it; once more finds it filed; no other file is touched."""
    path = given(tmp_path, "old.pem", in_use(USUAL[:-1], (NAME,)))
    command = ("-C", root, "new", "lakes", "--version", "9.9.9.9x", "--from-cert", path)
    ran = sitecert(*command)
    assert (ran.code, "is not filed yet" in ran.err) == (1, True)
    file = root / "sites/lakes.yaml"
    file.write_text(file.read_text().replace("9.9.9.9x", "8.1"))
    assert "filed the certificate in use" in sitecert(*command).err
    assert "was not filed" in sitecert(*command).err


def test_what_stands_under_out_is_kept(root: Path, tmp_path: Path) -> None:
    """A site whose file was lost still has its key there."""
    assert sitecert("-C", root, "compile").code == 0
    stands = files(root / "out/park-nicollet/generation-1")
    (root / "sites/park-nicollet.yaml").unlink()
    path = given(tmp_path, "old.pem", in_use())
    sitecert("-C", root, "new", "park-nicollet", "--version", "8.1", "--from-cert", path)
    assert files(root / "out/park-nicollet/generation-1") == stands
    assert (root / "out/park-nicollet/generation-0/leaf.crt").exists()


@pytest.mark.parametrize("content", [b"", b"hello", pem(Authority().intermediate), b"x" * ((1 << 20) + 1)])
def test_a_file_without_a_server_certificate_is_refused(root: Path, tmp_path: Path, content: bytes) -> None:
    """Nothing is written."""
    before = files(root)
    path = given(tmp_path, "old.pem", content)
    ran = sitecert("-C", root, "new", "lakes", "--version", "8.1", "--from-cert", path)
    assert ran.code == 1
    assert str(path) in ran.err
    assert files(root) == before


def test_json_of_every_command_is_valid_for_new_sites_too(root: Path) -> None:
    """A plan after `new` names the new site's files."""
    sitecert("-C", root, "new", "lakes", *OPTIONS, *SUBJECT)
    document = json.loads(sitecert("-C", root, "plan", "lakes", "--format", "json").out)
    assert {each["why"] for each in document["changes"]} == {"new site"}
