"""Keep two writers apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

STATE = ".sitecert"


class RepositoryLocked(Exception):  # noqa: N818 - it is a state, not a fault
    """Another process writes to this repository."""


def state_folder(root: Path) -> Path:
    """Return the folder for what belongs to this machine alone, made with a rule that git ignores it."""
    folder = root / STATE
    folder.mkdir(exist_ok=True)
    with suppress(FileExistsError), (folder / ".gitignore").open("x") as file:
        file.write("*\n")
    return folder


@contextmanager
def repository_lock(root: Path) -> Iterator[None]:
    """Hold the repository's lock; the kernel drops it when the holder dies, so none is ever stale.

    Raises RepositoryLocked at once where another process holds it.
    """
    # What only reads holds no lock, and need not wait for it to be imported.
    from filelock import FileLock, Timeout  # noqa: PLC0415 - see above

    lock = FileLock(state_folder(root) / "lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise RepositoryLocked from error
    try:
        yield
    finally:
        lock.release()
