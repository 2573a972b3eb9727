"""Where what is made once and used by all later tests is kept, outside of the repository."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import filelock
import platformdirs

# Asked for now: later, a test may have a home of its own.
CACHE = platformdirs.user_cache_path("sitecert-tests")


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """Return the folder of that name; `make` fills it, if no test has done so yet.

    A folder that was left half made is made anew; of two tests that want it, one waits for the other.
    """
    folder = CACHE / name
    complete = folder / "complete"
    CACHE.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(CACHE / f"{name}.lock"):
        if not complete.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            complete.touch()
    return folder
