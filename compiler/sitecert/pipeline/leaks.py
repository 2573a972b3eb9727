"""Search a repository for private keys: the work tree, the index, and commits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sitecert.leaks.archives import SEARCHED
from sitecert.leaks.search import find_leaks
from sitecert.load.files import read_regular, walk_files
from sitecert.model.document import Place
from sitecert.model.leak import Exposure, Leak
from sitecert.problems import Problem
from sitecert.problems.codes import leaks as codes
from sitecert.problems.codes.files import NOT_A_REGULAR_FILE, TOO_LARGE
from sitecert.problems.wording import show_path
from sitecert.repo.commits import brought, messages, staged_entries, standing_paths
from sitecert.repo.history import History, HistoryError, open_history

RULES = {
    Exposure.CLEAR: codes.KEY_IN_THE_CLEAR,
    Exposure.GUESSED: codes.KEY_UNDER_A_COMMON_PASSWORD,
    Exposure.LOCKED: codes.KEY_UNDER_A_PASSWORD,
    Exposure.IDENTITY: codes.IDENTITY_COMMITTED,
    Exposure.UNSEARCHED: codes.NOT_SEARCHED,
}
COMMIT_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search found, and how many files (of the work tree, the index and the commits) it looked at."""

    problems: tuple[Problem, ...]
    files: int


def search(root: Path, commits: str | None) -> Searched:
    """Search the files below `root`, what is staged, and what a range of commits brought.

    Where there is no git, every file below the root is searched. A range that git does not have is a
    problem.
    """
    searching = _Searching(root)
    try:
        with open_history(root) as history:
            searching.standing(standing_paths(history))
            searching.staged(history)
            if commits is not None:
                searching.committed(history, commits)
    except HistoryError as error:
        if commits is not None:
            place = Place(".", 1, 1)
            searching.problems.append(codes.NO_SUCH_HISTORY.at(place, f"--history {commits}: {error}"))
        else:
            searching.standing(walk_files(root))
    problems = sorted(set(searching.problems), key=lambda problem: problem.order)
    return Searched(tuple(problems), searching.files)


class _Searching:
    """Collects what is found while one repository is searched."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.problems: list[Problem] = []
        self.files = 0

    def standing(self, paths: Iterable[str]) -> None:
        """Search files of the work tree; links lead elsewhere and are passed over."""
        for path in paths:
            content = read_regular(self._root, path, SEARCHED.file)
            if not isinstance(content, Problem):
                self._search(content, path, "")
            elif content.code == TOO_LARGE.code:
                self.problems.append(codes.NOT_SEARCHED.at(content.place, content.message))
            elif content.code != NOT_A_REGULAR_FILE.code and (self._root / path).exists():
                self.problems.append(content)

    def staged(self, history: History) -> None:
        """Search what the index has otherwise than the work tree."""
        for entry, content in history.read(staged_entries(history), SEARCHED.file + 1):
            self._search(content, entry.path, ", staged for the next commit")

    def committed(self, history: History, commits: str) -> None:
        """Search what commits brought, and their messages."""
        found = {each.entry: each.commit for each in brought(history, commits)}
        for entry, content in history.read(found, SEARCHED.file + 1):
            self._search(content, entry.path, f", in commit {found[entry][:COMMIT_DIGITS]}")
        if history.is_shallow and ".." not in commits:
            message = f"--history {commits}: this clone is shallow: what came before it was not searched"
            self.problems.append(codes.NO_SUCH_HISTORY.at(Place(".", 1, 1), message))
        for commit in messages(history, commits):
            text = commit.message.encode("utf-8", "surrogateescape")
            self._search(text, ".", f", in the message of commit {commit.oid[:COMMIT_DIGITS]}")

    def _search(self, content: bytes, path: str, where: str) -> None:
        self.files += 1
        if len(content) > SEARCHED.file:
            message = f"has more than {SEARCHED.file >> 20} MiB{where}"
            self.problems.append(codes.NOT_SEARCHED.at(Place(show_path(path), 1, 1), message))
            return
        self.problems += _problems(find_leaks(content), show_path(path), where)


def _problems(leaks: Iterable[Leak], path: str, where: str) -> Iterator[Problem]:
    for leak in leaks:
        place = Place(path, leak.line, 1)
        if leak.exposure is Exposure.UNSEARCHED:
            yield codes.NOT_SEARCHED.at(place, f"{leak.what}{where}")
            continue
        how = "" if leak.exposure is Exposure.IDENTITY else f", {leak.exposure}"
        inside = f" ({leak.trail})" if leak.trail else ""
        yield RULES[leak.exposure].at(place, f"holds {leak.what}{how}{inside}{where}")
