"""Reading files: ordinary ones only, and nothing is followed, waited for or read without end."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from sitecert.load.files import read_regular
from sitecert.load.root import find_root
from sitecert.problems import Problem

NOBODY = 65534


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with one site, and a secret beside it."""
    folder = tmp_path / "certs"
    (folder / "sites").mkdir(parents=True)
    (folder / "sites" / "a.yaml").write_bytes(b"a: 1\r\n")
    (folder / "sitecert.yaml").write_bytes(b"")
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "b.yaml").write_bytes(b"secret")
    return folder


def code(root: Path, relative: str, limit: int = 100) -> str:
    """Return the code of the problem with a path."""
    found = read_regular(root, relative, limit, site="a")
    assert isinstance(found, Problem)
    assert found.site == "a"
    assert found.message.isprintable()
    return found.code


def test_an_ordinary_file_is_read_byte_for_byte(root: Path) -> None:
    """Line ends are kept, and a file of just the limit is read."""
    assert read_regular(root, "sites/a.yaml", 6) == b"a: 1\r\n"


def test_a_root_that_is_reached_by_a_link_is_fine(root: Path, tmp_path: Path) -> None:
    """Only what lies below the root must be free of links."""
    (tmp_path / "here").symlink_to(root)
    assert read_regular(tmp_path / "here", "sites/a.yaml", 6) == b"a: 1\r\n"


def test_a_file_above_its_limit_is_refused(root: Path) -> None:
    """One byte too many is a problem, and no more than that is read."""
    assert code(root, "sites/a.yaml", limit=5) == "SC002"


def test_a_missing_file_is_a_problem(root: Path) -> None:
    """Absence is a value too."""
    assert code(root, "sites/b.yaml") == "SC021"


def test_an_unreadable_file_is_a_problem() -> None:
    """Permissions speak through the problem's message, to root too once it is nobody."""
    with TemporaryDirectory() as folder, as_nobody_if_root(Path(folder)):
        (Path(folder) / "a.yaml").write_bytes(b"a: 1")
        (Path(folder) / "a.yaml").chmod(0)
        assert code(Path(folder), "a.yaml") == "SC021"


@contextmanager
def as_nobody_if_root(folder: Path) -> Iterator[None]:
    """Root may read everything: give the folder to nobody, and be nobody meanwhile."""
    if os.geteuid() != 0:
        yield
        return
    os.chown(folder, NOBODY, -1)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize(
    "target", ["../../secret", "a.yaml", "nowhere", "b.yaml", "/dev/zero", "/etc/passwd"]
)
def test_no_symbolic_link_is_followed(root: Path, target: str) -> None:
    """Whatever it leads to: outside, a sibling, nowhere, itself, a device."""
    (root / "sites" / "b.yaml").symlink_to(target)
    assert code(root, "sites/b.yaml") == "SC020"


def test_no_linked_folder_is_followed(root: Path, tmp_path: Path) -> None:
    """A link on the way is as bad as one at its end."""
    (root / "sites" / "group").symlink_to(tmp_path / "folder")
    assert code(root, "sites/group/b.yaml") == "SC020"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_a_pipe_is_refused_without_waiting_for_it(root: Path) -> None:
    """Nobody ever writes to it."""
    os.mkfifo(root / "sites" / "b.yaml")
    assert code(root, "sites/b.yaml") == "SC020"


def test_a_folder_and_a_socket_are_no_files(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither can be read."""
    (root / "sites" / "b.yaml").mkdir()
    assert code(root, "sites/b.yaml") == "SC020"
    monkeypatch.chdir(root / "sites")  # a socket's path may have a hundred characters
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("c.yaml")
        assert code(root, "sites/c.yaml") == "SC020"


def test_a_file_is_no_folder(root: Path) -> None:
    """A path through a file is a problem, not an exception."""
    assert code(root, "sites/a.yaml/b") == "SC020"


@pytest.mark.parametrize(
    "relative",
    ["../secret", "sites/../../secret", "/etc/passwd", "", ".", "sites//a.yaml", "sites/./a.yaml"],
)
def test_a_path_that_leads_outside_is_refused(root: Path, relative: str) -> None:
    """A path is a chain of names."""
    assert code(root, relative) == "SC022"


@pytest.mark.parametrize(
    "relative", ["..\\secret", "C:\\secret", "C:secret", "sites/a.yaml\0", "sites/a.yaml/"]
)
def test_a_path_that_leads_outside_on_another_system_is_refused(root: Path, relative: str) -> None:
    """What is a file's name here is a way out there."""
    assert code(root, relative) == "SC022"


def test_a_name_that_does_not_show_is_escaped(root: Path) -> None:
    """A line feed in a name does not break the line of a message."""
    found = read_regular(root, "sites/a\nb\u202e", 10)
    assert isinstance(found, Problem)
    assert found.place.path == "sites/a\\nb\\u202e"


def test_the_root_is_the_nearest_folder_with_a_configuration(root: Path, tmp_path: Path) -> None:
    """A command works in the repository and anywhere below."""
    assert find_root(root) == find_root(root / "sites") == root.resolve()
    assert find_root(tmp_path / "folder") is None
