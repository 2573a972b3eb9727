"""Everything that git holds: what is staged, and what each commit brought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sitecert.repo.history import Entry, History

LINKS = "160000"
NOTHING = frozenset("0")


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as a commit brought it; `commit` is the oldest that did."""

    commit: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit and what its author wrote about it."""

    oid: str
    message: str


def standing_paths(history: History) -> tuple[str, ...]:
    """Return the files of the work tree below the root, save those that git ignores."""
    return tuple(dict.fromkeys(history.fields("ls-files", "-z", "-c", "-o", "--exclude-standard")))


def staged_entries(history: History) -> tuple[Entry, ...]:
    """Return what the index has of files that stand otherwise, or no longer, in the work tree."""
    differing = frozenset(history.fields("diff-files", "-z", "--name-only", "--relative"))
    staged = (_staged(line) for line in history.fields("ls-files", "-z", "-s"))
    return tuple(each for each in staged if each.path in differing and each.mode != LINKS)


def brought(history: History, commits: str) -> tuple[Brought, ...]:
    """Return each different file that the commits of a range brought, merges included.

    A file that many of them have stands once. Raises HistoryError where the range is none.
    """
    found: dict[str, Brought] = {}
    options = ("--raw", "-z", "--no-abbrev", "--no-renames", "--root", "-m", "--format=%x01%H")
    fields = iter(history.fields("log", *options, "--end-of-options", commits, "--"))
    commit = ""
    for field in fields:
        if field.lstrip("\n").startswith("\x01"):
            commit = field.strip("\n\x01")
        elif field.lstrip("\n").startswith(":"):
            _, mode, _, oid, _ = field.strip("\n").split(" ")
            path = next(fields)
            if mode != LINKS and set(oid) != NOTHING:
                found[oid] = Brought(commit, Entry(path, mode, oid))
    return tuple(found.values())


def messages(history: History, commits: str) -> Iterator[Commit]:
    """Yield each commit of a range with its message; raises HistoryError where the range is none."""
    fields = iter(history.fields("log", "-z", "--format=%H%x00%B", "--end-of-options", commits, "--"))
    for oid, message in zip(fields, fields, strict=True):
        yield Commit(oid.strip("\n"), message)


def _staged(line: str) -> Entry:
    """Read `MODE OBJECT STAGE<tab>PATH` (git-ls-files(1))."""
    head, _, path = line.partition("\t")
    mode, oid, _ = head.split(" ")
    return Entry(path, mode, oid)
