"""The package's own data: schemas and templates, and the templates that a repository puts in their place.

The wheel carries them inside the package (`_data/`); a checkout has them at its root.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from sitecert.load.files import is_folder, read_regular
from sitecert.load.sites import is_expected
from sitecert.model.document import Place
from sitecert.problems import Problem
from sitecert.problems.codes.files import NO_SUCH_TEMPLATE, NOT_UTF8, TEMPLATE_NOT_YOURS, UNREADABLE
from sitecert.problems.wording import show_path

SCHEMA_SUFFIX = ".schema.json"
TEMPLATE_ROOMS = ("openssl", "runbook", "documents", "handoff", "pages")
OVERRIDABLE_ROOMS = ("documents", "handoff", "pages")
SKELETON = "repository"
TEMPLATES = "templates"
LARGEST_TEMPLATE = 256 * 1024
"""Bytes: no template of a repository is larger."""


def read_schema(name: str) -> str:
    """Return the text of a published schema, by its name (`site`); raises KeyError where there is none."""
    if name not in schema_names():
        raise KeyError(name)
    return (_data_folder() / "schema" / f"{name}{SCHEMA_SUFFIX}").read_text("utf-8")


def schema_names() -> tuple[str, ...]:
    """Return the names of the published schemas, sorted."""
    files = (_data_folder() / "schema").glob(f"*{SCHEMA_SUFFIX}")
    return tuple(sorted(file.name.removesuffix(SCHEMA_SUFFIX) for file in files))


def read_templates() -> dict[str, str]:
    """Return the text of every template that compiling uses, by its name (`runbook/install.sh.j2`)."""
    folder = _data_folder() / TEMPLATES
    return {
        name: (folder / name).read_text("utf-8")
        for room in TEMPLATE_ROOMS
        for name in _files_below(folder, room)
    }


def read_repository_skeleton() -> dict[str, bytes]:
    """Return the files that `init` lays out, by their paths in the new repository."""
    folder = _data_folder() / TEMPLATES
    return {
        name.removeprefix(f"{SKELETON}/"): (folder / name).read_bytes()
        for name in _files_below(folder, SKELETON)
    }


def read_overrides(root: Path) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Return the templates that a repository puts in the place of the package's own, by name.

    Only those of `documents/`, `handoff/` and `pages/` can be replaced, for root runs what the others make.
    The project's own checkout, whose templates are the package's, overrides none.
    """
    folder = root / TEMPLATES
    if not os.path.lexists(folder) or is_our_own(root):
        return {}, ()
    packaged = _packaged_names()
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    try:
        for name in _files_below(folder, ""):
            if is_expected(name.rpartition("/")[2]):
                continue
            found = _read_override(root, name, packaged)
            if isinstance(found, Problem):
                problems.append(found)
            else:
                texts[name] = found
    except OSError as error:
        message = f"cannot be read: {(error.strerror or str(error)).lower()}"
        problems.append(UNREADABLE.at(Place(TEMPLATES, 1, 1), message))
    return texts, tuple(problems)


def is_our_own(root: Path) -> bool:
    """Tell whether a repository is the checkout that sitecert runs from: its templates are the package's."""
    return (root / TEMPLATES).resolve() == (_data_folder() / TEMPLATES).resolve()


def _read_override(root: Path, name: str, packaged: list[str]) -> str | Problem:
    path = f"{TEMPLATES}/{name}"
    place = Place(show_path(path), 1, 1)
    room = name.partition("/")[0]
    if room in TEMPLATE_ROOMS and room not in OVERRIDABLE_ROOMS:
        return TEMPLATE_NOT_YOURS.at(place, f"templates of {room}/ come from sitecert alone")
    if name not in packaged:
        close = get_close_matches(name, packaged, n=1)
        hint = f"did you mean {TEMPLATES}/{close[0]}?" if close else ""
        return NO_SUCH_TEMPLATE.at(place, "sitecert has no template of this name", hint=hint)
    content = read_regular(root, path, LARGEST_TEMPLATE)
    if isinstance(content, Problem):
        return content
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return NOT_UTF8.at(place, "the template is not UTF-8")


def _packaged_names() -> list[str]:
    folder = _data_folder() / TEMPLATES
    return [name for room in OVERRIDABLE_ROOMS for name in _files_below(folder, room)]


def _files_below(folder: Path, relative: str) -> Iterator[str]:
    """Yield whatever is no folder below `folder/relative`, sorted, as a path from `folder`."""
    base = folder / relative
    if not os.path.lexists(base):
        return
    if not is_folder(base.lstat()):
        yield relative
        return
    for entry in sorted(base.iterdir()):
        yield from _files_below(folder, f"{relative}/{entry.name}" if relative else entry.name)


def _data_folder() -> Path:
    installed = Path(__file__).parents[1] / "_data"
    return installed if installed.is_dir() else Path(__file__).parents[3]
