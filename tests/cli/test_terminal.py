"""What a terminal shows: colour, progress, prompts, Ctrl-C."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.commands import SITE, repository, sitecert
from support.repository import AT, a_repository
from support.stub_server import free_port
from support.terminal import on_terminal

ESCAPE = b"\x1b["
NAME = "smartweb.parknicollet.com"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with two sites."""
    return repository(
        tmp_path / "certs", one=SITE, two=SITE.replace("smartweb", "other").replace("spokwb1", "other1")
    )


def test_colour_where_someone_looks(root: Path) -> None:
    """A terminal gets colour; NO_COLOR, a dumb one and a file get none, FORCE_COLOR or not."""
    code, shown = on_terminal("-C", root, "plan")
    assert code == 2
    assert ESCAPE in shown
    for switched_off in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert ESCAPE not in on_terminal("-C", root, "plan", **switched_off)[1]
    command = [sys.executable, "-m", "sitecert", "-C", root, "plan"]
    ran = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "FORCE_COLOR": "1"})
    assert ESCAPE not in ran.stdout + ran.stderr


def test_what_is_served_in_colour(tmp_path: Path) -> None:
    """The words at the names have the colour of what to think of them; NO_COLOR and `-q` hold here too."""
    site = a_repository(tmp_path / "certs")
    assert site.run("compile").code == 0
    assert site.certify().code == 0
    asked = ("-C", site.root, "verify", "park-nicollet", "--connect", f"{NAME}=127.0.0.1:{free_port()}")
    code, shown = on_terminal(*asked, *AT)
    assert code == 1
    assert b"\x1b[1;31mwrong" in shown
    assert b"2 handshakes at 2 places: 2 wrong" in shown
    code, shown = on_terminal(*asked, *AT, "-q", NO_COLOR="1")
    assert code == 1
    assert ESCAPE not in shown
    assert f"  {NAME}  wrong  no handshake".encode() in shown
    assert b"handshakes" not in shown


def test_progress_only_where_someone_looks(root: Path) -> None:
    """A log is not filled with bars."""
    assert b"compiling" in on_terminal("-C", root, "compile")[1]
    (root / "sites/three.yaml").write_text(SITE.replace("smartweb", "third").replace("spokwb1", "third1"))
    ran = sitecert("-C", root, "compile")
    assert ran.err == "3 sites: 8 made\n"


def test_new_asks_for_what_is_missing(root: Path) -> None:
    """Version, customer, name, and what the repository's defaults do not give."""
    talk = (
        (b"Smart Suite version", b"8.1\n"),
        (b"Customer's legal name", b"Example Hospital\n"),
        (b"Name that users type", b"smartweb.hospital.example.com\n"),
        (b"Country", b"US\n"),
        (b"State", b"Minnesota\n"),
    )
    code, shown = on_terminal("-C", root, "new", "hospital", talk=talk)
    assert code == 0, shown
    text = (root / "sites/hospital.yaml").read_text()
    assert "customer: Example Hospital\n" in text
    assert "  state: Minnesota\n" in text


@pytest.mark.parametrize("typed", [b"\x03", b"\x04"])
def test_a_prompt_can_be_left(root: Path, typed: bytes) -> None:
    """Ctrl-C and Ctrl-D write nothing."""
    talk = ((b"Smart Suite version", b"8.1\n"), (b"Customer's legal name", typed))
    code, shown = on_terminal("-C", root, "new", "hospital", talk=talk, again=typed)
    assert code == 1
    assert b"interrupted" in shown
    assert b"Traceback" not in shown
    assert not (root / "sites/hospital.yaml").exists()
