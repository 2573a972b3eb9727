"""Finding sites: every file under sites/ is a site, known to be none, or a problem."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitecert.load.files import read_regular
from sitecert.load.sites import NAME, find_sites
from sitecert.problems import Problem, Severity, errors


def lay_out(root: Path, *paths: str) -> Path:
    """Make empty files, and folders where a path ends in a slash."""
    for path in paths:
        target = root / path
        (target if path.endswith("/") else target.parent).mkdir(parents=True, exist_ok=True)
        if not path.endswith("/"):
            target.write_bytes(b"")
    return root


def codes(root: Path) -> list[tuple[str, str]]:
    """Return code and path of each problem."""
    return [(problem.code, problem.place.path) for problem in find_sites(root)[1]]


def test_sites_and_groups_are_found_in_order(tmp_path: Path) -> None:
    """A site's name is its path without the ending."""
    lay_out(
        tmp_path, "sites/spok.yaml", "sites/north/b.yaml", "sites/north/a.yaml", "sites/park-nicollet.yaml"
    )
    files, problems = find_sites(tmp_path)
    assert problems == ()
    assert [(file.name, file.path) for file in files] == [
        ("north/a", "sites/north/a.yaml"),
        ("north/b", "sites/north/b.yaml"),
        ("park-nicollet", "sites/park-nicollet.yaml"),
        ("spok", "sites/spok.yaml"),
    ]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("sites/b.yml", "SC025"),
        ("sites/b.YAML", "SC025"),
        ("sites/b.Yml", "SC025"),
        ("sites/north/b.yml", "SC025"),
        ("sites/B.yaml", "SC023"),
        ("sites/.b.yaml", "SC023"),
        ("sites/.yaml", "SC023"),
        ("sites/-rf.yaml", "SC023"),
        ("sites/b-.yaml", "SC023"),
        ("sites/b c.yaml", "SC023"),
        ("sites/b.c.yaml", "SC023"),
        ("sites/\u0130.yaml", "SC023"),
        ("sites/b\n.yaml", "SC023"),
        (f"sites/{'b' * 64}.yaml", "SC023"),
        ("sites/North/b.yaml", "SC023"),
        ("sites/b.yaml/c.yaml", "SC023"),
        ("sites/con.yaml", "SC024"),
        ("sites/lpt1/b.yaml", "SC024"),
        ("sites/a/b.yaml", "SC026"),
        ("sites/north/deep/b.yaml", "SC027"),
    ],
)
def test_what_could_be_taken_for_a_site_is_an_error(tmp_path: Path, path: str, code: str) -> None:
    """No site is ever forgotten in silence, and a site's error here stops them all."""
    problems = find_sites(lay_out(tmp_path, "sites/a.yaml", path))[1]
    assert [problem.code for problem in errors(problems)] == [code]
    assert problems[0].site is None
    assert problems[0].place.path.isprintable()


@pytest.mark.parametrize(
    "path",
    [
        "sites/b.yaml~",
        "sites/b.yaml.orig",
        "sites/b.txt",
        "sites/.b.yaml.swp",
        "sites/b",
        "sites/.idea/x.xml",
    ],
)
def test_leftovers_are_a_warning(tmp_path: Path, path: str) -> None:
    """A copy that is not compiled is told of, and stops nothing."""
    (problem,) = find_sites(lay_out(tmp_path, "sites/a.yaml", path))[1]
    assert (problem.code, problem.severity) == ("SC028", Severity.WARNING)


@pytest.mark.parametrize("name", ["README.md", ".gitkeep", ".DS_Store", "Thumbs.db", "._a.yaml", ".#a.yaml"])
def test_what_lies_in_any_folder_is_passed_over(tmp_path: Path, name: str) -> None:
    """Desktops, git and editors leave files that nobody means."""
    assert codes(lay_out(tmp_path, "sites/a.yaml", f"sites/{name}", f"sites/north/{name}")) == []


def test_no_sites_is_a_warning(tmp_path: Path) -> None:
    """Nothing found does not look like nothing due."""
    assert codes(tmp_path) == [("SC029", "sites")]
    assert codes(lay_out(tmp_path, "sites/north/.gitkeep")) == [("SC029", "sites")]


def test_a_site_that_is_no_ordinary_file_is_found_and_not_read(tmp_path: Path) -> None:
    """Its output is not taken for abandoned, and reading it is the problem."""
    lay_out(tmp_path, "secret", "sites/a.yaml")
    (tmp_path / "sites" / "b.yaml").symlink_to(tmp_path / "secret")
    (tmp_path / "sites" / "c.yaml").symlink_to("c.yaml")
    os.mkfifo(tmp_path / "sites" / "d.yaml")
    files, problems = find_sites(tmp_path)
    assert problems == ()
    read = {file.name: read_regular(tmp_path, file.path, 10, site=file.name) for file in files}
    assert read.pop("a") == b""
    for name, problem in read.items():
        assert isinstance(problem, Problem)
        assert (problem.code, problem.site) == ("SC020", name)
    assert len(read) == 3


def test_a_linked_group_is_an_error_and_not_entered(tmp_path: Path) -> None:
    """Sites do not come from outside the repository."""
    lay_out(tmp_path, "elsewhere/b.yaml", "root/sites/a.yaml")
    (tmp_path / "root" / "sites" / "north").symlink_to(tmp_path / "elsewhere")
    assert codes(tmp_path / "root") == [("SC020", "sites/north")]


def test_sites_that_is_no_folder_is_an_error(tmp_path: Path) -> None:
    """Neither a file nor a link stands in for the folder."""
    lay_out(tmp_path, "a/sites", "b/x.yaml", "c/")
    (tmp_path / "c" / "sites").symlink_to(tmp_path / "b")
    assert codes(tmp_path / "a") == codes(tmp_path / "c") == [("SC020", "sites")]


def test_the_hint_proposes_a_name(tmp_path: Path) -> None:
    """The way out is one rename."""
    problem = find_sites(lay_out(tmp_path, "sites/Park Nicollet.yaml"))[1][0]
    assert problem.hint == 'rename it, for example to "park-nicollet"'


@given(name=st.text(min_size=1, max_size=70))
def test_good_names_are_safe_everywhere(name: str) -> None:
    """A name that is allowed is one word for a shell, a path and a URL, and equal to its folded self."""
    if NAME.fullmatch(name):
        assert name.isascii()
        assert name == name.casefold()
        assert len(name) <= 63
        assert not set(name) - set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert name[0] != "-" != name[-1]
