"""Files that a pull request can bring: bombs, names that lead elsewhere, links, pipes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sitecert.problems import Rule
from sitecert.problems.codes import files as rules
from sitecert.problems.codes.generations import NOT_A_FILE
from support.commands import files, sitecert
from support.repository import Repository, a_repository, a_site_file

HIDDEN = "a secret of this machine"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [*{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
CONTENTS: dict[str, tuple[str | bytes, Rule]] = {
    "an alias bomb": (BOMB, rules.ALIAS),
    "a cycle": ("a: &a [*a]\n", rules.ANCHOR),
    "a merge": ("a: {b: 1}\n<<: {c: 1}\n", rules.MERGE_KEY),
    "a program": ('a: !!python/object/apply:os.system ["touch pwned"]\n', rules.TAG),
    "depth": ("a: " + "[" * 200_000, rules.TOO_DEEP),
    "depth of mappings": ("{a: " * 50_000, rules.TOO_DEEP),
    "size": (b"a: " + b"x" * 300_000, rules.TOO_LARGE),
    "a second document": ("a: 1\n---\na: 2\n", rules.MANY_DOCUMENTS),
    "a directive": ("%TAG ! tag:example.org,2002:\n---\na: 1\n", rules.DIRECTIVE),
    "a key twice": ("recipients: [a]\nrecipients: [b]\n", rules.DUPLICATE_KEY),
    "a list for a key": ("? [a]\n: b\n", rules.KEY_NOT_TEXT),
    "no mapping": ("- a\n", rules.NOT_A_MAPPING),
    "NUL": ("a: b\0c\n", rules.STRANGE_CHARACTER),
    "an order to the terminal": ("a: \x1b]0;pwned\x07\n", rules.STRANGE_CHARACTER),
    "bidi": ("a: \u202egro.elpmaxe\u202c\n", rules.STRANGE_CHARACTER),
    "bidi as an escape": ('a: "\\u202egro.elpmaxe"\n', rules.STRANGE_CHARACTER),
    "what does not show": ("a: smart\u200bweb\n", rules.STRANGE_CHARACTER),
    "another normal form": ("a: Cli\u0301nica\n", rules.NOT_NORMALISED),
    "UTF-16": ("a: b\n".encode("utf-16"), rules.NOT_UTF8),
    "bytes": (bytes(range(128, 256)), rules.NOT_UTF8),
}
NAMES: dict[str, Rule] = {
    "sites/-rf.yaml": rules.SITE_NAME,
    "sites/..yaml": rules.SITE_NAME,
    "sites/...yaml": rules.SITE_NAME,
    "sites/ONE.yaml": rules.SITE_NAME,
    "sites/\u0130.yaml": rules.SITE_NAME,
    "sites/cli\u0301nica.yaml": rules.SITE_NAME,
    "sites/cl\u00ednica.yaml": rules.SITE_NAME,
    "sites/\uff4fne.yaml": rules.SITE_NAME,
    "sites/one .yaml": rules.SITE_NAME,
    "sites/a\nb.yaml": rules.SITE_NAME,
    "sites/\x1b[2J.yaml": rules.SITE_NAME,
    "sites/$(touch pwned).yaml": rules.SITE_NAME,
    "sites/{{7*7}}.yaml": rules.SITE_NAME,
    "sites/<b>.yaml": rules.SITE_NAME,
    "sites/..\\..\\x.yaml": rules.SITE_NAME,
    "sites/c:x.yaml": rules.SITE_NAME,
    "sites/.git/x.yaml": rules.NOT_READ,
    "sites/con.yaml": rules.RESERVED_NAME,
    "sites/one/two.yaml": rules.NAME_CLASH,
    "sites/GROUP/x.yaml": rules.SITE_NAME,
    "sites/a/b/c.yaml": rules.NESTED_GROUP,
    "sites/one.YAML": rules.SITE_SUFFIX,
}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return a compiled repository of one site."""
    made = a_repository(tmp_path_factory.mktemp("original") / "certs", one=a_site_file())
    assert made.run("compile").code == 0
    return made


@pytest.fixture
def repository(original: Repository, tmp_path: Path) -> Repository:
    """Return a copy of it, with a secret beside it that nothing may read."""
    shutil.copytree(original.root, tmp_path / "certs")
    (tmp_path / "secret").write_text(HIDDEN)
    return Repository(tmp_path / "certs")


