"""The customer's pack says what the request says, holds no key, and seals the generation."""

from __future__ import annotations

import json
import re
import subprocess
import tarfile
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from markdown_it import MarkdownIt

from support.given_requests import ONE, SITE, Desk, a_desk, openssl
from support.packs import modes
from support.repository import AT, private_key_of
from support.sweeps import sweep
from support.watched import secrets_of

HANDOFF = ("handoff", SITE, "-o", "{root}/pack", *AT)
FILES = {"server.csr", "certificate-request.md", "certificate-request.html", "mail.txt", "SHA256SUMS"}


PARSER = MarkdownIt("commonmark")
PARTED = "<!-- -->"
"""What parts a mention: it shows nothing."""


def kinds(markdown: str) -> list[str]:
    """Return the kinds of everything in the lines of a text that is not text alone."""
    inline = [child for token in PARSER.parse(markdown) for child in token.children or []]
    return [child.type for child in inline if child.type != "text" and child.content != PARTED]


def headings(markdown: str) -> list[str]:
    """Return the headings of the second level."""
    tokens = MarkdownIt("commonmark").parse(markdown)
    return [
        tokens[at + 1].content for at, token in enumerate(tokens) if token.tag == "h2" and token.nesting == 1
    ]


def fences(markdown: str) -> str:
    """Return what stands in code blocks."""
    return "".join(token.content for token in PARSER.parse(markdown) if token.type == "fence")


@pytest.mark.system("openssl")
def test_the_pack_holds_the_request_and_what_to_ask(tmp_path: Path) -> None:
    """Openssl verifies the request, which is byte for byte the committed one; the sheet repeats its facts."""
    desk = a_desk(tmp_path, alt_names="[smartweb-dr.parknicollet.com, 10.1.2.3]")
    files = desk.handed()
    assert set(files) == FILES
    assert modes(desk.pack) == {(0o040000, 0o700), (0o100000, 0o600)}
    assert files["server.csr"].encode() == desk.repository.read(f"{ONE}/server.csr")
    assert "verify OK" in openssl("req", "-in", desk.pack / "server.csr", "-noout", "-verify")
    request = desk.repository.request()
    sheet = files["certificate-request.md"]
    for attribute in request.subject:
        assert f" {attribute.value}\n" in sheet
    for name in request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value:
        assert f"`{name.value}`" in sheet
        assert f"- {name.value}\n" in files["mail.txt"]
    assert "SHA-256 of server.csr" in sheet
    assert "RSA, 2048 bits" in sheet


def test_an_internal_ca_is_asked_by_its_template_and_never_by_an_attribute_of_names(tmp_path: Path) -> None:
    """Certreq names the template; the attribute SAN, which opens a whole CA, is in no command."""
    commands = fences(a_desk(tmp_path).handed()["certificate-request.md"])
    assert '-attrib "CertificateTemplate:WebServer" server.csr server.cer chain.p7b' in commands
    assert "certreq -retrieve" in commands
    assert "SAN:" not in commands
    assert "dig " not in commands


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2026-03-14", "397 days; 398 are"),
        ("2026-03-15", "199 days; 200 are"),
        ("2027-03-15", "99 days; 100 are"),
        ("2029-03-15", "46 days; 47 are"),
    ],
)
def test_a_public_ca_is_asked_for_what_the_day_allows(tmp_path: Path, day: str, says: str) -> None:
    """The schedule of BR 6.3.2, a day below its limit, by the date that is given."""
    desk = a_desk(tmp_path, issuer="public", alt_names="['*.parknicollet.com']")
    files = desk.handed("--at", day)
    assert says in files["certificate-request.md"]
    assert says in files["mail.txt"].replace("\n  ", " ")
    assert "Control of the names" in headings(files["certificate-request.md"])
    assert fences(files["certificate-request.md"]).count("dig +short CAA parknicollet.com\n") == 1
    assert "certreq" not in files["certificate-request.md"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, None),
        ({"change": "{window: 2026-07-01T22:00-05:00/PT2H}"}, "2026-06-24, which leaves a week"),
        ({"change": "{window: 2026-06-06T22:00-05:00/PT2H}"}, "As soon as possible, before 2026-06-06."),
        ({"change": "{window: 2026-05-30T22:00-05:00/PT2H}"}, "At once"),
    ],
)
def test_the_day_by_which_it_is_needed_comes_from_the_window(
    tmp_path: Path, changes: dict[str, str], says: str | None
) -> None:
    """A week before; nothing is said where nothing is known. The date is that of --at."""
    files = a_desk(tmp_path, **changes).handed()
    for name in ("certificate-request.md", "mail.txt"):
        assert ("Needed by" in files[name]) is (says is not None)
        assert (says or "") in files[name]


