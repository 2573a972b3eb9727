"""States of a repository as git has them: trees that are compared, listed and read.

A work tree is a state like any other: git writes it as a tree, through an index and into a store of
objects that are both temporary. So it is read with git's eyes (ignored files, line ends, the kinds of its
entries), and neither the work tree, nor the index, nor the repository's own objects are touched.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from subprocess import PIPE
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from git import Git

LARGEST_READ = (1 << 20) + 1
"""Bytes of a blob that are read: one more than any file of a repository may have."""

MOST_ARGUMENTS = 2000
"""Paths that are named on one command line of git's."""

ASKED_AT_ONCE = 50
"""Objects: their ids (64 digits at most) stay below the 4,096 bytes that every pipe takes (POSIX)."""

DEFAULT_BASES = ("origin/main", "main", "origin/master", "master")
FOLDER_MODE = "040000"
FILE_MODES = frozenset({"100644", "100755"})
KINDS = {"120000": "a symbolic link", "160000": "a submodule"}


class HistoryError(Exception):
    """What git refuses; the text is a clause for the user."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a tree: its path from the repository's root, its mode (octal), the id of its object."""

    path: str
    mode: str
    oid: str

    @property
    def is_file(self) -> bool:
        """Whether it is an ordinary file."""
        return self.mode in FILE_MODES

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return "a file" if self.is_file else KINDS.get(self.mode, "of an unknown kind")


class History:
    """One repository, asked through git's own program; `root` may be a folder inside its work tree."""

    def __init__(self, root: Path, git: Git, private: Path) -> None:
        """Ask by `git`, which runs in `root`; `private` is an empty folder that is ours."""
        self._root = root
        self._git = git
        self._private = private

    def commit(self, reference: str) -> str | None:
        """Return the id of the commit that a reference names, or None."""
        found = self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}")
        return found.strip() or None if found is not None else None

    def default_base(self) -> str | None:
        """Return the first of the usual names of the main branch that there is."""
        return next((name for name in DEFAULT_BASES if self.commit(name)), None)

    def fork_point(self, base: str, head: str) -> str | None:
        """Return the commit that both have in common, or None."""
        found = self._ask("merge-base", base, head)
        return found.strip() or None if found is not None else None

    def check(self) -> None:
        """Raise HistoryError where the folder lies in no repository of git's."""
        self._text("rev-parse", "--git-dir")

    @property
    def is_shallow(self) -> bool:
        """Whether older commits were left out when the repository was cloned."""
        return (self._ask("rev-parse", "--is-shallow-repository") or "").strip() == "true"

    def changed_paths(self, base: str, head: str) -> tuple[str, ...]:
        """Return the paths below the root that differ between two trees; a rename is two paths."""
        command = ("diff-tree", "-r", "-z", "--raw", "--no-renames", "--relative", base, head)
        return tuple(self.fields(*command)[1::2])

    def entries(self, tree: str, paths: Sequence[str]) -> tuple[Entry, ...]:
        """Return what a tree has at or below each of the paths, sorted by path; nothing is opened."""
        if not paths:
            return ()
        wanted = paths if len(paths) <= MOST_ARGUMENTS else _tops(paths)
        entries = (_entry(line) for line in self.fields("ls-tree", "-r", "-z", tree, "--", *wanted))
        if wanted is paths:
            return tuple(entries)
        chosen = frozenset(paths)
        return tuple(each for each in entries if _is_below(each.path, chosen))

    def single_files(self, tree: str, paths: Sequence[str]) -> tuple[str, ...]:
        """Return those of the paths that a tree has and that are no folders; nothing below them is listed."""
        parts = (paths[start : start + MOST_ARGUMENTS] for start in range(0, len(paths), MOST_ARGUMENTS))
        lines = (line for part in parts for line in self.fields("ls-tree", "-z", tree, "--", *part))
        return tuple(entry.path for entry in map(_entry, lines) if entry.mode != FOLDER_MODE)

    def read(self, entries: Iterable[Entry], most: int = LARGEST_READ) -> Iterator[tuple[Entry, bytes]]:
        """Yield each file's bytes, `most` at most, through one `git cat-file --batch`.

        Raises HistoryError for an object that is not there.
        """
        process = self._git.cat_file("--batch", istream=PIPE, as_process=True)
        asking, answer = process.proc.stdin, process.proc.stdout
        try:
            for batch in _batches(entries):
                asking.write("".join(f"{entry.oid}\n" for entry in batch).encode())
                asking.flush()
                for entry in batch:
                    yield entry, _answered(answer, entry, most)
        finally:
            # Closed first: a git that still has something to say would otherwise wait for a reader.
            answer.close()
            asking.close()
            process.proc.wait()

    def work_tree(self, paths: Sequence[str]) -> str:
        """Return the id of a tree that is HEAD's, with `paths` as they stand in the work tree.

        Files that git ignores and does not have are left out. Raises HistoryError.
        """
        self._work_aside()
        standing = [path for path in paths if os.path.lexists(self._root / path)]
        gone = [path for path in paths if path not in standing]
        if standing:
            self._text("add", "--all", "--", *standing)
        if gone:
            self._text("rm", "-r", "--cached", "--quiet", "--ignore-unmatch", "--", *gone)
        return self._text("write-tree").strip()

    def _work_aside(self) -> None:
        """Give git an index and a store of objects of our own; it goes on reading the repository's."""
        index, objects = self._git_path("index"), self._git_path("objects")
        further = os.environ.get("GIT_ALTERNATE_OBJECT_DIRECTORIES")
        own = self._private / "objects"
        own.mkdir()
        if index.is_file():
            shutil.copyfile(index, self._private / "index")
        self._git.update_environment(
            GIT_INDEX_FILE=str(self._private / "index"),
            GIT_OBJECT_DIRECTORY=str(own),
            GIT_ALTERNATE_OBJECT_DIRECTORIES=os.pathsep.join([str(objects), *([further] if further else [])]),
        )

    def _git_path(self, name: str) -> Path:
        return (self._root / self._text("rev-parse", "--git-path", name).strip()).absolute()

    def fields(self, *command: str) -> list[str]:
        """Return what git prints, parted where it prints NUL (`-z`); raises HistoryError."""
        return _fields(self._bytes(*command))

    def _ask(self, *command: str) -> str | None:
        """Return what git prints, or None where it exits with anything but 0."""
        try:
            return self._text(*command)
        except HistoryError:
            return None

    def _text(self, *command: str) -> str:
        return self._bytes(*command).decode("utf-8", "surrogateescape")

    def _bytes(self, *command: str) -> bytes:
        from git import GitCommandError  # noqa: PLC0415 - looks for git's program when it is imported

        try:
            told: bytes = self._git.execute(
                ["git", *command], stdout_as_string=False, strip_newline_in_stdout=False
            )
        except GitCommandError as error:
            raise HistoryError(_clause(error.stderr)) from error
        return told


