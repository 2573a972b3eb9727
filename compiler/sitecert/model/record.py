"""`generation-N/manifest.json`: the facts of a generation that no other file tells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

FORMAT_VERSION = 1
SEAL = "record_sha256"


class RecordError(ValueError):
    """A record that is not one; the text is a clause for the user."""


@dataclass(frozen=True, slots=True)
class GenerationRecord:
    """The content of a generation's `manifest.json`.

    `files` maps each other file of the folder to its SHA-256 (hex); `recipients` are fingerprints.
    The file ends in a SHA-256 over itself, so that an edit shows even where nothing else would.
    """

    generation: int
    files: Mapping[str, str]
    spki_sha256: str | None
    recipients: tuple[str, ...]
    sealed: bool
    disclosed: bool

    def to_bytes(self) -> bytes:
        """Return the file's bytes: JSON with sorted files, LF, and the digest over all the rest."""
        fields = {
            "format_version": FORMAT_VERSION,
            "generation": self.generation,
            "files": dict(sorted(self.files.items())),
            "spki_sha256": self.spki_sha256,
            "recipients": list(self.recipients),
            "sealed": self.sealed,
            "disclosed": self.disclosed,
        }
        return to_json({**fields, SEAL: sha256(to_json(fields)).hexdigest()})

    @classmethod
    def from_bytes(cls, content: bytes) -> GenerationRecord:
        """Read a record; raises RecordError where it is not, byte for byte, what `to_bytes` wrote."""
        try:
            fields: dict[str, Any] = json.loads(content)
            _check_version(fields["format_version"])
            record = cls(
                generation=_typed(int, fields["generation"]),
                files={_typed(str, name): _typed(str, digest) for name, digest in fields["files"].items()},
                spki_sha256=None if fields["spki_sha256"] is None else _typed(str, fields["spki_sha256"]),
                recipients=tuple(_typed(str, each) for each in _typed(list, fields["recipients"])),
                sealed=_typed(bool, fields["sealed"]),
                disclosed=_typed(bool, fields["disclosed"]),
            )
            is_as_written = record.to_bytes() == content
        except RecordError:
            raise
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise RecordError("is not a record that sitecert wrote") from error
        if not is_as_written:
            raise RecordError("was edited: its own digest does not hold")
        return record


def _check_version(version: object) -> None:
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise RecordError(f"has format version {version}: a newer sitecert wrote it")


def _typed(kind: type, value: Any) -> Any:  # noqa: ANN401 - JSON can hold anything
    """Return a value that is of just this type (a boolean is no number)."""
    if type(value) is not kind:
        raise TypeError
    return value


def read_site_manifest(content: bytes) -> dict[str, str]:
    """Return the digests of `out/<site>/manifest.json`, by path below the site's folder.

    They tell what sitecert wrote last, and so who changed a file since; nothing else rests on them, so a
    manifest that is damaged gives none.
    """
    try:
        files = json.loads(content)["files"]
        return {_typed(str, name): _typed(str, digest) for name, digest in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def to_json(value: object) -> bytes:
    """Return JSON as every file under `out/` has it: indented, UTF-8, LF at the end."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()
