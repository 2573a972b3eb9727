"""A part of a file that is not read, as it travels up to whoever lists the refusals."""

from __future__ import annotations

from sitecert.pki.errors import PkiError
from sitecert.pki.formats.contents import RefusalKind


class NotReadError(PkiError):
    """Why something is not read: a kind, and a clause that says it in words and holds no secret."""

    def __init__(self, kind: RefusalKind, clause: str) -> None:
        """Keep the kind beside the clause."""
        super().__init__(clause)
        self.kind = kind


class ExhaustedError(NotReadError):
    """A bound of all files together is reached: nothing more is read."""
