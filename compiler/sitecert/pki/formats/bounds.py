"""How much is done for files that somebody sent: bytes, objects, depth and computing."""

from __future__ import annotations

from dataclasses import dataclass

from sitecert.pki.formats.contents import RefusalKind
from sitecert.pki.formats.errors import ExhaustedError, NotReadError

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large things may be.

    `file` bounds the bytes of a file, given or in an archive; `total` those of all files together, unpacked;
    `entries` the files of one archive.
    """

    file: int
    total: int
    entries: int


SENT = Sizes(file=MEBIBYTE, total=4 * MEBIBYTE, entries=200)
"""What people send: a CA returns some kilobytes."""

MOST_OBJECTS = 500
"""Certificates, keys and whatever else is found in all files together; a CA's whole bundle has some 150."""

DEEPEST = 4
"""Archives within archives; a compressed tar counts for two."""

WORK_WITHOUT_PASSWORD = 650_000
WORK_FOR_A_PASSWORD = 650_000
"""Microseconds of computing that a file may ask for, by the estimates of `Bounds.spend_work`."""

LARGEST_RSA = 8192
"""Bits of an RSA key that is opened: to check a larger one takes seconds."""


class Bounds:
    """What is left of the bounds while one set of files is read."""

    def __init__(self, passwords: int, sizes: Sizes = SENT) -> None:
        """Begin with everything; each password that may be tried gives more computing."""
        self.sizes = sizes
        self._bytes = sizes.total
        self._objects = MOST_OBJECTS
        self._work = WORK_WITHOUT_PASSWORD + WORK_FOR_A_PASSWORD * passwords

    @property
    def largest(self) -> int:
        """How many bytes the next file may have, unpacked."""
        return min(self.sizes.file, self._bytes)

    def check_size(self, size: int) -> None:
        """Raise NotReadError for a file that is larger than a file may be."""
        if size > self.sizes.file:
            clause = f"has more than {self.sizes.file // MEBIBYTE} MiB, which is the most allowed"
            raise NotReadError(RefusalKind.TOO_MUCH, clause)

    def spend_bytes(self, count: int) -> None:
        """Count bytes that were unpacked; raises ExhaustedError where there are too many."""
        self._bytes -= count
        if self._bytes < 0:
            raise ExhaustedError(
                RefusalKind.EXPANDS,
                f"what was given holds more than {self.sizes.total // MEBIBYTE} MiB in all, "
                "which is the most allowed",
            )

    def spend_object(self) -> None:
        """Count one object that was found; raises ExhaustedError where there are too many."""
        self._objects -= 1
        if self._objects < 0:
            raise ExhaustedError(
                RefusalKind.TOO_MANY,
                f"what was given holds more than {MOST_OBJECTS} objects, which is the most allowed",
            )

    def spend_work(self, microseconds: int, what: str) -> None:
        """Reserve computing before it is done; raises NotReadError where `what` would take too long.

        The estimate depends on what the file says and never on a clock, so that a file gets the same
        answer everywhere.
        """
        if microseconds > self._work:
            raise NotReadError(
                RefusalKind.TOO_COSTLY, f"asks for {what}, more than is done for a file that was sent"
            )
        self._work -= microseconds


def check_depth(depth: int) -> None:
    """Raise NotReadError where an archive lies too deep inside others."""
    if depth > DEEPEST:
        raise NotReadError(
            RefusalKind.TOO_DEEP, f"lies in more than {DEEPEST} archives, one inside the other"
        )