@contextmanager
def open_history(root: Path) -> Iterator[History]:
    """Yield the history of the repository that a folder lies in; raises HistoryError where there is none."""
    try:
        from git import Git  # noqa: PLC0415 - looks for git's program when it is imported
    except ImportError as error:
        raise HistoryError("git is not installed") from error
    with tempfile.TemporaryDirectory(prefix="sitecert-") as private:
        git = Git(root)
        git.update_environment(GIT_LITERAL_PATHSPECS="1", GIT_OPTIONAL_LOCKS="0", LC_ALL="C")
        history = History(root, git, Path(private))
        history.check()
        yield history


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Yield entries in lists whose questions fit into a pipe: git answers while nobody reads yet."""
    waiting = iter(entries)
    while batch := list(islice(waiting, ASKED_AT_ONCE)):
        yield batch


def _answered(answer: IO[bytes], entry: Entry, most: int) -> bytes:
    """Read one answer of `git cat-file --batch`: `OBJECT TYPE SIZE`, the content, a line feed."""
    _, kind, *size = answer.readline().decode().split()
    if kind != "blob":
        raise HistoryError(f"{entry.path}: git does not have its object {entry.oid}")
    content = answer.read(min(int(size[0]), most))
    _skip(answer, int(size[0]) - len(content) + 1)
    return content


def _fields(told: bytes) -> list[str]:
    return told.decode("utf-8", "surrogateescape").split("\0")[:-1]


def _entry(line: str) -> Entry:
    """Read `MODE TYPE OBJECT<tab>PATH` (git-ls-tree(1))."""
    head, _, path = line.partition("\t")
    mode, _, oid = head.split(" ")
    return Entry(path, mode, oid)


def _tops(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({path.partition("/")[0] for path in paths}))


def _is_below(path: str, chosen: frozenset[str]) -> bool:
    parts = path.split("/")
    return any("/".join(parts[:count]) in chosen for count in range(1, len(parts) + 1))


def _skip(answer: IO[bytes], size: int) -> None:
    """Read on, without keeping it, to the end of an answer."""
    while size > 0:
        size -= len(answer.read(min(size, LARGEST_READ))) or size


def _clause(stderr: object) -> str:
    """Return the first line that git wrote, without its own label and GitPython's."""
    text = str(stderr).strip().removeprefix("stderr: '").removesuffix("'").strip()
    line = next((each for each in text.splitlines() if each.strip()), "git refused")
    return line.removeprefix("fatal: ").removeprefix("error: ")
