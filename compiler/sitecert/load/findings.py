"""Problems of one YAML file, collected while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from sitecert.model.document import Place
from sitecert.problems import Problem, Rule
from sitecert.problems.codes.files import TOO_MANY

MOST_SHOWN = 100


@dataclass(slots=True)
class Findings:
    """The problems of one file so far; `lines` are the file's own, `site` the site that they stop."""

    path: str
    site: str | None
    lines: list[str]
    problems: list[Problem] = field(default_factory=list)

    def place(self, line: int, column: int, end_line: int, end_column: int) -> Place:
        """Return the place of a span, from positions that count from 0.

        A span over several lines is cut to its first one; a position behind the end of the file, where
        a parser notices what is missing, becomes the end of the last line that says something.
        """
        while line > 0 and (line >= len(self.lines) or not self.lines[line].strip()):
            line -= 1
            column = len(self.lines[line].rstrip()) if line < len(self.lines) else 0
        text = self.lines[line].rstrip()
        end = end_column if end_line == line else len(text)
        return Place(self.path, line + 1, column + 1, max(1, end - column))

    def add(self, rule: Rule, place: Place, message: str, hint: str = "") -> None:
        """Record a problem."""
        self.problems.append(rule.at(place, message, hint=hint, site=self.site))

    def has(self, rule: Rule) -> bool:
        """Tell whether a problem of a rule is among them."""
        return any(problem.code == rule.code for problem in self.problems)

    def sorted(self) -> tuple[Problem, ...]:
        """Return the problems in the order of their places, cut off where they flood."""
        found = sorted(self.problems, key=lambda problem: problem.order)
        if len(found) <= MOST_SHOWN:
            return tuple(found)
        last = TOO_MANY.at(
            found[MOST_SHOWN].place, f"{len(found) - MOST_SHOWN} more problems in this file", site=self.site
        )
        return (*found[:MOST_SHOWN], last)
