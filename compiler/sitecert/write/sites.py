"""Make new sites' files, all or none."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from sitecert.write.files import create_file


def create_sites(root: Path, files: Mapping[str, bytes]) -> None:
    """Write files by their path, none of which exists; where one cannot be, those before it go again.

    Raises OSError that names the file, FileExistsError where one stands there by now.
    """
    made: list[Path] = []
    try:
        for path, content in files.items():
            create_file(root / path, content)
            made.append(root / path)
    except BaseException:
        for each in made:
            with suppress(OSError):
                each.unlink()
        raise
