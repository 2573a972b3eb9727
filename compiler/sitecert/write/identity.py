"""The user's own age identity, outside any work tree."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyrage
from platformdirs import user_config_path

from sitecert.model.document import Place
from sitecert.problems import Problem
from sitecert.problems.codes.environment import IDENTITY_IN_TREE, NO_IDENTITY
from sitecert.write.files import write_new

IDENTITY = "identity.txt"
SECRET = "AGE-SECRET-KEY-"  # noqa: S105 - how every identity begins
LARGEST = 64 * 1024
"""Bytes of an identity file that are looked at."""


@dataclass(frozen=True, slots=True)
class OwnIdentity:
    """The user's recipient, where the identity that opens what is encrypted to it lies, whether it is new."""

    recipient: str
    path: Path
    is_new: bool


def own_identity(repository: Path) -> OwnIdentity | Problem:
    """Return the user's age identity, made where there is none, or the problem that forbids that.

    It is written once, exclusively, with mode 0600, into the user's configuration folder; never into
    `repository` or a git work tree, from where it could be published. Raises OSError.
    """
    path = user_config_path("sitecert") / IDENTITY
    if not os.path.lexists(path):
        tree = _tree_around(path, repository)
        if tree is not None:
            message = f"the identity would lie in the work tree {tree}"
            return IDENTITY_IN_TREE.at(Place(str(path), 1, 1), message)
        identity = pyrage.x25519.Identity.generate()
        recipient = str(identity.to_public())
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):  # made by another run meanwhile: that one is used
            write_new(path, f"# public key: {recipient}\n{identity}\n".encode(), mode=0o600)
            return OwnIdentity(recipient, path, is_new=True)
    return _read_identity(path)


def _tree_around(path: Path, repository: Path) -> Path | None:
    """Return the work tree, or the certificate repository, that a path lies in."""
    own = repository.resolve()
    return next(
        (folder for folder in path.resolve().parents if folder == own or os.path.lexists(folder / ".git")),
        None,
    )


def _read_identity(path: Path) -> OwnIdentity | Problem:
    with path.open(encoding="utf-8", errors="replace") as file:
        lines = file.read(LARGEST).splitlines()
    secrets = [line.strip() for line in lines if line.strip().startswith(SECRET)]
    try:
        recipient = str(pyrage.x25519.Identity.from_str(secrets[0]).to_public())
    except (IndexError, pyrage.IdentityError):
        return NO_IDENTITY.at(Place(str(path), 1, 1), "holds no age identity that can be used")
    return OwnIdentity(recipient, path, is_new=False)
