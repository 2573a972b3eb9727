"""What is installed is what was reviewed: versions and hashes, one index, and no step that asks for less."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.commands import RECIPIENT, sitecert

ROOT = Path(__file__).parents[2]
PINNED = re.compile(r"[a-z0-9._-]+(\[[a-z0-9,._-]+\])?==\S+( ;[^\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+")


def requirements(lock: str) -> list[str]:
    """Return each requirement of a lock with its lines, comments left out."""
    lines = [line for line in lock.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return re.split(r"\n(?! )", "\n".join(lines))


def test_every_dependency_is_pinned_by_hash() -> None:
    """One version each, its files' SHA-256, and nothing else: no other index, no path, no address."""
    pinned = requirements((ROOT / "requirements.lock").read_text())
    assert len(pinned) > 20
    assert [each for each in pinned if not PINNED.fullmatch(each)] == []


def test_nothing_is_installed_without_hashes() -> None:
    """Each `pip install` of the project insists on them, or installs the project alone."""
    installs = re.findall(r"pip install (.*)", (ROOT / "Makefile").read_text())
    known = [
        each
        for each in installs
        if "--require-hashes" in each or "--no-deps --no-build-isolation -e ." in each
    ]
    assert [each for each in installs if each not in known] == ["uv"]


@pytest.mark.parametrize("name", ["Makefile", ".github/workflows/check.yml", ".gitlab-ci.yml"])
def test_a_laid_out_repository_installs_its_requirements_alone(tmp_path: Path, name: str) -> None:
    """What `make lock` pinned is all that CI installs: pip takes nothing else once there is a hash."""
    assert sitecert("init", tmp_path / "certs", "--recipient", RECIPIENT).code == 0
    text = (tmp_path / "certs" / name).read_text()
    installs = re.findall(r"pip install (.*)", text)
    assert installs
    wanted = r"(--quiet )?--disable-pip-version-check (-r requirements\.txt|uv)"
    assert [each for each in installs if not re.fullmatch(wanted, each)] == []
    assert "index-url" not in text
    assert name != "Makefile" or "--generate-hashes" in text
