"""Whether git has a file."""

from __future__ import annotations

from pathlib import Path


def is_committed(root: Path, folder: str) -> bool:
    """Say whether git's HEAD holds every file of `folder` (relative to `root`), byte for byte.

    False where there is no git, no repository, no commit, or no file.
    """
    try:
        # GitPython looks for git's program when it is imported, which takes longer than most runs.
        from git import GitError, Repo  # noqa: PLC0415 - see above
    except ImportError:
        return False
    try:
        with Repo(root, search_parent_directories=True) as repository:
            tree = repository.head.commit.tree
            top = Path(repository.working_dir).resolve()
            files = [path for path in (root / folder).rglob("*") if not path.is_dir()]
            held = (tree / path.resolve().relative_to(top).as_posix() for path in files)
            pairs = zip(files, held, strict=True)
            return bool(files) and all(blob.data_stream.read() == path.read_bytes() for path, blob in pairs)
    except (GitError, KeyError, ValueError, OSError):
        return False
