"""Bring `out/` to what was compiled."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath

from sitecert.model.artifact import Artifact, Change, Verb
from sitecert.model.layout import MANIFEST, generation_folder, site_folder
from sitecert.model.stored import StoredSite
from sitecert.write.files import complete_folder, remove_folder, replace_file, replace_folder

GENERATION = re.compile(r"generation-[0-9]+")


def complete_interrupted(root: Path, stored: StoredSite) -> None:
    """Complete what a killed run began in a site's folder; raises OSError that names the generation."""
    numbers = {PurePosixPath(folder).name.split("-")[1].split(".")[0] for folder in stored.interrupted}
    for number in sorted(numbers):
        complete_folder(root / generation_folder(stored.name, int(number)))


def write_site(root: Path, site: str, artifacts: Iterable[Artifact], changes: Iterable[Change]) -> None:
    """Make the changes of one site: what goes, generations as wholes, files, the site's manifest last.

    What goes is first, for it may lie where something else belongs (a file named as a folder). A key
    reaches the disk before anything that refers to it. Raises OSError that names the file where the disk
    refuses; what was replaced before stands, the rest is as it was, and the next compile goes on there.
    """
    contents = {artifact.path: artifact.content for artifact in artifacts}
    touched: set[str] = set()
    removed: list[str] = []
    replaced: list[str] = []
    for change in changes:
        folder = _generation_of(change.path, site)
        if folder is not None:
            touched.add(folder)
        elif change.verb is Verb.REMOVE:
            removed.append(change.path)
        else:
            replaced.append(change.path)
    for path in removed:
        remove_file(root, path)
    _write_generations(root, site, touched, contents)
    manifest = f"{site_folder(site)}/{MANIFEST}"
    for path in sorted(replaced, key=lambda path: (path == manifest, path)):
        replace_file(root / path, contents[path])


def remove_file(root: Path, path: str) -> None:
    """Remove a file and the folders that it leaves empty."""
    (root / path).unlink(missing_ok=True)
    for parent in PurePosixPath(path).parents:
        if len(parent.parts) < 2:  # noqa: PLR2004 - out/ itself stays
            return
        with suppress(OSError):
            (root / parent).rmdir()


def _write_generations(root: Path, site: str, folders: Iterable[str], contents: dict[str, bytes]) -> None:
    """Replace generations, then remove those that have no file any more."""
    files: dict[str, dict[str, bytes]] = {folder: {} for folder in sorted(folders)}
    for path, content in contents.items():
        folder = _generation_of(path, site)
        if folder in files:
            files[folder][PurePosixPath(path).name] = content
    for folder, held in sorted(files.items(), key=lambda item: not item[1]):
        if held:
            replace_folder(root / folder, held)
        else:
            remove_folder(root / folder)


def _generation_of(path: str, site: str) -> str | None:
    """Return the generation's folder that a path lies in, or None."""
    base = site_folder(site)
    folder, slash, _ = path.removeprefix(f"{base}/").partition("/")
    return f"{base}/{folder}" if slash and GENERATION.fullmatch(folder) else None
