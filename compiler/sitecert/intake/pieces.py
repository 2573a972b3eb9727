"""What the given files hold, and the problems of what could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sitecert.model.document import Place
from sitecert.pki.formats.contents import Contents, GivenFile, Refusal, RefusalKind, Repair
from sitecert.pki.formats.reading import read_contents
from sitecert.problems import Problem, Rule, Severity
from sitecert.problems.codes import formats as codes

RULES: dict[RefusalKind, Rule] = {
    RefusalKind.EMPTY: codes.EMPTY_FILE,
    RefusalKind.UNREADABLE: codes.UNREADABLE_FILE,
    RefusalKind.WEB_PAGE: codes.WEB_PAGE,
    RefusalKind.DOCUMENT: codes.DOCUMENT,
    RefusalKind.PICTURE: codes.PICTURE,
    RefusalKind.OTHER_KIND: codes.OTHER_KIND,
    RefusalKind.CUT_OFF: codes.CUT_OFF,
    RefusalKind.DAMAGED: codes.DAMAGED,
    RefusalKind.UNSUPPORTED: codes.UNSUPPORTED,
    RefusalKind.LOCKED: codes.LOCKED,
    RefusalKind.WRONG_PASSWORD: codes.WRONG_PASSWORD,
    RefusalKind.TOO_MUCH: codes.TOO_LARGE_FILE,
    RefusalKind.EXPANDS: codes.EXPANDS,
    RefusalKind.TOO_DEEP: codes.TOO_DEEP,
    RefusalKind.TOO_MANY: codes.TOO_MANY,
    RefusalKind.TOO_COSTLY: codes.TOO_COSTLY,
    RefusalKind.NOT_A_FILE: codes.NOT_A_FILE,
}
BESIDE = frozenset(
    {
        RefusalKind.EMPTY,
        RefusalKind.UNREADABLE,
        RefusalKind.WEB_PAGE,
        RefusalKind.DOCUMENT,
        RefusalKind.PICTURE,
    }
)
"""What CAs put into their archives beside the certificates: instructions, a logo, an empty file."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Everything found in the given files, and the problems of what could not be read."""

    contents: Contents
    problems: tuple[Problem, ...]


def take_apart(files: Sequence[GivenFile], passwords: Sequence[str], site: str | None) -> Pieces:
    """Read files by content; `passwords` are tried wherever one is needed. Problems are those of `site`."""
    contents = read_contents(files, passwords)
    return Pieces(contents, tuple(_problems(contents, site)))


def refusal_problem(refusal: Refusal, site: str | None) -> Problem:
    """Return the problem that a file, or a part of one, was not read."""
    return _at(RULES[refusal.kind], refusal, site)


def _problems(contents: Contents, site: str | None) -> Iterator[Problem]:
    has_found = bool(contents.certificates or contents.requests)
    for refusal in contents.refusals:
        problem = refusal_problem(refusal, site)
        is_beside = refusal.kind is RefusalKind.OTHER_KIND or (refusal.is_part and refusal.kind in BESIDE)
        yield replace(problem, severity=Severity.WARNING) if has_found and is_beside else problem
    for repair in contents.repairs:
        yield _at(codes.REPAIRED, repair, site)


def _at(rule: Rule, told: Refusal | Repair, site: str | None) -> Problem:
    """Return a problem at a file; where the trail goes on inside the file, the message begins with it."""
    path, _, inside = told.origin.partition(": ")
    return rule.at(Place(path, 1, 1), f"{inside} {told.clause}".lstrip(), site=site)
