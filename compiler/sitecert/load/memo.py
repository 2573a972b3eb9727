"""What an earlier compile on this machine found to be whole: a run with nothing to do renders nothing."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version

from sitecert.model.memo import Remembered

MEMO = ".sitecert/memo.json"
RENDERERS = ("jinja2", "cryptography")


def read_memo(root: Path) -> dict[str, Remembered]:
    """Return what is remembered, by site; empty where nothing is.

    The memo belongs to one machine and is never committed; a damaged one counts as none.
    """
    try:
        found = json.loads((root / MEMO).read_bytes())
        return {
            str(site): Remembered(str(digest), tuple((int(number), str(spki)) for number, spki in keys))
            for site, (digest, keys) in found.items()
        }
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


@cache
def compiler_digest() -> str:
    """Return the SHA-256 (hex) of everything that renders: our source, and the versions of what it calls."""
    package = Path(__file__).parents[1]
    digest = sha256(python_version().encode())
    for name in RENDERERS:
        digest.update(f"{name} {_version(name)}".encode())
    for path in sorted(package.rglob("*.py")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(package).as_posix()} {len(content)} ".encode() + content)
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
