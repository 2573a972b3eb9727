"""Whatever somebody does to a file under out/: it is named, and mended or refused, never passed over."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from support.repository import Repository, a_repository, a_site_file

CERTIFIED, OPEN, AWAITED = "certified", "group/open", "awaited"
IRREPLACEABLE = {"server.csr", "server.key.age", "leaf.crt", "chain.crt"}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return a repository that is up to date: a certified, an open and an awaiting site."""
    repository = a_repository(
        tmp_path_factory.mktemp("original") / "certs",
        certified=a_site_file(),
        group__open=a_site_file(common_name="open.example.org"),
        awaited=a_site_file(common_name="awaited.example.org", key="{custody: server}"),
    )
    assert repository.run("compile").code == 0
    assert repository.certify(site=CERTIFIED).code == 0
    assert repository.run("compile", "--check").code == 0
    return repository


@pytest.fixture
def repository(original: Repository, tmp_path: Path) -> Repository:
    """Return a copy of it."""
    shutil.copytree(original.root, tmp_path / "certs")
    return Repository(tmp_path / "certs")


def entries(repository: Repository) -> dict[str, object]:
    """Return everything below out/ by path: what it is, and what it holds."""
    found: dict[str, object] = {}
    for path in sorted((repository.root / "out").rglob("*")):
        name = path.relative_to(repository.root).as_posix()
        if path.is_symlink():
            found[name] = ("link", path.readlink())
        elif path.is_file():
            size = path.stat().st_size
            found[name] = path.read_bytes() if size < 1 << 20 else size
        else:
            found[name] = path.is_dir()
    return found


def judge(repository: Repository, path: str, before: dict[str, object], what: str) -> int:
    """Hold `--check` and `compile` to their word; return the exit code of the check."""
    tampered = entries(repository)
    check = repository.run("compile", "--check")
    assert check.code in (1, 2), (what, path)
    assert any(named == path or named.startswith(f"{path}/") for named in check.named), (what, path, check)
    compiled = repository.run("compile")
    if check.code == 2:
        assert compiled.code == 0, (what, path, compiled)
        assert {name: held for name, held in entries(repository).items() if held is not True} == {
            name: held for name, held in before.items() if held is not True
        }, (what, path)
    else:
        assert compiled.code == 1, (what, path)
        assert entries(repository) == tampered, (what, path)
    return check.code


def restore(repository: Repository, original: Repository, path: str) -> None:
    """Bring one file back."""
    target = repository.root / path
    if target.is_dir():
        shutil.rmtree(target)
    target.unlink(missing_ok=True)
    shutil.copy(original.root / path, target)


def flip(path: Path) -> None:
    """Change one bit in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def append(path: Path) -> None:
    """Append a newline."""
    path.write_bytes(path.read_bytes() + b"\n")


def link(path: Path) -> None:
    """Put a link to the same bytes there."""
    copy = path.read_bytes()
    path.unlink()
    target = Path(os.environ["HOME"]) / "elsewhere"
    target.write_bytes(copy)
    path.symlink_to(target)


def pipe(path: Path) -> None:
    """Put a pipe there."""
    path.unlink()
    os.mkfifo(path)


def folder(path: Path) -> None:
    """Put an empty folder there."""
    path.unlink()
    path.mkdir()


def full_folder(path: Path) -> None:
    """Put a folder with a file there."""
    folder(path)
    (path / "x").write_bytes(b"x")


def huge(path: Path) -> None:
    """Put a file of many gigabytes (of nothing) there."""
    with path.open("wb") as file:
        file.truncate(1 << 36)


def empty(path: Path) -> None:
    """Take the content away."""
    path.write_bytes(b"")


CHANGES = (Path.unlink, flip, append)
REPLACEMENTS = (link, pipe, folder, full_folder, huge, empty)


@pytest.mark.parametrize("tamper", [*CHANGES, *REPLACEMENTS], ids=lambda function: function.__name__)
def test_every_file_is_watched(
    repository: Repository, original: Repository, tamper: Callable[[Path], None]
) -> None:
    """Each file of out/, tampered with: refused where it cannot be made again, else mended to the byte."""
    before = entries(repository)
    for path in original.tree("out" if tamper in CHANGES else f"out/{CERTIFIED}"):
        tamper(repository.root / path)
        code = judge(repository, path, before, tamper.__name__)
        is_irreplaceable = path.rpartition("/")[2] in IRREPLACEABLE
        assert code == 1 or not is_irreplaceable, path
        if code == 1:
            restore(repository, original, path)


def test_an_extra_file_anywhere_is_removed(repository: Repository, original: Repository) -> None:
    """Beside each file, in a folder of its own, under the names of temporary things."""
    before = entries(repository)
    folders = {path.rpartition("/")[0] for path in original.tree()} | {"out", "out/group"}
    names = ["extra", "generation-9", "generation-x/deep/f", ".generation-1.old", ".generation-1.gone/x"]
    for folder_path in sorted(folders):
        for name in names if folder_path == f"out/{CERTIFIED}" else names[:1]:
            target = repository.root / folder_path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(b"extra")
            assert judge(repository, f"{folder_path}/{name}", before, "extra") == 2


@pytest.mark.parametrize("name", ["server.key.age", "server.csr", "leaf.crt", "interim.crt"])
def test_what_the_record_does_not_name_is_refused(repository: Repository, name: str) -> None:
    """A file that looks irreplaceable, where the record has none, is neither taken up nor removed."""
    path = f"out/{AWAITED}/generation-1/{name}"
    (repository.root / path).write_bytes(b"x")
    assert judge(repository, path, {}, "unnamed") == 1


def test_a_name_that_cannot_be_shown_is_refused(repository: Repository) -> None:
    """Bytes that are no text, and control characters, in a file's name."""
    for name in (b"\xff\xfe", b"a\nb", b"\x1b[31m"):
        target = os.fsencode(repository.root / "out" / CERTIFIED) + b"/" + name
        with open(target, "wb"):  # noqa: PTH123 - a name in bytes
            pass
        check = repository.run("compile", "--check")
        assert (check.code, check.codes) == (1, {"SC404"})
        os.unlink(target)  # noqa: PTH108 - a name in bytes


