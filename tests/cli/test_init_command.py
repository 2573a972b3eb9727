"""What `sitecert init` lays out."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path

import pyrage
import pytest
import yaml

from sitecert import __version__
from sitecert.load.strict_yaml import parse
from support.commands import RECIPIENT, files, sitecert


@pytest.fixture
def identity() -> Path:
    """Return where the user's identity belongs."""
    return Path(os.environ["XDG_CONFIG_HOME"]) / "sitecert/identity.txt"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a new repository."""
    assert sitecert("init", tmp_path / "certs").code == 0
    return tmp_path / "certs"


def test_what_is_laid_out_compiles_at_once(root: Path) -> None:
    """The example site is right, and what comes of it is stable."""
    assert sitecert("-C", root, "validate").code == 0
    ran = sitecert("-C", root, "compile")
    assert (ran.code, ran.err) == (0, "1 site: 8 made\n")
    assert sitecert("-C", root, "compile", "--check").code == 0


def test_the_identity_opens_the_keys(root: Path, identity: Path) -> None:
    """It is private, outside the repository, and its public half is the recipient."""
    assert stat.S_IMODE(identity.stat().st_mode) == 0o600
    secret = identity.read_text().splitlines()[-1]
    assert all(secret.encode() not in content for content in files(root).values())
    assert sitecert("-C", root, "compile").code == 0
    key = pyrage.decrypt(
        (root / "out/example/generation-1/server.key.age").read_bytes(),
        [pyrage.x25519.Identity.from_str(secret)],
    )
    assert b"PRIVATE KEY" in key


def test_the_identity_is_used_again(root: Path, identity: Path, tmp_path: Path) -> None:
    """A second repository has the same recipient."""
    stands = identity.read_bytes()
    ran = sitecert("init", tmp_path / "second")
    assert "your age identity is" in ran.err
    assert identity.read_bytes() == stands
    assert (tmp_path / "second/sitecert.yaml").read_text() == (root / "sitecert.yaml").read_text()


@pytest.mark.parametrize("content", ["", "# public key: age1\n", "AGE-SECRET-KEY-1XYZ\n"])
def test_a_broken_identity_is_told(tmp_path: Path, identity: Path, content: str) -> None:
    """It is neither used nor replaced, and does not show."""
    identity.parent.mkdir(parents=True)
    identity.write_text(content)
    ran = sitecert("init", tmp_path / "certs")
    assert (ran.code, "error[SC906]" in ran.err) == (1, True)
    assert identity.read_text() == content
    assert "1XYZ" not in ran.err
    assert not (tmp_path / "certs").exists()


def test_no_identity_is_made_in_a_work_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in git's nor in the new repository itself; a named recipient needs none."""
    subprocess.run(["git", "init", "-q", tmp_path / "dotfiles"], check=True)
    for folder, repository in (("dotfiles/.config", "certs"), ("certs/.config", "certs")):
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / folder))
        ran = sitecert("init", tmp_path / repository)
        assert (ran.code, "error[SC905]" in ran.err) == (1, True)
        assert not list(tmp_path.rglob("identity.txt"))
    assert sitecert("init", tmp_path / "certs", "--recipient", RECIPIENT).code == 0
    assert not list(tmp_path.rglob("identity.txt"))


def test_a_wrong_recipient_writes_nothing(tmp_path: Path) -> None:
    """Nor does it show a private key that was given by mistake."""
    secret = str(pyrage.x25519.Identity.generate())
    for wrong in ("age1nonsense", secret):
        ran = sitecert("init", tmp_path / "certs", "--recipient", wrong)
        assert ran.code == 3
        assert secret not in ran.err
    assert not (tmp_path / "certs").exists()


def test_what_is_there_stays(root: Path) -> None:
    """A second run restores what is missing and touches nothing else."""
    (root / "README.md").write_text("ours\n")
    (root / "Makefile").unlink()
    (root / "sites/example.yaml").unlink()
    ran = sitecert("init", root)
    assert (ran.code, ran.out) == (0, "  + Makefile\n")
    assert (root / "README.md").read_text() == "ours\n"
    ran = sitecert("init", root, "--recipient", RECIPIENT)
    assert (ran.code, "write its recipients there" in ran.err) == (3, True)


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    """DIR is a folder, or becomes one."""
    (tmp_path / "certs").write_text("")
    assert sitecert("init", tmp_path / "certs").code == 3
    ran = sitecert("init", tmp_path / "certs/below", "--recipient", RECIPIENT)
    assert (ran.code, "SC999" in ran.err) == (1, False)


def test_it_says_what_to_do_next(tmp_path: Path) -> None:
    """The commands can be copied."""
    ran = sitecert("init", tmp_path / "our certs")
    assert f"  cd '{tmp_path}/our certs'\n" in ran.err
    assert "  sitecert compile " in ran.err


def test_what_is_laid_out_is_yaml(root: Path) -> None:
    """Our own strict reader takes each of them, and so does PyYAML."""
    for path in (*root.glob(".github/**/*.yml"), root / ".gitlab-ci.yml", root / ".pre-commit-config.yaml"):
        document, problems = parse(path.name, path.read_bytes())
        assert (document is not None, problems) == (True, ())
        assert yaml.safe_load(path.read_text())


def test_the_policy_that_is_shown_is_one(root: Path) -> None:
    """Without the marks of a comment it is valid, and it names every key that there is."""
    path = root / "sitecert.yaml"
    before, mark, policy = path.read_text().partition("# policy:\n")
    path.write_text(before + "".join(line[2:] for line in (mark + policy).splitlines(keepends=True)))
    assert sitecert("-C", root, "validate", "--at", "2026-12-01").code == 0
    schema = json.loads((root / "schema/repository.schema.json").read_text())
    keys = schema["properties"]["policy"]["properties"]
    assert set(yaml.safe_load(path.read_text())["policy"]) == set(keys)


def test_one_place_names_the_version(root: Path) -> None:
    """Make and CI install what `requirements.txt` pins, so that no new release changes out/ by itself."""
    assert f"sitecert=={__version__}" in (root / "requirements.txt").read_text().splitlines()
    for name in ("Makefile", ".github/workflows/check.yml", ".gitlab-ci.yml"):
        text = (root / name).read_text()
        assert "-r requirements.txt" in text
        assert __version__ not in text


@pytest.mark.system("make")
def test_make_does_what_it_says(root: Path) -> None:
    """Every target runs sitecert; SITE narrows."""
    for target, command in (("check", "compile --check a"), ("plan", "plan a"), ("validate", "validate a")):
        ran = subprocess.run(
            ["make", "-n", target, "SITE=a"], cwd=root, capture_output=True, text=True, check=True
        )
        assert f".venv/bin/sitecert {command}\n" in ran.stdout
    assert "make check" in subprocess.run(
        ["make", "help"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.replace("  ", " ")


def test_git_keeps_plain_keys_out_and_encrypted_ones_in(root: Path) -> None:
    """What is compiled can be committed; a key in the clear cannot by accident."""
    assert sitecert("-C", root, "compile").code == 0
    subprocess.run(["git", "init", "-q", root], check=True)
    (root / "server.key").write_text("secret")
    ran = subprocess.run(["git", "-C", root, "add", "-An"], capture_output=True, text=True, check=True)
    added = ran.stdout
    assert "server.key.age" in added
    assert "server.key'" not in added
    assert ".sitecert" not in added
