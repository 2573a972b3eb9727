"""What was asked for, what came, and what is wrong with it, if anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sitecert.model.verdict import Field
from sitecert.problems.problem import Problem, Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One field of what came, judged.

    `asked` and `came` are words for a reader, on one line each; `asked` is empty where nothing in
    particular was asked for. `problem` is None where the field is as it should be; `accepted` says that
    a person overruled it.
    """

    field: Field
    asked: str
    came: str
    problem: Problem | None = None
    accepted: bool = False

    @property
    def word(self) -> str:
        """What is thought of it: `ok`, `accepted`, or how grave the problem is."""
        if self.problem is None:
            return "ok"
        return "accepted" if self.accepted else self.problem.severity.value

    def accept(self) -> Finding:
        """Return the finding as overruled: its problem is still shown, and stops nothing."""
        if self.problem is None:
            return self
        message = f"{self.problem.message} (accepted)"
        problem = replace(self.problem, severity=Severity.WARNING, message=message)
        return replace(self, problem=problem, accepted=True)

    def weigh(self, weigh: Callable[[Problem], Problem]) -> Finding:
        """Return the finding with its problem as `weigh` gives it; what was accepted stays so."""
        if self.problem is None or self.accepted:
            return self
        return replace(self, problem=weigh(self.problem))