@pytest.mark.parametrize("name", ["out", "out/group", f"out/{CERTIFIED}", f"out/{CERTIFIED}/generation-1"])
@pytest.mark.parametrize("kind", ["link", "file", "pipe"])
def test_a_folder_is_a_folder(repository: Repository, tmp_path: Path, name: str, kind: str) -> None:
    """Nothing is read or written through a link; a file in a folder's place is no crash."""
    elsewhere = tmp_path / "elsewhere"
    target = repository.root / name
    target.rename(elsewhere)
    held = {path: path.read_bytes() for path in elsewhere.rglob("*") if path.is_file()}
    if kind == "link":
        target.symlink_to(elsewhere)
    elif kind == "file":
        target.write_bytes(b"")
    else:
        os.mkfifo(target)
    check = repository.run("compile", "--check")
    assert check.code in (1, 2)
    assert any(named.startswith(name) for named in check.named)
    compiled = repository.run("compile")
    assert compiled.code == (0 if check.code == 2 else 1)
    if check.code == 2:
        assert repository.run("compile", "--check").code == 0
    assert check.code == 1 or kind == "file"
    assert held == {path: path.read_bytes() for path in elsewhere.rglob("*") if path.is_file()}


@pytest.mark.parametrize("swapped", ["server.csr", "server.key.age"])
def test_files_swapped_between_sites_are_seen(repository: Repository, swapped: str) -> None:
    """Even where the records were rewritten to agree, the check does not pass."""
    one, two = (f"out/{site}/generation-1" for site in (CERTIFIED, OPEN))
    first, second = repository.root / one / swapped, repository.root / two / swapped
    contents = first.read_bytes(), second.read_bytes()
    first.write_bytes(contents[1])
    second.write_bytes(contents[0])
    assert repository.run("compile", "--check").codes == {"SC401"}
    for folder_path in (one, two):
        repository.refresh_record(folder_path)
    check = repository.run("compile", "--check")
    assert check.code in (1, 2)
    assert {f"{one}/{swapped}", f"{two}/{swapped}", f"{one}/manifest.json"} & check.named or check.changes


def test_one_generation_copied_to_another_site_is_seen(repository: Repository) -> None:
    """A whole generation, record and all, in another site's place: one key twice."""
    shutil.rmtree(repository.root / f"out/{OPEN}/generation-1")
    shutil.copytree(
        repository.root / f"out/{CERTIFIED}/generation-1", repository.root / f"out/{OPEN}/generation-1"
    )
    before = entries(repository)
    check = repository.run("compile")
    assert check.code == 1
    assert "SC409" in check.codes
    assert entries(repository) == before


