"""Read what stands under `out/`: bytes and digests, nothing understood, nothing followed."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sitecert.load.files import OPEN_FLAGS, is_folder, kind_of
from sitecert.model.document import Place
from sitecert.model.layout import KEY, LARGEST_FILE, MANIFEST, OUTPUT, site_folder
from sitecert.model.record import read_site_manifest
from sitecert.model.stored import StoredGeneration, StoredSite
from sitecert.problems import Problem
from sitecert.problems.codes.files import UNREADABLE
from sitecert.problems.codes.generations import NOT_A_FILE
from sitecert.problems.wording import show_path

GENERATION = re.compile(r"generation-(0|[1-9][0-9]{0,5})")
ASIDE = re.compile(r"\.generation-(0|[1-9][0-9]{0,5})\.(?:old|new|gone)")


@dataclass(frozen=True, slots=True)
class Stray:
    """A file under `out/` that belongs to no site of the repository.

    `key_folder` is the generation's folder where that holds a private key, else None.
    """

    path: str
    key_folder: str | None


def read_site(root: Path, name: str) -> tuple[StoredSite, tuple[Problem, ...]]:
    """Read everything under `out/<name>/`; what is no ordinary file, or cannot be read, is a problem."""
    base = site_folder(name)
    walk = _Walk(root, name)
    contents = {path: content for path in walk.files_below(base) if (content := walk.read(path)) is not None}
    folders = {folder for path in contents if (folder := _top_folder(path, base))}
    generations = {
        number: StoredGeneration(number, f"{base}/{folder}", _files_in(contents, f"{base}/{folder}"))
        for number, folder in _standing_generations(folders).items()
    }
    stored = StoredSite(
        name=name,
        generations=generations,
        digests={path: sha256(content).hexdigest() for path, content in contents.items()},
        interrupted=tuple(
            sorted(path for path in walk.folders if ASIDE.fullmatch(path.removeprefix(f"{base}/")))
        ),
        written={
            f"{base}/{file}": digest
            for file, digest in read_site_manifest(contents.get(f"{base}/{MANIFEST}", b"")).items()
        },
    )
    return stored, tuple(walk.problems)


def find_strays(root: Path, names: frozenset[str]) -> tuple[tuple[Stray, ...], tuple[Problem, ...]]:
    """Return the files under `out/` that lie in the folder of none of the sites `names`."""
    walk = _Walk(root, None, leave_out=frozenset(map(site_folder, names)))
    paths = list(walk.files_below(OUTPUT))
    with_key = {folder for folder, _, name in (path.rpartition("/") for path in paths) if name == KEY}
    strays = (
        Stray(path, folder if (folder := path.rpartition("/")[0]) in with_key else None) for path in paths
    )
    return tuple(strays), tuple(walk.problems)


class _Walk:
    """Looks at everything below a folder of the repository, and collects what is wrong with it.

    `folders` are those that were seen on the way, empty ones too.
    """

    def __init__(self, root: Path, site: str | None, leave_out: frozenset[str] = frozenset()) -> None:
        self._root = root
        self._site = site
        self._leave_out = leave_out
        self.folders: list[str] = []
        self.problems: list[Problem] = []

    def files_below(self, folder: str) -> Iterator[str]:
        """Yield the path of each regular file below `folder`, sorted; none where it does not exist.

        Every folder on the way to it is looked at too: nothing is reached through a link.
        """
        parents = folder.split("/")
        for count in range(1, len(parents) + 1):
            path = "/".join(parents[:count])
            status = self._status(path)
            if status is None:
                return
            if not is_folder(status):
                if path != folder:
                    self._refuse(path, "is no folder")
                else:
                    yield from self._file(path, status)
                return
        yield from self._below(folder)

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None where they cannot be had."""
        try:
            with open(os.open(self._root / path, OPEN_FLAGS), "rb") as file:  # noqa: PTH123 - with flags
                return file.read(LARGEST_FILE)
        except OSError as error:
            self._unreadable(path, error)
            return None

    def _below(self, folder: str) -> Iterator[str]:
        self.folders.append(folder)
        for name in self._names(folder):
            path = f"{folder}/{name}"
            if not name.isprintable():
                self._refuse(path, "has a name that sitecert never writes")
            elif path not in self._leave_out and (status := self._status(path)) is not None:
                yield from self._below(path) if is_folder(status) else self._file(path, status)

    def _file(self, path: str, status: os.stat_result) -> Iterator[str]:
        """Yield the path where it is that of a regular file of a size that sitecert writes."""
        if not stat.S_ISREG(status.st_mode):
            self._refuse(path, f"is {kind_of(status)}, not an ordinary file")
        elif status.st_size > LARGEST_FILE:
            self._refuse(path, "is larger than 1 MiB, which is the most allowed")
        else:
            yield path

    def _names(self, folder: str) -> list[str]:
        try:
            return sorted(entry.name for entry in (self._root / folder).iterdir())
        except OSError as error:
            self._unreadable(folder, error)
            return []

    def _status(self, path: str) -> os.stat_result | None:
        """Return a path's own status (never a link's target's), or None where nothing is there."""
        try:
            return os.lstat(self._root / path)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._unreadable(path, error)
            return None

    def _refuse(self, path: str, message: str) -> None:
        path = show_path(path)
        hint = f"remove it; where git has a file there, bring that back with `git checkout -- {path}`"
        self.problems.append(NOT_A_FILE.at(Place(path, 1, 1), message, hint=hint, site=self._site))

    def _unreadable(self, path: str, error: OSError) -> None:
        place = Place(show_path(path), 1, 1)
        message = f"cannot be read: {(error.strerror or str(error)).lower()}"
        self.problems.append(UNREADABLE.at(place, message, site=self._site))


def _top_folder(path: str, base: str) -> str | None:
    """Return the name of the folder of `base` in which a path lies, or None."""
    if not path.startswith(f"{base}/"):
        return None
    folder, slash, _ = path.removeprefix(f"{base}/").partition("/")
    return folder if slash else None


def _files_in(contents: dict[str, bytes], folder: str) -> dict[str, bytes]:
    prefix = f"{folder}/"
    return {
        path.removeprefix(prefix): content for path, content in contents.items() if path.startswith(prefix)
    }


def _standing_generations(folders: set[str]) -> dict[int, str]:
    """Map each generation's number to the folder that holds it, after an interrupted run as well.

    A generation is built in `.generation-N.new`, then the old folder goes to `.generation-N.old`, then
    the new one takes its name. So where the old one is aside and the name is free, the new one is whole.
    """
    standing = {int(match[1]): folder for folder in folders if (match := GENERATION.fullmatch(folder))}
    for folder in sorted(folders):
        match = ASIDE.fullmatch(folder)
        if match and folder.endswith(".old") and int(match[1]) not in standing:
            new = folder.removesuffix(".old") + ".new"
            standing[int(match[1])] = new if new in folders else folder
    return dict(sorted(standing.items()))
