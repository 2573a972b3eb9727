"""A state of a repository laid out in a private folder, so that the strict loaders read it as any other.

Only ordinary files are laid out (docs/decisions/0007-review-reads-laid-out-states.md): what a tree calls a
symbolic link or a submodule, and what no checkout of git's would write, becomes a problem instead.
"""

from __future__ import annotations

import errno
import os
import shutil
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from sitecert.model.document import Place
from sitecert.problems import Problem
from sitecert.problems.codes.review import NOT_A_FILE_IN_GIT, UNSAFE_PATH
from sitecert.problems.wording import show_path
from sitecert.repo.history import LARGEST_READ, Entry, History

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it, with a random name
"""Where Linux has files in memory."""

TREES_ALLOW = frozenset({errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.EINVAL})
"""How a disk refuses what a crafted tree can hold: twins, files with files below them, long names."""


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A state in a folder, until the next one is laid out there.

    `root` holds its ordinary files; `paths` are those of all its entries; `problems` has one for each
    entry that is no file, and for each path that cannot be laid out.
    """

    root: Path
    paths: frozenset[str]
    problems: tuple[Problem, ...]


@contextmanager
def laid_out(history: History, states: Sequence[Sequence[Entry]]) -> Iterator[Iterator[LaidOut]]:
    """Yield states, given by the entries of their trees, one after the other in one temporary folder.

    Its owner alone can read it. Each state stands until the next one is asked for. Raises HistoryError where
    git does not have an object, OSError where the disk refuses.
    """
    most = max(map(len, states)) * LARGEST_READ
    with TemporaryDirectory(prefix="sitecert-", dir=_in_memory(most)) as folder:
        yield map(_Layout(history, Path(folder)).lay_out, states)


def _in_memory(most: int) -> Path | None:
    """Return a folder in memory where the system has one with ample room for that many bytes.

    A disk takes ten times as long to make small files and to remove them. `TMPDIR` says otherwise.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return None
    return MEMORY if most <= shutil.disk_usage(MEMORY).free // 2 else None


class _Layout:
    """A folder that holds one state at a time: of the next one, only the files that differ are written."""

    def __init__(self, history: History, root: Path) -> None:
        """Lay out states that `history` has in `root`, an empty folder that is ours."""
        self._history = history
        self._root = root
        self._standing: dict[str, str] = {}
        self._folders: set[str] = set()

    def lay_out(self, entries: Sequence[Entry]) -> LaidOut:
        """Make the folder hold the ordinary files among a tree's entries, and nothing else."""
        problems: list[Problem] = []
        wanted: dict[str, Entry] = {}
        seen: dict[str, str] = {}
        for entry in entries:
            problem = _unfit(entry, seen)
            if problem is not None:
                problems.append(problem)
            else:
                wanted[entry.path] = entry
        self._remove(self._standing.keys() - wanted.keys())
        fresh = [entry for path, entry in wanted.items() if self._standing.get(path) != entry.oid]
        for entry, content in self._history.read(fresh):
            try:
                self._write(entry.path, content)
            except OSError as error:
                if error.errno not in TREES_ALLOW:
                    raise
                place = Place(show_path(entry.path), 1, 1)
                problems.append(UNSAFE_PATH.at(place, "no disk can hold it beside the others"))
            else:
                self._standing[entry.path] = entry.oid
        return LaidOut(self._root, frozenset(entry.path for entry in entries), tuple(problems))

    def _remove(self, paths: Collection[str]) -> None:
        """Remove files, and the folders that they leave empty."""
        for path in paths:
            (self._root / path).unlink()
            del self._standing[path]
        needed = {folder for path in self._standing for folder in _folders_of(path)}
        for folder in sorted(self._folders - needed, reverse=True):
            (self._root / folder).rmdir()
        self._folders &= needed

    def _write(self, path: str, content: bytes) -> None:
        """Write a file: a new one where there is none, else over what the state before had there."""
        for folder in reversed(_folders_of(path)):
            if folder not in self._folders:
                (self._root / folder).mkdir()
                self._folders.add(folder)
        with (self._root / path).open("r+b" if path in self._standing else "xb") as file:
            file.write(content)
            file.truncate()


def _folders_of(path: str) -> tuple[str, ...]:
    """Return the folders that a path lies in, the innermost first."""
    return tuple(str(parent) for parent in PurePosixPath(path).parents)[:-1]


def _unfit(entry: Entry, seen: dict[str, str]) -> Problem | None:
    """Return why an entry is not laid out; `seen` maps paths as macOS and Windows know them."""
    place = Place(show_path(entry.path), 1, 1)
    parts = entry.path.split("/")
    if any(part in {"", ".", ".."} or part.casefold() == ".git" for part in parts) or "\\" in entry.path:
        return UNSAFE_PATH.at(place, "no file that sitecert reads has such a path")
    if not entry.is_file:
        return NOT_A_FILE_IN_GIT.at(place, f"is {entry.kind}, not an ordinary file")
    twin = seen.setdefault(unicodedata.normalize("NFC", entry.path).casefold(), entry.path)
    if twin != entry.path:
        return UNSAFE_PATH.at(place, f"cannot be told from {show_path(twin)} on macOS and Windows")
    return None
