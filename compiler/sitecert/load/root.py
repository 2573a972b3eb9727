"""Find the repository that a folder belongs to."""

from __future__ import annotations

import os
from pathlib import Path

CONFIGURATION = "sitecert.yaml"


def find_root(start: Path) -> Path | None:
    """Return the nearest folder from `start` upwards that has a `sitecert.yaml`, or None."""
    start = start.resolve()
    return next(
        (folder for folder in (start, *start.parents) if os.path.lexists(folder / CONFIGURATION)), None
    )
