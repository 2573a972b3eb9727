"""A repository's own template, by whoever opens a pull request: it shows values and does nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sitecert.load.data import read_templates
from support.commands import files
from support.repository import Repository, a_repository, a_site_file

NAME = "documents/change-control.md.j2"
PATH = f"templates/{NAME}"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return a compiled repository of two sites."""
    root = tmp_path_factory.mktemp("original") / "certs"
    made = a_repository(root, one=a_site_file(), two=a_site_file(common_name="two.example.org"))
    assert made.run("compile").code == 0
    return made


@pytest.fixture
def repository(original: Repository, tmp_path: Path) -> Repository:
    """Return a copy of it."""
    shutil.copytree(original.root, tmp_path / "certs")
    return Repository(tmp_path / "certs")


@pytest.mark.parametrize(
    ("template", "clause"),
    [
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "unsafe"),
        ("{{ cycler.__init__.__globals__.os.popen('touch pwned').read() }}", "unsafe"),
        ("{{ document.title.append.__self__ }}", "no attribute 'append'"),
        ("{{ lipsum.__globals__['os'].system('touch pwned') }}", "unsafe"),
        ("{{ document.__init__.__globals__ }}", "unsafe"),
        ("{{ '{0.__class__}'.format(document) }}", "unsafe"),
        ("{{ [].append(1) }}", "unsafe"),
        ("{% include '/etc/passwd' %}", "no template /etc/passwd"),
        ("{% include '../../sitecert.yaml' %}", "no template ../../sitecert.yaml"),
        ("{% import 'os' as os %}", "no template os"),
        ("{% extends 'documents/change-control.md.j2' %}", "recursion"),
        ("{{ range(999999999) | list }}", "Range too big"),
        ("{% for a in range(99999) %}{{ 'x'.center(999) }}{% endfor %}", "more than 1 MiB"),
        ("{{ 7*7", "unexpected end of template"),
        ("{{ nothing }}", "'nothing' is undefined"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ '\x1b]0;x\x07' | nothing }}", "No filter"),
    ],
)
def test_a_template_reaches_neither_files_nor_python(
    repository: Repository, template: str, clause: str
) -> None:
    """It is one problem of each site, at its line, and nothing of these sites is written."""
    before = files(repository.root / "out")
    repository.write(PATH, f"\n{template}\n")
    for command in (("compile", "--check"), ("compile",)):
        ran = repository.run(*command)
        assert (ran.code, ran.codes, len(ran.problems)) == (1, {"SC910"}, 2)
        assert ran.named == {PATH}
        assert clause in ran.text
    assert {each["line"] for each in ran.problems} <= {1, 2}
    assert files(repository.root / "out") == before
    assert not list(Path.cwd().glob("pwned"))


def test_a_mistake_is_told_at_its_line(repository: Repository) -> None:
    """The file and the line are the template's own."""
    text = read_templates()[NAME]
    repository.write(PATH, f"{text}\n{{{{ document.titel }}}}\n")
    ran = repository.run("compile")
    assert {(each["path"], each["line"]) for each in ran.problems} == {(PATH, text.count("\n") + 2)}


def test_a_template_cannot_change_what_others_render(repository: Repository) -> None:
    """Neither a value nor a global of the environment: the scripts, requests and the page are as before."""
    repository.write(PATH, "{% set shell = 1 %}{% macro md(x) %}pwned{% endmacro %}# ours\n")
    before = files(repository.root / "out")
    assert repository.run("compile").code == 0
    after = files(repository.root / "out")
    changed = {path.rpartition("/")[2] for path in before if before[path] != after[path]}
    assert changed == {"change-control.md", "manifest.json"}


@pytest.mark.parametrize(
    "name", ["openssl/openssl.cnf.j2", "runbook/install.sh.j2", "runbook/parts/proof.sh.j2"]
)
def test_what_root_runs_comes_from_the_package(repository: Repository, name: str) -> None:
    """No template of a script or of OpenSSL's settings is taken from a repository."""
    before = files(repository.root / "out")
    repository.write(f"templates/{name}", "touch pwned\n")
    ran = repository.run("compile")
    assert (ran.code, ran.codes) == (1, {"SC030"})
    assert files(repository.root / "out") == before


def test_a_template_that_is_a_link_is_not_read(repository: Repository, tmp_path: Path) -> None:
    """Its target's content does not come into a document."""
    (tmp_path / "secret").write_text("a secret")
    (repository.root / PATH).parent.mkdir(parents=True)
    (repository.root / PATH).symlink_to(tmp_path / "secret")
    ran = repository.run("compile")
    assert (ran.code, ran.codes) == (1, {"SC020"})
    assert all(b"a secret" not in content for content in files(repository.root / "out").values())
