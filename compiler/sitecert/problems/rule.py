"""What the registry holds of each code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sitecert.model.document import Place
from sitecert.problems.problem import Problem, Severity

SECRET = re.compile(r"(AGE-SECRET-KEY-)\w+|(-----BEGIN [A-Z ]*PRIVATE KEY-----)[\w+/=\s]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule behind a code, as `sitecert explain` and `docs/rules.md` print it.

    `title` is a short phrase, `rule` says what must hold, `why` what breaks otherwise, `source` where
    that is laid down, `fix` what to do. `waivable` rules may be waived by a site, `softenable` ones turned
    down by `policy.severity`, and `acceptable` ones overruled for one intake by `--accept`.
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
    acceptable: bool = False

    def at(
        self, place: Place, message: str, *, hint: str = "", pointer: str = "", site: str | None = None
    ) -> Problem:
        """Return this rule's problem at a place; the hint is the rule's own fix unless one is given.

        A private key that a person put in the place of another value is not repeated.
        """
        said, help_text = _without_secrets(message), _without_secrets(hint or self.fix)
        return Problem(self.code, self.severity, place, said, help_text, pointer, site)


def _without_secrets(text: str) -> str:
    return SECRET.sub(r"\1\2(not shown)", text)
