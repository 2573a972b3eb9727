"""A new certificate repository, and a new site in one."""

from __future__ import annotations

import os
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from pathlib import Path

from sitecert import __version__
from sitecert.emit.repository import repository_files, site_files
from sitecert.load.data import read_repository_skeleton, read_schema, schema_names
from sitecert.load.files import read_regular
from sitecert.load.root import CONFIGURATION
from sitecert.load.strict_yaml import LARGEST_YAML, parse
from sitecert.model.document import Mapping
from sitecert.model.draft import SiteDraft
from sitecert.model.layout import SITES, site_path
from sitecert.pki.recipients import parse_recipient
from sitecert.problems import Problem
from sitecert.write.files import write_missing
from sitecert.write.identity import OwnIdentity, own_identity

NEEDED_IN_SUBJECT = ("country", "state")


@dataclass(frozen=True, slots=True)
class LaidOut:
    """What `init` did: the files written, those that were there already, the identity if one was used."""

    written: tuple[str, ...]
    kept: tuple[str, ...]
    identity: OwnIdentity | None


def is_repository(directory: Path) -> bool:
    """Tell whether a folder has a `sitecert.yaml` already, which says who the recipients are."""
    return os.path.lexists(directory / CONFIGURATION)


def lay_out(directory: Path, recipients: tuple[str, ...]) -> LaidOut | Problem:
    """Write a repository's files into `directory`; what is there already stays as it is.

    Without recipients the user's own age identity is taken, or made, where `sitecert.yaml` is yet to be
    written. The example site comes only where there is no `sites/`. Raises PkiError for a recipient
    that keys cannot be encrypted to, OSError where the disk refuses.
    """
    texts = tuple(parse_recipient(each).text for each in recipients)
    identity = None
    if not texts and not is_repository(directory):
        found = own_identity(directory)
        if isinstance(found, Problem):
            return found
        identity, texts = found, (found.recipient,)
    files = repository_files(read_repository_skeleton(), texts, __version__)
    files |= {f"schema/{name}.schema.json": read_schema(name).encode() for name in schema_names()}
    has_sites = os.path.lexists(directory / SITES)
    wanted = {path: text for path, text in files.items() if not (has_sites and path.startswith(f"{SITES}/"))}
    written = tuple(path for path, content in wanted.items() if write_missing(directory / path, content))
    return LaidOut(written, tuple(path for path in wanted if path not in written), identity)


def missing_in_defaults(root: Path) -> tuple[str, ...]:
    """Return the fields of the subject that every site needs and the repository's defaults do not give."""
    content = read_regular(root, CONFIGURATION, LARGEST_YAML)
    document = None if isinstance(content, Problem) else parse(CONFIGURATION, content)[0]
    defaults = document.root.get("defaults") if document else None
    subject = defaults.get("subject") if isinstance(defaults, Mapping) else None
    given = {entry.key.text for entry in subject.entries} if isinstance(subject, Mapping) else set()
    return tuple(field for field in NEEDED_IN_SUBJECT if field not in given)


def write_site_file(root: Path, site: str, draft: SiteDraft) -> bool:
    """Write a site's file from a draft; return False where it is there already. Raises OSError."""
    return write_missing(root / site_path(site), new_site_files({site: draft})[site])


def new_site_files(drafts: MappingOf[str, SiteDraft]) -> dict[str, bytes]:
    """Return a commented file for each new site, by the sites' names."""
    return site_files(read_repository_skeleton(), drafts)
