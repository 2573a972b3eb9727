"""Files that a person names on the command line."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from sitecert.load.files import OPEN_FLAGS, is_folder, kind_of
from sitecert.model.document import Place
from sitecert.pki.formats.contents import GivenFile
from sitecert.problems import Problem
from sitecert.problems.codes.formats import NOT_A_FILE, TOO_MANY

STANDARD_INPUT = "-"
STANDARD_INPUT_NAME = "standard input"
LARGEST_GIVEN = 1 << 20
"""Bytes: what a CA returns is some kilobytes."""

MOST_IN_FOLDER = 200
DEEPEST_FOLDER = 4
LEFT_BY_FILE_MANAGERS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX"})


def read_given(path: Path) -> bytes:
    """Return a file's bytes (`-`: standard input's), at most one more than LARGEST_GIVEN; raises OSError."""
    if str(path) == STANDARD_INPUT:
        return sys.stdin.buffer.read(LARGEST_GIVEN + 1)
    with path.open("rb") as file:
        return file.read(LARGEST_GIVEN + 1)


def read_identities(paths: Iterable[Path]) -> tuple[str, ...]:
    """Return the texts of identity files, whatever they hold; raises OSError."""
    return tuple(read_given(path).decode("utf-8", "replace") for path in paths)


def read_all_given(paths: Iterable[Path]) -> tuple[tuple[GivenFile, ...], tuple[Problem, ...]]:
    """Return the files that paths name, those of a folder one by one, and what in a folder is none.

    In a folder no link is followed; a file that a person names is opened wherever it leads. At most
    MOST_IN_FOLDER files of a folder are read, at most DEEPEST_FOLDER folders deep. Raises OSError.
    """
    files: list[GivenFile] = []
    problems: list[Problem] = []
    for path in paths:
        if str(path) == STANDARD_INPUT:
            files.append(GivenFile(STANDARD_INPUT_NAME, read_given(path)))
        elif path.is_dir():
            found = tuple(_in_folder(path))
            files += [each for each in found if isinstance(each, GivenFile)]
            problems += [each for each in found if isinstance(each, Problem)]
        else:
            files.append(GivenFile(str(path), read_given(path)))
    return tuple(files), tuple(problems)


def read_passwords(paths: Iterable[Path]) -> tuple[str, ...]:
    """Return the passwords in files, one a line, each as it stands, blanks included; raises OSError."""
    texts = (read_given(path).decode("utf-8-sig", errors="replace") for path in paths)
    return tuple(line for text in texts for line in text.splitlines() if line)


def _in_folder(folder: Path) -> Iterator[GivenFile | Problem]:
    """Yield what a folder holds, in the order of the names."""
    for count, path in enumerate(_below(folder, 0), 1):
        if count > MOST_IN_FOLDER:
            message = f"holds more than {MOST_IN_FOLDER} files, which is the most allowed"
            yield TOO_MANY.at(Place(str(folder), 1, 1), message)
            return
        yield _in_folder_file(path)


def _below(folder: Path, depth: int) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if entry.name not in LEFT_BY_FILE_MANAGERS)
    for name in names:
        path = folder / name
        if is_folder(path.lstat()) and depth < DEEPEST_FOLDER:
            yield from _below(path, depth + 1)
        else:
            yield path


def _in_folder_file(path: Path) -> GivenFile | Problem:
    """Return one file of a folder, or the problem that it is none; what was opened is looked at again."""
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        return NOT_A_FILE.at(Place(str(path), 1, 1), f"is {kind_of(status)}, not an ordinary file")
    with open(os.open(path, OPEN_FLAGS), "rb") as file:  # noqa: PTH123 - a descriptor, opened with flags
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return NOT_A_FILE.at(Place(str(path), 1, 1), "changed while it was read")
        return GivenFile(str(path), file.read(LARGEST_GIVEN + 1), is_part=True)
