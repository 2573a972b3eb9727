"""Every rendered script, judged by the programs that read shell."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from sysconfig import get_path

import pytest

from sitecert.model.document import Place
from sitecert.model.request import SubjectAttribute
from sitecert.model.site import Change, Server, Site, Vendor, Waiver
from support.runbooks import SHELLS, a_generation, behind, every_script, load_balancer_files
from support.sites import a_site

SCRIPTS = Path(get_path("scripts"))
# The optional checks that are not ours: braces around every name (SC2250) would double what a person
# reads, and masked results (SC2312) are what the scripts compare digests for instead of exit codes.
NOT_OURS = "SC2250,SC2312"
HOSTILE = "Zyx'\"$(touch /tmp/pwned)`id`\n;rm -rf / {{ 7*7 }} \u202e\u2019"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hold every script as a file."""
    folder = tmp_path_factory.mktemp("scripts")
    for name, text in every_script().items():
        (folder / f"{name.replace(' ', '_')}").write_text(text)
    return folder


def _judge(command: list[str | Path], folder: Path) -> None:
    found = subprocess.run([*command, *sorted(folder.iterdir())], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


def test_shellcheck_finds_nothing(folder: Path) -> None:
    """Shellcheck is content, with every optional check but two."""
    _judge([SCRIPTS / "shellcheck", "-s", "sh", "-o", "all", "-e", NOT_OURS], folder)


def test_shfmt_changes_nothing(folder: Path) -> None:
    """What people approve is formatted as shfmt formats it."""
    _judge([SCRIPTS / "shfmt", "-d", "-ln", "posix", "-i", "4"], folder)


@pytest.mark.parametrize("shell", SHELLS)
def test_shells_parse_it(shell: str, folder: Path) -> None:
    """Each shell that is here reads each script to its end."""
    if shutil.which(shell.split(maxsplit=1)[0]) is None:
        pytest.skip(f"{shell} is not installed")
    for path in sorted(folder.iterdir()):
        found = subprocess.run([*shell.split(), "-n", path], capture_output=True, text=True, check=False)
        assert found.returncode == 0, path.name
        assert "syntax error" not in found.stderr, path.name


def test_scripts_are_ascii(folder: Path) -> None:
    """Nothing but printable ASCII and line feeds, and no line with spaces at its end."""
    for path in folder.iterdir():
        text = path.read_bytes().decode("ascii")
        assert all(line.isprintable() and line == line.rstrip() for line in text.split("\n")), path.name


def _hostile_site() -> Site:
    """Put hostile words into every field of free text."""
    site = a_site()
    return replace(
        site,
        customer=HOSTILE,
        subject=tuple(SubjectAttribute(each.field, HOSTILE) for each in site.subject),
        servers=tuple(replace(server, role=HOSTILE) for server in site.servers),
        change=Change(HOSTILE, HOSTILE, HOSTILE, (HOSTILE,)),
        waivers=(Waiver("SC204", HOSTILE, a_generation_date(), Place("x", 1, 1)),),
        version=HOSTILE,
    )


def a_generation_date() -> object:
    """Return some date: it appears nowhere."""
    certificate = a_generation().certificate
    assert certificate
    return certificate.leaf.not_after.date()


def test_free_text_never_enters_a_script() -> None:
    """The scripts of a site with hostile free text are those of the site without it, byte for byte."""
    assert every_script(_hostile_site()) == every_script()


@pytest.mark.parametrize("vendor", Vendor)
def test_a_hostile_load_balancer_name_is_left_out(vendor: Vendor) -> None:
    """A name that could be no object is asked for instead of pasted."""
    plain = load_balancer_files(behind(a_site(), vendor), a_generation())
    assert load_balancer_files(behind(_hostile_site(), vendor, HOSTILE), a_generation()) == plain


def test_only_the_constants_differ_between_sites() -> None:
    """Two sites of one kind have the same script but for one block of assignments."""
    other = replace(
        a_site(),
        name="group/other",
        servers=(Server("web.example.org", None, 4443, ords=True, ords_port=9443),),
    )
    pairs = zip(every_script().values(), every_script(other).values(), strict=True)
    for one, two in pairs:
        different = [(a, b) for a, b in zip(one.splitlines(), two.splitlines(), strict=True) if a != b]
        assert different
        assert all("=" in a and a.partition("=")[0] == b.partition("=")[0] for a, b in different)
        assert all(a.partition("=")[0].replace("_", "").isupper() for a, _ in different)
