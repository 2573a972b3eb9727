"""Keep what `verify` saw, under `evidence/` at the repository's root."""

from __future__ import annotations

import errno
import os
from pathlib import Path, PurePosixPath

from sitecert.model.layout import evidence_folder
from sitecert.write.files import create_file


def write_evidence(root: Path, site: str, name: str, content: bytes) -> str:
    """Write a new file into a site's evidence, durably, and return its path relative to the root.

    Nothing is ever overwritten, and nothing written through a link. Raises OSError that names the file
    or the folder, FileExistsError above all.
    """
    path = f"{evidence_folder(site)}/{name}"
    for parent in reversed(PurePosixPath(path).parents[:-1]):
        folder = root / parent
        if os.path.lexists(folder) and (folder.is_symlink() or not folder.is_dir()):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    create_file(root / path, content)
    return path
