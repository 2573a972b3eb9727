"""Three hundred sites whose values try everything that their file allows, held against the real openssl."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest
from asn1crypto import csr, pem

from sitecert.cli.commands import run
from sitecert.emit.repository import yaml_text

SITES = 300
RECIPIENT = "age1lw3q96qzgpraw6rwwmzmzz3arsl5rt2y8a8r698f7mwmh37jufjsnhar9n"
PIECES = (
    "St. Mary's", "O'Brien & O'Neil", 'the "Old" House', "A # B", "$ENV::HOME", "${HOME}", "$(id)", "`id`",
    "C:\\new", "a\\", "x = y", ";", "@alt_names", "Clínica", "Ærø", "日本", "🏥", "{{7*7}}", "{% raw %}",
    "<b>", "&amp;", "| a |", "[a](b)", "%s", "CN=evil", "/CN=evil", "+OU=x", "- x", "12:30:45", "=1+1",
    "../..", "~", "'", '"', "copy",
)  # fmt: skip


def hostile_text(source: random.Random, longest: int) -> str:
    """Return text of at most `longest` characters that begins and ends with a letter."""
    text = "H " + " ".join(source.choices(PIECES, k=source.randint(1, 6)))
    return text[: longest - 2].rstrip() + " H"


def a_site(number: int, source: random.Random) -> str:
    """Return a site file; the issuer is internal, so that everything that a subject can hold is allowed."""
    name = f"site{number}.example.net"
    alt_names = [
        f"a{number}.example.net",
        f"short{number}",
        f"10.{number // 250}.{number % 250}.1",
        f"2001:db8::{number:x}",
    ]
    source.shuffle(alt_names)
    fields = {
        "state": hostile_text(source, 128),
        "locality": hostile_text(source, 128),
        "organization": hostile_text(source, 64),
        "organizational_unit": hostile_text(source, 64),
    }
    subject = "".join(f"  {key}: {yaml_text(value)}\n" for key, value in fields.items())
    return (
        f"customer: {yaml_text(hostile_text(source, 90))}\n"
        f"version: {source.choice(['5.x', '7.x', '8.0-1', '8.1', '8.10'])}\n"
        f"common_name: {name}\nissuer: internal\n"
        f"alt_names: [{', '.join(yaml_text(each) for each in alt_names[: source.randint(0, 4)])}]\n"
        f"subject:\n  country: US\n{subject}"
    )


def information(der: bytes) -> tuple[bytes, bytes]:
    """Return the DER of a request's subject and of its attributes (the extensions)."""
    parsed = csr.CertificationRequest.load(der)["certification_request_info"]
    return parsed["subject"].dump(), parsed["attributes"].dump()


@pytest.mark.system("openssl")
def test_openssl_makes_the_same_request_of_every_hostile_site(tmp_path: Path) -> None:
    """For each site, `openssl req -config` gives the subject, extensions and names of server.csr."""
    source = random.Random(39324)  # noqa: S311 - examples, not secrets
    (tmp_path / "sitecert.yaml").write_text(f"recipients: [{RECIPIENT}]\n", encoding="utf-8")
    (tmp_path / "sites").mkdir()
    for number in range(SITES):
        (tmp_path / "sites" / f"site-{number}.yaml").write_text(a_site(number, source), encoding="utf-8")
    assert run(["-C", str(tmp_path), "-qq", "compile"]) == 0
    key = tmp_path / "any.key"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
    generations = sorted((tmp_path / "out").glob("*/generation-1"))
    assert len(generations) == SITES
    for generation in generations:
        ours = (generation / "server.csr").read_bytes()
        verified = subprocess.run(
            ["openssl", "req", "-in", generation / "server.csr", "-verify", "-noout"],
            capture_output=True,
            check=True,
        )
        assert b"verify OK" in verified.stderr
        command = [
            "openssl",
            "req",
            "-new",
            "-config",
            generation / "openssl.cnf",
            "-key",
            key,
            "-outform",
            "DER",
        ]
        theirs = subprocess.run(command, capture_output=True, check=True).stdout
        assert information(theirs) == information(pem.unarmor(ours)[2]), generation