def test_the_end_of_the_certificate_in_service_counts_too(tmp_path: Path) -> None:
    """The earlier of the two decides, and both are named."""
    desk = a_desk(tmp_path)
    assert desk.repository.certify().code == 0
    desk.repository.site(key="{generation: 2}")
    assert desk.repository.run("compile").code == 0
    mail = desk.handed("--at", "2028-03-30")["mail.txt"].replace("\n  ", " ")
    assert "As soon as possible, before 2028-04-04." in mail
    assert "The certificate in service ends on 2028-04-04 23:59:59 UTC." in mail


def test_no_form_of_the_pack_holds_key_material(tmp_path: Path) -> None:
    """Neither the private key nor its encrypted form, in a folder, a tar or a zip."""
    desk = a_desk(tmp_path)
    for name in ("pack", "pack.tar", "pack.zip"):
        assert desk.hand("-o", tmp_path / name).code == 0
    key = load_pem_private_key(private_key_of(desk.repository, f"{ONE}/server.key.age"), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    held = b"".join(path.read_bytes() for path in desk.pack.iterdir())
    held += (tmp_path / "pack.tar").read_bytes() + (tmp_path / "pack.zip").read_bytes()
    assert not [secret for secret in secrets_of(key) if secret in held]
    assert b"BEGIN AGE" not in held
    assert not re.search(rb"BEGIN [A-Z ]*PRIVATE", held)


def test_an_archive_is_the_same_pack(tmp_path: Path) -> None:
    """Tar and zip list the same files in one folder, for their owner alone; twice gives the same bytes."""
    desk = a_desk(tmp_path)
    files = {name: text.encode() for name, text in desk.handed().items()}
    for kind in (".tar", ".zip"):
        first, second = tmp_path / f"one{kind}", tmp_path / f"two{kind}"
        assert desk.hand("-o", first).code == desk.hand("-o", second).code == 0
        assert first.read_bytes() == second.read_bytes()
    with tarfile.open(tmp_path / "one.tar") as tar, zipfile.ZipFile(tmp_path / "one.zip") as zipped:
        assert zipped.testzip() is None
        assert {each.external_attr >> 16 & 0o777 for each in zipped.infolist()} == {0o600}
        assert {name: zipped.read(f"{SITE}-request-1/{name}") for name in files} == files
        assert {each.filename.partition("/")[2] for each in zipped.infolist()} == set(files)
        assert {member.name.partition("/")[2] for member in tar.getmembers()} == {*files, ""}


def test_handing_over_seals(tmp_path: Path) -> None:
    """The record, the document and plan tell so; what the site then asks differently is its error."""
    desk = a_desk(tmp_path)
    assert not desk.is_sealed
    ran = desk.hand()
    assert "Generation 1 of park-nicollet is sealed" in ran.err
    assert "its request was handed to the customer" in ran.out
    assert desk.is_sealed
    assert b"was handed to the customer" in desk.repository.read(f"out/{SITE}/change-control.md")
    assert desk.repository.run("compile", "--check").code == 0
    desk.repository.site(servers="[spokwb.parknicollet.com]", alt_names="[other.parknicollet.com]")
    before = desk.repository.tree()
    found = desk.repository.run("compile")
    assert (found.code, found.codes) == (1, {"SC407"})
    assert "raise `key.generation` by one" in found.text
    assert desk.repository.tree() == before


def test_handing_over_again_gives_the_same_pack(tmp_path: Path) -> None:
    """On the same name nothing is written, on another it is the same; another's file is not touched."""
    desk = a_desk(tmp_path)
    first = desk.handed()
    before = desk.repository.tree()
    again = desk.hand()
    assert (again.code, again.out) == (0, "")
    assert "is this very pack already" in again.err
    assert desk.hand("-o", tmp_path / "other").code == 0
    assert {path.name: path.read_text() for path in (tmp_path / "other").iterdir()} == first
    (desk.pack / "mail.txt").write_text("mine")
    assert "error[SC707]" in desk.hand().err
    assert (desk.pack / "mail.txt").read_text() == "mine"
    assert desk.repository.tree() == before


def test_a_kill_never_leaves_a_pack_whose_request_is_open(tmp_path: Path) -> None:
    """Killed at changes of the disk: where the pack is there its request is sealed; a rerun completes."""
    desk = a_desk(tmp_path)
    codes, left = sweep("kill", 2, desk.repository, *HANDOFF, folder=".")
    assert len(codes) > 10
    packs = [repository.root / "pack" for repository in left]
    assert {path.exists() for path in packs} == {True, False}
    for repository, pack in zip(left, packs, strict=True):
        assert not pack.exists() or Desk(repository, tmp_path).is_sealed
        again = Desk(repository, tmp_path).hand("-o", pack)
        assert again.code == 0, again.err
        assert Desk(repository, tmp_path).is_sealed
        assert repository.run("compile", "--check").code == 0


def test_a_full_disk_leaves_neither_a_pack_nor_a_half(tmp_path: Path) -> None:
    """Where there is no room for the pack nothing is sealed; no room for the seal leaves no pack."""
    desk = a_desk(tmp_path)
    codes, left = sweep("full", 5, desk.repository, *HANDOFF, folder=".")
    assert {code % 100 for code in codes} == {0, 1}
    for code, repository in zip(codes, left, strict=True):
        here = Desk(repository, tmp_path)
        assert (repository.root / "pack").exists() is (code % 100 == 0)
        assert not [path for path in repository.root.iterdir() if path.name.endswith(".tmp")]
        assert here.hand("-o", repository.root / "pack").code == 0
        assert here.is_sealed


@pytest.mark.parametrize("name", ["pack", "pack.zip", "no/such/folder"])
def test_what_cannot_be_written_seals_nothing(tmp_path: Path, name: str) -> None:
    """Something else has the name, or there is no folder: the generation stays open."""
    desk = a_desk(tmp_path)
    if "/" not in name:
        (tmp_path / name).write_text("somebody's")
    ran = desk.hand("-o", tmp_path / name)
    assert ran.code == 1
    assert name in ran.err
    assert not desk.is_sealed
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".tmp")]


