"""What compile decided for one site."""

from __future__ import annotations

from dataclasses import dataclass, field

from sitecert.model.generation import Generation
from sitecert.model.site import Site


@dataclass(frozen=True, slots=True)
class SitePlan:
    """The generations that a site will have, and what becomes of its key.

    `current` is the generation of `key.generation` as it stands, or an empty one; where `makes_key` is
    set, compile puts a new key and request in it. `previous` is the newest lower generation that has a
    certificate. `why` says in a clause why a key is made or a request awaited, where it is so since now;
    `dropped` lists the numbers of generations that leave `out/` (git keeps them).
    """

    site: Site
    current: Generation
    previous: Generation | None
    makes_key: bool
    why: str
    dropped: tuple[int, ...] = field(default=())

    @property
    def installed(self) -> Generation | None:
        """The newest generation that has a certificate: the one that runbooks install.

        Never generation 0: nobody gave us the key of the certificate that was in service before.
        """
        newest = self.current if self.current.certificate else self.previous
        return newest if newest is not None and newest.number > 0 else None

    @property
    def kept(self) -> tuple[Generation, ...]:
        """The generations that stand under `out/` after compile, the current one first."""
        return (self.current,) if self.previous is None else (self.current, self.previous)
