"""Which sites a change touches, by the paths that differ."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from sitecert.model.layout import DOCUMENT_HTML, DOCUMENT_MARKDOWN, EVIDENCE, MANIFEST, OUTPUT

SITE_FILE = re.compile(r"sites/((?:[^/]+/)?[^/]+)\.yaml")
OF_A_SITE = re.compile(
    rf"\.?generation-.*|runbooks|{re.escape(MANIFEST)}|{re.escape(DOCUMENT_MARKDOWN)}|{re.escape(DOCUMENT_HTML)}"
)
"""What a site's folder under `out/` holds; another name there is a group's site."""


def site_candidates(paths: Iterable[str]) -> frozenset[str]:
    """Return every name that a site of the paths may have: whether it has a file tells which it is."""
    return frozenset(name for path in paths for name in _candidates(path))


def touched_sites(paths: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """Return the sites that the paths belong to, sorted; `known` are those that have a file."""
    return tuple(sorted({name for path in paths if (name := _site_of(path, known)) is not None}))


def _candidates(path: str) -> Iterator[str]:
    match = SITE_FILE.fullmatch(path)
    if match:
        yield match[1]
    parts = path.split("/")
    if parts[0] in (OUTPUT, EVIDENCE) and len(parts) > 2:  # noqa: PLR2004 - out/, a site, a file
        yield parts[1]
        if len(parts) > 3:  # noqa: PLR2004 - out/, a group, its site, a file
            yield f"{parts[1]}/{parts[2]}"


def _site_of(path: str, known: Collection[str]) -> str | None:
    candidates = list(_candidates(path))
    if not candidates:
        return None
    chosen = [name for name in reversed(candidates) if name in known]
    if chosen:
        return chosen[0]
    below = path.split("/")[2] if not path.startswith("sites/") else ""
    return candidates[0] if OF_A_SITE.fullmatch(below) else candidates[-1]
