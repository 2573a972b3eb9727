"""What a CA, or who passes for one, sends: unpacked in memory and to a bound, it writes nothing."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sitecert.problems import Rule
from sitecert.problems.codes import formats as rules
from sitecert.problems.codes.certificates import EXPIRED, KEY_MISMATCH, NAMES_MISSING
from support.authority import Authority, pem, rsa_key
from support.commands import at, files, sitecert
from support.repository import Repository, a_repository

LINK = 0o120777 << 16


def zipped(**contents: bytes) -> bytes:
    """Return a zip archive; `__` in a name stands for `/`."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def with_a_link() -> bytes:
    """Return a zip archive with a symbolic link in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        entry = zipfile.ZipInfo("leaf.crt")
        entry.create_system, entry.external_attr = 3, LINK
        archive.writestr(entry, "../../secret")
    return made.getvalue()


def with_a_device() -> bytes:
    """Return a tar archive with a device in it."""
    made = io.BytesIO()
    with tarfile.TarFile(fileobj=made, mode="w") as archive:
        entry = tarfile.TarInfo("leaf.crt")
        entry.type = tarfile.CHRTYPE
        archive.addfile(entry)
    return made.getvalue()


def nested(depth: int) -> bytes:
    """Return archives within archives."""
    content = b"x"
    for _ in range(depth):
        content = zipped(inner=content)
    return content


ANSWERS: dict[str, tuple[bytes, Rule, str]] = {
    "a large file": (b"x" * (1 << 21), rules.TOO_LARGE_FILE, "more than 1 MiB"),
    "a bomb": (zipped(a=b"\0" * 50_000_000), rules.EXPANDS, "unpacks to more than"),
    "a bomb of gzip": (gzip.compress(b"\0" * 50_000_000), rules.EXPANDS, "unpacks to more than"),
    "ten thousand files": (
        zipped(**{f"f{number}": b"" for number in range(10_000)}),
        rules.TOO_MANY,
        "an archive of more than 200 files",
    ),
    "archives in archives": (nested(9), rules.TOO_DEEP, "more than 4 archives"),
    "a link": (with_a_link(), rules.NOT_A_FILE, "a symbolic link"),
    "a device": (with_a_device(), rules.NOT_A_FILE, "a link or a device"),
}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return a compiled repository, which none of the tests may change."""
    made = a_repository(tmp_path_factory.mktemp("repository") / "certs")
    assert made.run("compile").code == 0
    return made


@pytest.mark.parametrize("kind", ANSWERS)
def test_an_answer_that_asks_for_too_much_is_refused(
    repository: Repository, tmp_path: Path, kind: str
) -> None:
    """It is told what was too much, and nothing is written."""
    content, rule, clause = ANSWERS[kind]
    (tmp_path / "answer").write_bytes(content)
    before = files(repository.root)
    ran = sitecert("-C", repository.root, "intake", "park-nicollet", tmp_path / "answer", *at())
    assert ran.code == 1
    assert f"[{rule.code}]" in ran.err
    assert clause in ran.err
    assert files(repository.root) == before


@pytest.mark.parametrize("name", ["../../evil.crt", "/evil.crt", "..\\evil.crt", "\x1b]0;x\x07", "a\nb"])
def test_a_name_in_an_archive_is_shown_and_never_used(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """No file comes of it, here or there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "answer.zip").write_bytes(zipped(**{name: b"no certificate"}))
    ran = sitecert("-C", repository.root, "intake", "park-nicollet", tmp_path / "answer.zip", *at())
    assert ran.code == 1
    assert all(line.isprintable() for line in (ran.out + ran.err).split("\n"))
    assert [each.name for each in tmp_path.iterdir()] == ["answer.zip"]
    assert not list(repository.root.rglob("evil*"))


WRONG: dict[str, tuple[dict[str, Any], Rule]] = {
    "another key": ({"key": "another"}, KEY_MISMATCH),
    "other names": ({"names": ["evil.example.org"]}, NAMES_MISSING),
    "a time that is over": ({"days": 2}, EXPIRED),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_certificate_that_was_not_asked_for_is_not_filed(
    repository: Repository, tmp_path: Path, kind: str
) -> None:
    """A good certificate of a good authority, for something else: it is told, and nothing is filed."""
    changes, rule = WRONG[kind]
    public_key = rsa_key("another").public_key() if "key" in changes else repository.request().public_key()
    names = changes.get("names", ["smartweb.parknicollet.com"])
    leaf = Authority().issue(public_key, names, days=changes.get("days", 3650))
    (tmp_path / "answer.pem").write_bytes(pem(leaf, Authority().intermediate))
    before = files(repository.root)
    ran = sitecert("-C", repository.root, "intake", "park-nicollet", tmp_path / "answer.pem", *at())
    assert ran.code == 1
    assert f"[{rule.code}]" in ran.err
    assert files(repository.root) == before
