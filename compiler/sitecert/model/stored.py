"""What stands under `out/`, as it was read: bytes and digests, not yet understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StoredGeneration:
    """The files of one generation's folder, by name.

    `folder` is where they lie, relative to the repository's root: after an interrupted run that is not
    where they belong.
    """

    number: int
    folder: str
    files: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredSite:
    """Everything under `out/<site>/`.

    `digests` maps each file's path, relative to the root, to the SHA-256 (hex) of its bytes, the
    generations' files included; `interrupted` names the folders that a killed run left aside;
    `written` maps each path to the digest that the site's `manifest.json` gives: what sitecert wrote last.
    """

    name: str
    generations: Mapping[int, StoredGeneration]
    digests: Mapping[str, str]
    interrupted: tuple[str, ...] = ()
    written: Mapping[str, str] = field(default_factory=dict)
