"""A problem as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sitecert.model.document import Place


class Severity(StrEnum):
    """An error stops its site; a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a person should see: where it is, what is wrong, and how to mend it.

    `code` is stable and stands in the registry. `message` speaks in the user's YAML keys and says what
    is allowed; `hint` says what to do. `pointer` is the JSON pointer of the value, or empty.
    `site` names the site whose output the problem stops; None stops every site.
    """

    code: str
    severity: Severity
    place: Place
    message: str
    hint: str
    pointer: str = ""
    site: str | None = None

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """The key by which problems are sorted: file, line, column, code, message."""
        return (self.place.path, self.place.line, self.place.column, self.code, self.message)


def errors(problems: tuple[Problem, ...] | list[Problem]) -> list[Problem]:
    """Return those of `problems` that are errors."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]