def test_a_certificate_for_another_key_is_refused(repository: Repository) -> None:
    """A leaf whose record agrees with its digest, but not with the key."""
    folder_path = f"out/{OPEN}/generation-1"
    shutil.copy(repository.root / f"out/{CERTIFIED}/generation-1/leaf.crt", repository.root / folder_path)
    repository.refresh_record(folder_path)
    assert repository.run("compile").codes >= {"SC401"}


def test_a_plaintext_key_is_refused(repository: Repository) -> None:
    """A key file that is no age file is damaged, whatever its record says."""
    folder_path = f"out/{OPEN}/generation-1"
    (repository.root / folder_path / "server.key.age").write_bytes(b"-----BEGIN PRIVATE KEY-----\n")
    repository.refresh_record(folder_path)
    result = repository.run("compile")
    assert (result.code, result.codes) == (1, {"SC401"})


HOSTILE = [
    b"[" * 100_000,
    b'{"files":' * 5000,
    b"{}",
    b"[]",
    b"null",
    b'"x"',
    b"1" * 10_000,
    b'{"files": {"a": 1}}',
    b'{"files": []}',
    b"\xff\xfe{\x00}\x00",
    b'{"format_version": 99}',
    b'{"format_version": 1e999}',
    json.dumps({"format_version": 1, "generation": 10**30, "files": {"\ud800": "\ud800"}}).encode(),
    json.dumps(
        {
            "format_version": 1,
            "generation": True,
            "files": {"../../x": "y", "\ud800": "z"},
            "spki_sha256": None,
            "recipients": [],
            "sealed": False,
            "disclosed": False,
            "record_sha256": "x",
        }
    ).encode(),
]


@pytest.mark.parametrize("content", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_manifests(repository: Repository, content: bytes) -> None:
    """A record that is none is refused; the site's list of digests is only written anew."""
    before = entries(repository)
    path = f"out/{CERTIFIED}/manifest.json"
    (repository.root / path).write_bytes(content)
    assert judge(repository, path, before, "hostile") == 2
    path = f"out/{CERTIFIED}/generation-1/manifest.json"
    (repository.root / path).write_bytes(content)
    assert judge(repository, path, before, "hostile") == 1


def test_damage_names_its_cure(repository: Repository) -> None:
    """Every problem under out/ says which git command brings the file back."""
    for name in ("server.csr", "server.key.age", "leaf.crt", "manifest.json"):
        path = f"out/{CERTIFIED}/generation-1/{name}"
        held = repository.read(path)
        flip(repository.root / path)
        assert f"git checkout -- {path}" in repository.run("compile", "--check").text
        (repository.root / path).unlink()
        assert f"git checkout -- {path}" in repository.run("compile", "--check").text
        (repository.root / path).write_bytes(held)


def test_one_sites_damage_hides_no_other(repository: Repository) -> None:
    """Both damaged sites are told of, and the third compiles."""
    for site in (CERTIFIED, OPEN):
        flip(repository.root / f"out/{site}/generation-1/server.csr")
    (repository.root / f"out/{AWAITED}/change-control.md").unlink()
    result = repository.run("compile")
    assert result.code == 1
    assert {problem["path"].split("/generation")[0] for problem in result.problems} == {
        f"out/{CERTIFIED}",
        f"out/{OPEN}",
    }
    assert [path for _, path, _ in result.changes] == [f"out/{AWAITED}/change-control.md"]


@pytest.mark.parametrize(
    ("tamper", "name", "why"),
    [
        (append, "change-control.md", "was edited after sitecert wrote it"),
        (Path.unlink, "change-control.md", "was deleted after sitecert wrote it"),
        (append, "generation-1/openssl.cnf", "was edited after sitecert wrote it"),
        (append, "manifest.json", "was edited, or a run was interrupted before it was written"),
    ],
)
def test_the_plan_knows_who_changed_a_file(
    repository: Repository, tamper: Callable[[Path], None], name: str, why: str
) -> None:
    """What somebody edited is told from what the site changed."""
    path = f"out/{CERTIFIED}/{name}"
    tamper(repository.root / path)
    assert repository.run("plan").why(path)[1] == why


def test_out_that_cannot_be_read_is_a_problem(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Permission refused on one file (root may read all, so the refusal is acted)."""
    refused = repository.root / f"out/{CERTIFIED}/generation-1/server.csr"
    really_open = os.open

    def refuse(path: object, *rest: object) -> int:
        if path == refused:
            raise PermissionError(13, "Permission denied", str(path))
        return really_open(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    result = repository.run("compile", "--check")
    assert result.code == 1
    assert "SC021" in result.codes
    assert f"out/{CERTIFIED}/generation-1/server.csr" in result.named