def test_json_tells_what_sealing_changed(tmp_path: Path) -> None:
    """As a plan: the files of the site that tell the stage."""
    told = json.loads(a_desk(tmp_path).hand("--format", "json").out)
    assert told["problems"] == []
    assert f"{ONE}/manifest.json" in {each["path"] for each in told["changes"]}


@pytest.mark.parametrize(
    ("changes", "code", "says"),
    [
        ({"issuer": "self-signed"}, "SC710", "sitecert self-sign park-nicollet -i IDENTITY"),
        (
            {"key": "{custody: server}"},
            "SC711",
            "sitecert handoff park-nicollet --server spokwb.parknicollet.com -o DIR",
        ),
    ],
)
def test_who_needs_no_request_is_told_the_way(
    tmp_path: Path, changes: dict[str, str], code: str, says: str
) -> None:
    """A self-signed site asks no CA; a server's request is made there first."""
    ran = a_desk(tmp_path, **changes).hand()
    assert ran.code == 1
    assert f"error[{code}]" in ran.err
    assert says in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["certs"]


def test_a_certified_generation_is_not_asked_for_again(tmp_path: Path) -> None:
    """The way to another certificate is another generation."""
    desk = a_desk(tmp_path)
    assert desk.repository.certify().code == 0
    ran = desk.hand()
    assert "error[SC712]: generation 1 has its certificate, valid until 2028-04-04" in ran.err
    assert "raise `key.generation` by one" in ran.err


