"""A pack, written as a folder or as an archive."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from sitecert.handoff.pack import ARCHIVES, Pack
from sitecert.model.document import Place
from sitecert.problems import Problem
from sitecert.problems.codes.handoff import TARGET_EXISTS
from sitecert.write.pack import holds_file, holds_folder, is_taken, new_file, new_folder


def new_pack(pack: Pack, output: Path) -> AbstractContextManager[None]:
    """Write a pack to `output` around the caller's block: an archive where the name ends like one.

    Raises as `sitecert.write.pack.new_folder` does.
    """
    archive = ARCHIVES.get(output.suffix)
    return new_folder(output, pack.files) if archive is None else new_file(output, archive(pack))


def is_there(pack: Pack, output: Path) -> bool:
    """Say whether `output` is this very pack already; raises OSError where it cannot be read."""
    if not is_taken(output):
        return False
    archive = ARCHIVES.get(output.suffix)
    return holds_folder(output, pack.files) if archive is None else holds_file(output, archive(pack))


def taken(output: Path) -> Problem:
    """Return the problem that something else has the pack's name."""
    return TARGET_EXISTS.at(Place(str(output), 1, 1), "is there already; a pack overwrites nothing")
