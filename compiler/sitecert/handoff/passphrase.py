"""A passphrase that a person gives in a file: whether it can be typed, and whether it protects."""

from __future__ import annotations

from sitecert.model.document import Place
from sitecert.model.runbook import KeyDelivery
from sitecert.problems import Problem
from sitecert.problems.codes.handoff import UNFIT_PASSPHRASE

SHORTEST = 20
"""Characters. 20 random letters and digits are 119 bits; a person's own words need the length the more."""

LONGEST = 64
"""Characters: a Kemp LoadMaster takes no more, and nobody types more."""

SPACE, TILDE = 0x20, 0x7E
"""The ends of printable ASCII."""


def read_passphrase(content: bytes, path: str, delivery: KeyDelivery) -> str | Problem:
    """Return the first line of a passphrase file, without its line end, or the problem that it is unfit.

    The problem says what is wrong without any character of it.
    """
    line = content.partition(b"\n")[0]
    unfit = _unfit(line, delivery)
    if unfit:
        return UNFIT_PASSPHRASE.at(Place(path, 1, 1), f"its first line {unfit}")
    return line.decode("ascii")


def _unfit(line: bytes, delivery: KeyDelivery) -> str:
    """Return what is wrong with a passphrase first, or nothing."""
    faults = (
        (not line, "is empty"),
        (
            line.endswith(b"\r"),
            "ends as in Windows: a server would take the carriage return for a part of the passphrase",
        ),
        (
            any(not SPACE <= each <= TILDE for each in line),
            "holds a character that is not printable ASCII, which systems write in different ways",
        ),
        (line.strip() != line, "begins or ends with a space, which nobody sees"),
        (
            not SHORTEST <= len(line) <= LONGEST,
            f"has {len(line)} characters; {SHORTEST} to {LONGEST} are allowed",
        ),
        (
            delivery.alphanumeric and not line.isalnum(),
            "holds more than letters and digits, and this load balancer may take no others",
        ),
    )
    return next((clause for is_so, clause in faults if is_so), "")
