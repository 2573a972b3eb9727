"""Hostile text in every field that takes text: it reaches each document as text, and no script at all."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from sitecert.emit.repository import yaml_text
from sitecert.problems.codes.names import CONFUSABLE
from support.authority import NOT_BEFORE, pem, rsa_key
from support.commands import at, sitecert
from support.repository import Repository, a_repository, a_site_file

PAYLOADS = {
    "shell": "x'; touch pwned; $(touch pwned) `touch pwned` \\",
    "openssl": "$ENV::HOME ${ENV::HOME} @alt_names # .include",
    "jinja": "{{7*7}} {% include 'x' %} {# x #}",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "link": "![x](http://example.net/x) [y](javascript:alert(1)) http://example.net",
    "mention": "@example/team #1 GH-1 user@example.net",
    "table": "| a | b |",
    "formula": "=cmd|' /C calc'!A0",
    "comment": "--> <!-- x",
}
GITHUB = Options.CMARK_OPT_UNSAFE  # GitHub's parser lets HTML through, and a later filter judges it
WINDOW = "2026-12-05T22:00-06:00/PT2H"
HOSTILE_NAMES = {
    "a shell's word": "$(touch${IFS}pwned).example.org",
    "an option": "-oProxyCommand.example.org",
    "a second name": "a.example.org,DNS:evil.example.org",
    "a line": "a.example.org\\nDNS.9 = evil.example.org",
    "a section": "@evil",
    "a path": "../../etc/passwd",
    "a tag": "<b>.example.org",
    "a template": "{{7*7}}.example.org",
}


def with_text(text: str) -> str:
    """Return a site that has a text in every field that takes one, and that CAs do not read."""
    value = yaml_text(text)
    site = a_site_file(
        customer=value,
        change=f"{{number: {value}, window: {WINDOW}, contact: {value}, approvers: [{value}]}}",
        load_balancer=f"{{vendor: other, name: {value}}}",
        install_on="both",
        servers="[spokwb1.parknicollet.com]",
        waive=f"[{{code: SC209, reason: {value}, until: 2099-01-01}}]",
    )
    return site.replace("subject:\n", "subject:\n  organization: Park Nicollet Health Services\n")


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return a repository whose site has harmless text and a certificate."""
    made = a_repository(tmp_path_factory.mktemp("certified") / "certs", park_nicollet=with_text("harmless"))
    assert made.run("compile").code == 0
    assert made.certify().code == 0
    return made


@pytest.fixture
def repository(certified: Repository, tmp_path: Path) -> Repository:
    """Return a copy of it."""
    shutil.copytree(certified.root, tmp_path / "certs")
    return Repository(tmp_path / "certs")


def rendered(repository: Repository) -> str:
    """Return the change document as GitHub's own Markdown library makes HTML of it."""
    text = repository.read("out/park-nicollet/change-control.md").decode()
    return str(cmarkgfm.github_flavored_markdown_to_html(text, GITHUB))


def tags(html: str) -> list[str]:
    """Return every tag, in order."""
    return re.findall(r"<(?!!--)[^>]*>", html)


@pytest.mark.parametrize("kind", PAYLOADS)
def test_text_changes_no_script_and_stays_text(repository: Repository, kind: str) -> None:
    """Runbooks are the same, the document has the same tags, and a reader sees the text as it was written."""
    scripts = {
        path: digest for path, digest in repository.tree().items() if path.endswith((".sh", ".cnf", ".csr"))
    }
    assert any(path.endswith("install.sh") for path in scripts)
    harmless = tags(rendered(repository))
    repository.write("sites/park-nicollet.yaml", with_text(PAYLOADS[kind]))
    ran = repository.run("compile")
    assert ran.code == 0, ran.text
    assert {path: repository.tree()[path] for path in scripts} == scripts
    assert tags(rendered(repository)) == harmless
    assert not [*repository.root.rglob("pwned"), *Path.cwd().glob("pwned")]


@pytest.mark.parametrize("kind", HOSTILE_NAMES)
@pytest.mark.parametrize("field", ["common_name", "alt_names", "servers"])
def test_a_hostile_name_is_an_error(repository: Repository, kind: str, field: str) -> None:
    """A name is a name: told at its line, and nothing of the site is written."""
    before = repository.tree()
    name = f'"{HOSTILE_NAMES[kind]}"'
    names = {"common_name": "two.example.org", field: name if field == "common_name" else f"[{name}]"}
    repository.write("sites/two.yaml", a_site_file(issuer="public", **names))
    ran = repository.run("compile")
    assert ran.code == 1
    assert {each["path"] for each in ran.problems if each["severity"] == "error"} == {"sites/two.yaml"}
    assert repository.tree() == before


@pytest.mark.parametrize("name", ["sm\u0430rtweb.parknicollet.com", "xn--smrtweb-3fg.parknicollet.com"])
def test_a_name_that_looks_like_another_is_told(repository: Repository, name: str) -> None:
    """Both ways to write it are told of, and what is asked for is shown as it will stand in the request."""
    repository.site("two", common_name=name)
    ran = repository.run("compile")
    assert [each["path"] for each in ran.problems if each["code"] == CONFUSABLE.code] == ["sites/two.yaml"]
    said = repository.read("out/two/generation-1/server.csr.txt").decode()
    assert "xn--smrtweb-3fg.parknicollet.com" in said
    assert name.isascii() or name not in said


def a_stranger(text: str) -> x509.Certificate:
    """Return a self-signed certificate whose names are a hostile text."""
    key: rsa.RSAPrivateKey = rsa_key("stranger")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOT_BEFORE)
        .not_valid_after(NOT_BEFORE.replace(year=2030))
        .sign(key, hashes.SHA256())
    )


@pytest.mark.parametrize("text", ["\x1b]0;pwned\x07", "a\nerror: b", "\u202egro.elpmaxe", "\u200b"])
def test_a_certificate_gives_the_terminal_no_orders(
    repository: Repository, tmp_path: Path, text: str
) -> None:
    """What a stranger's certificate says of itself is shown visibly, in every format."""
    path = tmp_path / "given.pem"
    path.write_bytes(repository.returned().read_bytes() + pem(a_stranger(text)))
    for form in ("text", "json", "github"):
        command = ("intake", "park-nicollet", path, *at(), "--format", form)
        ran = sitecert("-C", repository.root, *command)
        assert "SC999" not in ran.err
        assert all(line.isprintable() for line in (ran.out + ran.err).split("\n"))