def judged(repository: Repository, rule: Rule) -> str:
    """Compile: the rule is told, out/ stays, nothing that a terminal obeys comes out. Return the talk."""
    before = files(repository.root / "out")
    ran = sitecert("-C", repository.root, "compile")
    assert f"[{rule.code}]" in ran.err
    assert HIDDEN not in ran.out + ran.err
    assert all(line.isprintable() for line in (ran.out + ran.err).split("\n"))
    assert files(repository.root / "out") == before
    assert not [*repository.root.rglob("pwned"), *Path.cwd().glob("pwned")]
    return ran.err


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("path", ["sites/two.yaml", "sitecert.yaml"])
def test_a_hostile_file_is_told(repository: Repository, path: str, name: str) -> None:
    """A site and the configuration are read alike: nothing is written, and what stands is as before."""
    content, rule = CONTENTS[name]
    (repository.root / path).write_bytes(content.encode() if isinstance(content, str) else content)
    assert f"{path}:" in judged(repository, rule)


@pytest.mark.parametrize("path", NAMES)
def test_a_hostile_name_is_refused(repository: Repository, path: str) -> None:
    """Nothing is written for it, inside out/ or elsewhere."""
    repository.write(path, a_site_file(common_name="two.example.org"))
    outside = files(repository.root.parent / "certs/sites")
    judged(repository, NAMES[path])
    assert files(repository.root.parent / "certs/sites") == outside


@pytest.mark.parametrize("name", ["../../secret", "/etc/passwd", "..", "one/../../x", "-rf", ".git/config"])
def test_a_hostile_selection_is_refused(repository: Repository, name: str) -> None:
    """On the command line a site is named, not a path."""
    ran = sitecert("-C", repository.root, "compile", "--", name)
    assert ran.code in (1, 3)
    assert HIDDEN not in ran.out + ran.err


def to_a_secret(path: Path) -> None:
    """Put a link there that leads to a file outside."""
    path.symlink_to("../../secret")


def to_a_device(path: Path) -> None:
    """Put a link there that leads to a file without an end."""
    path.symlink_to("/dev/zero")


def to_itself(path: Path) -> None:
    """Put a link there that leads nowhere."""
    path.symlink_to(path.name)


def to_a_sibling(path: Path) -> None:
    """Put a link there that leads to what may be read."""
    path.symlink_to("one.yaml")


ENTRIES = (to_a_secret, to_a_device, to_itself, to_a_sibling, os.mkfifo)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda function: function.__name__)
@pytest.mark.parametrize("path", ["sites/two.yaml", "sitecert.yaml", "templates/documents/x"])
def test_what_is_no_file_is_not_opened(
    repository: Repository, path: str, entry: Callable[[Path], None]
) -> None:
    """Links are not followed, pipes are not waited for, wherever a file is expected."""
    target = repository.root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    entry(target)
    before = files(repository.root / "out")
    ran = sitecert("-C", repository.root, "compile")
    rule = rules.NO_SUCH_TEMPLATE if path.startswith("templates") else rules.NOT_A_REGULAR_FILE
    assert f"{path}:1:1: error[{rule.code}]" in ran.err
    assert ran.code == 1
    assert HIDDEN not in ran.out + ran.err
    assert files(repository.root / "out") == before


def huge(path: Path) -> None:
    """Put a file of many gigabytes (of nothing) there."""
    with path.open("wb") as file:
        file.truncate(1 << 36)


@pytest.mark.parametrize("entry", [*ENTRIES[:3], os.mkfifo, huge], ids=lambda function: function.__name__)
def test_what_is_no_file_under_out_is_named(repository: Repository, entry: Callable[[Path], None]) -> None:
    """A file that could be made again is not made in the place of what nobody understands."""
    path = repository.root / "out/one/change-control.md"
    path.unlink()
    entry(path)
    ran = repository.run("compile")
    assert (ran.code, ran.codes, ran.named) == (1, {NOT_A_FILE.code}, {"out/one/change-control.md"})
    assert path.is_symlink() == (entry not in (os.mkfifo, huge))


@pytest.mark.parametrize("swap", [to_a_secret, os.mkfifo], ids=lambda function: function.__name__)
def test_a_file_that_becomes_another_between_look_and_read(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, swap: Callable[[Path], None]
) -> None:
    """The file is swapped at the worst moment; what was opened is looked at again."""
    target = repository.root / "sites/one.yaml"
    really_open = os.open

    def swapped(path: Path, flags: int, **rest: int) -> int:
        if Path(path) == target:
            target.unlink()
            swap(target)
        return really_open(path, flags, **rest)

    monkeypatch.setattr(os, "open", swapped)
    ran = sitecert("-C", repository.root, "validate")
    assert ran.code == 1
    assert "sites/one.yaml:1:1: error[SC02" in ran.err
    assert HIDDEN not in ran.out + ran.err
