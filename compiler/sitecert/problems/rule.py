"""What the registry holds of each code."""

from __future__ import annotations

from dataclasses import dataclass

from sitecert.model.document import Place
from sitecert.problems.problem import Problem, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule behind a code, as `sitecert explain` and `docs/rules.md` print it.

    `title` is a short phrase, `rule` says what must hold, `why` what breaks otherwise, `source` where
    that is laid down, `fix` what to do. `waivable` rules may be waived by a site and `softenable` ones
    turned down by `policy.severity`.
    """

    code: str
    title: str
    rule: str
    why: str
    source: str
    fix: str
    severity: Severity = Severity.ERROR
    waivable: bool = False
    softenable: bool = False

    def at(
        self, place: Place, message: str, *, hint: str = "", pointer: str = "", site: str | None = None
    ) -> Problem:
        """Return this rule's problem at a place; the hint is the rule's own fix unless one is given."""
        return Problem(self.code, self.severity, place, message, hint or self.fix, pointer, site)