def test_a_stale_request_is_not_handed_over(tmp_path: Path) -> None:
    """An edit that was not compiled yet: the customer would get the request of before."""
    desk = a_desk(tmp_path)
    desk.repository.site(servers="[spokwb.parknicollet.com]", alt_names="[other.parknicollet.com]")
    ran = desk.hand()
    assert "error[SC702]" in ran.err
    assert not desk.pack.exists()


@pytest.mark.system("openssl")
def test_a_customer_who_makes_the_key_gets_the_settings(tmp_path: Path) -> None:
    """The printed command makes the request from openssl.cnf; nothing of ours is there to seal."""
    desk = a_desk(tmp_path, key="{custody: customer}")
    before = desk.repository.tree()
    files = desk.handed()
    assert set(files) == FILES - {"server.csr"} | {"openssl.cnf"}
    assert desk.repository.tree() == before
    command = next(line for line in fences(files["certificate-request.md"]).splitlines() if "-newkey" in line)
    subprocess.run(command.split(), cwd=desk.pack, check=True, capture_output=True)
    request = x509.load_pem_x509_csr((desk.pack / "server.csr").read_bytes())
    assert request.is_signature_valid
    assert "openssl pkcs12 -export" in files["certificate-request.md"]
    assert "passphrase" in files["mail.txt"]


class Live(HTMLParser):
    """Collects the tags of a page, and its text."""

    def __init__(self, page: str) -> None:
        """Parse a page."""
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag; one with an attribute that runs or loads is named with it."""
        self.tags.append(tag)
        self.tags += [name for name, _ in attrs if name in {"src", "href", "style"} or name.startswith("on")]

    def handle_data(self, data: str) -> None:
        """Collect the text."""
        self.text += data


HOSTILE = "O'x <script>x()</script> & [x](//e.example) `{{7*7}}` @all"


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    """In Markdown no link, no HTML; in HTML no tag of theirs; rendered once; the mail keeps its lines."""
    quoted = json.dumps(HOSTILE)
    plain, hostile = a_desk(tmp_path / "plain"), a_desk(tmp_path / "hostile", customer=quoted)
    harmless, files = plain.handed(), hostile.handed()

    assert kinds(files["certificate-request.md"]) == kinds(harmless["certificate-request.md"])
    assert "<script>" not in files["certificate-request.md"]
    page, calm = Live(files["certificate-request.html"]), Live(harmless["certificate-request.html"])
    assert page.tags == calm.tags
    assert not {"script", "a", "img", "src", "href", "style="} & set(page.tags)
    assert HOSTILE in page.text
    assert HOSTILE in " ".join(files["mail.txt"].split())
    assert files["mail.txt"].splitlines()[0] == harmless["mail.txt"].splitlines()[0]


def test_a_template_of_the_repository_takes_the_place_of_the_mail(tmp_path: Path) -> None:
    """A company writes to its customers in its own words."""
    desk = a_desk(tmp_path)
    desk.repository.write(
        "templates/handoff/mail.txt.j2", "Guten Tag, {{ asked.attached | length }} Anlagen\n"
    )
    assert desk.handed()["mail.txt"] == "Guten Tag, 2 Anlagen\n"
