"""The pack for a load balancer: what its sheet names is in it, in the form that its vendor reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from sitecert.model.runbook import KeyForm
from sitecert.model.site import Vendor
from support.packs import Bench, checksums_hold, opened
from support.repository import a_repository, a_site_file
from support.terminal import on_terminal, program_on_terminal

pytestmark = pytest.mark.system("openssl", "sha256sum")

FORMS = {vendor: {"server.key"} for vendor in Vendor} | {Vendor.OTHER: {"server.key", "server.pfx"}}
LETTERS = "OnlyLettersAndDigits42"
IN_A_PACK = re.compile(r"\b(?:(?:server|leaf|chain)\.(?:crt|key|pfx)|load-balancer\.sh)\b")


def behind(folder: Path, vendor: Vendor) -> Bench:
    """Return the site behind a load balancer, certified."""
    site = a_site_file(load_balancer=f"{{vendor: {vendor}}}", servers="[spokwb.parknicollet.com]")
    bench = Bench(a_repository(folder / "certs", park_nicollet=site), folder)
    assert bench.repository.run("compile").code == 0
    assert bench.repository.certify().code == 0
    (folder / "letters").write_text(LETTERS)
    return bench


def hand_over(bench: Bench) -> str:
    """Make the pack with a passphrase that every vendor takes; return what is said."""
    options = ("-i", bench.identity, "--passphrase-file", bench.folder / "letters")
    ran = bench.handoff(*options, target="load-balancer")
    assert ran.code == 0, ran.err
    return ran.err


@pytest.mark.parametrize("vendor", Vendor)
def test_what_the_sheet_names_is_in_the_pack(tmp_path: Path, vendor: Vendor) -> None:
    """No file is missing, none is there that nobody asks for, and the committed ones are as committed."""
    bench = behind(tmp_path, vendor)
    said = hand_over(bench)
    names = {path.name for path in bench.pack.iterdir()}
    sheet = (bench.pack / "load-balancer.md").read_text()
    scripts = {name: (bench.pack / name).read_text() for name in names if name.endswith(".sh")}
    named = set(IN_A_PACK.findall(sheet + "".join(re.findall(r"PACK/(\S+)", "".join(scripts.values())))))
    assert names - {"load-balancer.md", "SHA256SUMS"} == named
    assert {name for name in names if name in set(KeyForm)} == FORMS[vendor]
    assert checksums_hold(bench.pack)
    folder = bench.repository.root / "out/park-nicollet/runbooks/load-balancer"
    for path in folder.iterdir():
        assert (bench.pack / path.name).read_bytes() == path.read_bytes()
    assert ("sh load-balancer.sh check" in said) == bool(scripts)
    assert ("then follow load-balancer.md" in said) != bool(scripts)
    for name in FORMS[vendor]:
        command = ("pkcs12", "-nodes", "-nocerts") if name == "server.pfx" else ("pkey",)
        assert opened(bench.pack / name, LETTERS, *command).private_numbers() == bench.key.private_numbers()


@pytest.mark.parametrize("vendor", [Vendor.F5, Vendor.NETSCALER])
def test_the_sheets_own_command_opens_the_key(tmp_path: Path, vendor: Vendor) -> None:
    """Typed as it stands there, with the passphrase at openssl's own prompt."""
    bench = behind(tmp_path, vendor)
    hand_over(bench)
    sheet = MarkdownIt("commonmark").parse((bench.pack / "load-balancer.md").read_text())
    blocks = "".join(token.content for token in sheet if token.type == "fence")
    line = re.search(r"^(?:shell )?(openssl (?:pkcs8|rsa) .*-in \S+.*)$", blocks, re.MULTILINE)
    assert line
    place = r"/nsconfig/ssl/smartweb\.parknicollet\.com-\d{8}-g1"
    copied = re.sub(rf"{place}\.key", "open.key", re.sub(rf"{place}\.protected", "server.key", line[1]))
    typed = ((b":", f"{LETTERS}\n".encode()),)
    code, shown = program_on_terminal(["sh", "-c", f"cd '{bench.pack}' && {copied}"], talk=typed)
    assert code == 0, shown
    public = opened(bench.pack / "open.key", "", "pkey")
    assert public.private_numbers() == bench.key.private_numbers()


def test_a_load_balancer_may_take_letters_and_digits_alone(tmp_path: Path) -> None:
    """A Kemp LoadMaster does: a passphrase that is made is such a one, another is refused."""
    bench = behind(tmp_path, Vendor.OTHER)
    ran = bench.handoff("-i", bench.identity, *bench.protected, target="load-balancer")
    assert ran.code == 1
    assert "error[SC706]: its first line holds more than letters and digits" in ran.err
    root, identity = bench.repository.root, bench.identity
    options = ("--server", "load-balancer", "-o", bench.pack, "-i", identity)
    code, shown = on_terminal("-C", root, "handoff", "park-nicollet", *options)
    assert code == 0, shown
    (passphrase,) = re.findall(rb"^    ([a-z0-9]{30})\r$", shown, re.MULTILINE)
    opened(bench.pack / "server.pfx", passphrase.decode(), "pkcs12", "-nodes", "-nocerts")
    opened(bench.pack / "server.key", passphrase.decode(), "pkey")


def test_both_kinds_of_target_have_their_packs(tmp_path: Path) -> None:
    """Where servers and load balancer get the certificate, each is handed its own runbook."""
    bench = behind(tmp_path, Vendor.F5)
    bench.repository.site(
        load_balancer="{vendor: f5}", servers="[spokwb.parknicollet.com]", install_on="both"
    )
    assert bench.repository.run("compile").code == 0
    hand_over(bench)
    assert not (bench.pack / "install.sh").exists()
    bench.hand_over("-o", tmp_path / "server")
    assert (tmp_path / "server/install.sh").exists()
    assert not (tmp_path / "server/load-balancer.md").exists()
