"""Find the sites of a repository: `sites/SITE.yaml` and `sites/GROUP/SITE.yaml`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sitecert.load.files import is_folder, kind_of
from sitecert.model.document import Place
from sitecert.model.layout import SITES, YAML_SUFFIX
from sitecert.problems import Problem, Rule
from sitecert.problems.codes.files import (
    NAME_CLASH,
    NESTED_GROUP,
    NO_SITES,
    NOT_A_REGULAR_FILE,
    NOT_READ,
    RESERVED_NAME,
    SITE_NAME,
    SITE_SUFFIX,
    UNREADABLE,
)
from sitecert.problems.wording import show_path

# Only lower case is allowed, so no two names differ in case alone.
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
LOOKS_LIKE_YAML = re.compile(r"\.ya?ml", re.IGNORECASE)

# What people, git, desktops and editors leave in any folder; the last two begin a lock and a shadow file.
EXPECTED = frozenset(
    {".gitkeep", ".gitignore", ".gitattributes", ".editorconfig", ".ds_store", "thumbs.db", "desktop.ini"}
    | {"readme", "readme.md", "readme.txt"}
)
EXPECTED_PREFIXES = (".#", "._")


@dataclass(frozen=True, slots=True, order=True)
class SiteFile:
    """The file of one site: `name` is `site` or `group/site`, `path` is relative to the root."""

    name: str
    path: str


def site_file_at(path: str) -> SiteFile:
    """Return the site whose file is at a path, relative to the root."""
    return SiteFile(path.removeprefix(f"{SITES}/").removesuffix(YAML_SUFFIX), path)


def find_sites(root: Path) -> tuple[tuple[SiteFile, ...], tuple[Problem, ...]]:
    """Return the sites that have a file, sorted by name, and a problem for whatever is no such file.

    Nothing is opened and no link is followed: a site's file that is a link or a pipe is among the
    sites, so that its output is not taken for abandoned, and `read_regular` refuses it.
    """
    finder = _Finder(root)
    finder.find()
    if not finder.files and not finder.problems:
        finder.add(NO_SITES, SITES, "there is no site under sites/")
    problems = sorted(finder.problems, key=lambda problem: problem.order)
    return tuple(sorted(finder.files)), tuple(problems)


def is_expected(name: str) -> bool:
    """Tell whether a file is one of those that may lie in any folder and are not read."""
    return name.casefold() in EXPECTED or name.startswith(EXPECTED_PREFIXES)


def check_site_name(name: str) -> Problem | None:
    """Return the problem of a name (`site` or `group/site`) that a person chose, if it has one."""
    finder = _Finder(Path())
    finder.check_name(name)
    return finder.problems[0] if finder.problems else None


class _Finder:
    """Walks `sites/` and its groups."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.files: list[SiteFile] = []
        self.problems: list[Problem] = []

    def find(self) -> None:
        groups = [
            name for name in self._scan(SITES, prefix="") if self._is_good_name(name, f"{SITES}/{name}")
        ]
        sites = {file.name for file in self.files}
        for group in groups:
            path = f"{SITES}/{group}"
            if group in sites:
                self.add(
                    NAME_CLASH,
                    f"{path}{YAML_SUFFIX}",
                    f"{group} is a site and a group (sites/{group}/) at once",
                )
            for folder in self._scan(path, prefix=f"{group}/"):
                self.add(NESTED_GROUP, f"{path}/{folder}", "a folder inside a group")

    def check_name(self, name: str) -> None:
        """Judge a name without a file."""
        group, _, site = name.rpartition("/")
        for part in (group, site) if group else (site,):
            self._is_good_name(part, f"{SITES}/{name}{YAML_SUFFIX}")

    def add(self, rule: Rule, path: str, message: str, hint: str = "") -> None:
        self.problems.append(rule.at(Place(show_path(path), 1, 1), message, hint=hint))

    def _scan(self, folder: str, prefix: str) -> list[str]:
        """Collect the sites of one folder; return the names of the folders in it."""
        folders = []
        for entry in self._entries(folder):
            path = f"{folder}/{entry.name}"
            if is_expected(entry.name):
                continue
            if is_folder(entry.stat(follow_symlinks=False)) and not entry.name.startswith("."):
                folders.append(entry.name)
            elif entry.name.endswith(YAML_SUFFIX):
                name = entry.name.removesuffix(YAML_SUFFIX)
                if self._is_good_name(name, path):
                    self.files.append(SiteFile(prefix + name, path))
            else:
                self._refuse(entry, path)
        return folders

    def _entries(self, folder: str) -> Iterator[os.DirEntry[str]]:
        """Yield what stands in a folder, sorted; a folder that is none, or cannot be read, is a problem."""
        try:
            status = (self._root / folder).lstat()
            if not is_folder(status):
                self.add(NOT_A_REGULAR_FILE, folder, f"is {kind_of(status)}, not a folder")
                return
            with os.scandir(self._root / folder) as entries:
                yield from sorted(entries, key=lambda entry: entry.name)
        except FileNotFoundError:
            return
        except OSError as error:
            self.add(UNREADABLE, folder, f"cannot be read: {(error.strerror or str(error)).lower()}")

    def _is_good_name(self, name: str, path: str) -> bool:
        if not NAME.fullmatch(name):
            shown = show_path(name)
            self.add(SITE_NAME, path, f'"{shown}" cannot name a site or group', _name_hint(name))
            return False
        if RESERVED.fullmatch(name):
            self.add(RESERVED_NAME, path, f'"{name}" is a name that Windows keeps for itself')
            return False
        return True

    def _refuse(self, entry: os.DirEntry[str], path: str) -> None:
        suffix = Path(entry.name).suffix
        status = entry.stat(follow_symlinks=False)
        if LOOKS_LIKE_YAML.fullmatch(suffix):
            stem = entry.name.removesuffix(suffix)
            self.add(
                SITE_SUFFIX, path, f"ends in {suffix}, not in .yaml", f"rename it to {show_path(stem)}.yaml"
            )
        elif (self._root / path).is_dir() and not is_folder(status):
            self.add(NOT_A_REGULAR_FILE, path, f"is {kind_of(status)}, not a folder")
        else:
            self.add(NOT_READ, path, "is no site's file, and is not read")


def _name_hint(name: str) -> str:
    """Return what the name could be instead, where a simple change makes it good."""
    better = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:63].strip("-")
    return f'rename it, for example to "{better}"' if better else ""
