"""A state of a repository laid out in a private folder, so that the strict loaders read it as any other.

Only ordinary files are laid out (docs/decisions/0007-review-reads-laid-out-states.md): what a tree calls a
symbolic link or a submodule, and what no checkout of git's would write, becomes a problem instead.
"""

from __future__ import annotations

import errno
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sitecert.model.document import Place
from sitecert.problems import Problem
from sitecert.problems.codes.review import NOT_A_FILE_IN_GIT, UNSAFE_PATH
from sitecert.problems.wording import show_path
from sitecert.repo.history import Entry, History

TREES_ALLOW = frozenset({errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.EINVAL})
"""How a disk refuses what a crafted tree can hold: twins, files with files below them, long names."""


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A state in a folder.

    `root` holds its ordinary files; `paths` are those of all its entries; `problems` has one for each
    entry that is no file, and for each path that cannot be laid out.
    """

    root: Path
    paths: frozenset[str]
    problems: tuple[Problem, ...]


@contextmanager
def laid_out(history: History, entries: Sequence[Entry]) -> Iterator[LaidOut]:
    """Yield entries of a tree in a temporary folder that its owner alone can read.

    Raises HistoryError where git does not have an object, OSError where the disk refuses.
    """
    with TemporaryDirectory(prefix="sitecert-") as folder:
        root = Path(folder)
        yield LaidOut(root, frozenset(entry.path for entry in entries), _lay_out(history, entries, root))


def _lay_out(history: History, entries: Sequence[Entry], folder: Path) -> tuple[Problem, ...]:
    problems: list[Problem] = []
    wanted: list[Entry] = []
    seen: dict[str, str] = {}
    made: set[str] = set()
    for entry in entries:
        problem = _unfit(entry, seen)
        if problem is not None:
            problems.append(problem)
        else:
            wanted.append(entry)
    for entry, content in history.read(wanted):
        try:
            _write(folder, entry.path, content, made)
        except OSError as error:
            if error.errno not in TREES_ALLOW:
                raise
            place = Place(show_path(entry.path), 1, 1)
            problems.append(UNSAFE_PATH.at(place, "no disk can hold it beside the others"))
    return tuple(problems)


def _write(root: Path, path: str, content: bytes, made: set[str]) -> None:
    """Write a file that is not there yet; `made` are the folders that are."""
    folder = path.rpartition("/")[0]
    if folder not in made:
        (root / folder).mkdir(parents=True, exist_ok=True)
        made.add(folder)
    with (root / path).open("xb") as file:
        file.write(content)


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
