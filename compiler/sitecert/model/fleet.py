"""Where each site of a repository stands on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sitecert.model.certificate import CertificateFacts


class SiteStage(StrEnum):
    """What becomes of a site's current generation next, as far as `out/` tells."""

    STOPPED = "stopped"
    UNCOMPILED = "not compiled"
    REQUEST_AWAITED = "request awaited"
    KEY_AWAITED = "key awaited"
    OPEN = "open"
    SEALED = "sealed"
    CERTIFIED = "certified"


class GenerationStage(StrEnum):
    """Where one generation that stands under `out/` is in its life."""

    OPEN = "open"
    SEALED = "sealed"
    CERTIFIED = "certified"
    SUPERSEDED = "superseded"


class Mark(StrEnum):
    """What somebody should not forget about a site."""

    EXPIRED = "expired"
    INTERIM = "interim"
    DISCLOSED = "disclosed"


@dataclass(frozen=True, slots=True)
class GenerationStatus:
    """One generation under `out/`; `not_after` is when its certificate ends, in UTC, where it has one."""

    number: int
    stage: GenerationStage
    not_after: datetime | None


@dataclass(frozen=True, slots=True)
class InService:
    """The certificate that a site serves, as far as `out/` tells, and the day from which to replace it.

    `is_interim` is set for the self-signed stand-in of a generation that has no certificate yet.
    """

    generation: int
    leaf: CertificateFacts
    is_interim: bool
    act_by: date


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """Where one site stands.

    `customer`, `common_name` and `generation` (its `key.generation`) are None where the site's file has
    an error. `days_left` counts whole days until the certificate in service ends, below 0 once it has.
    `is_due` says that a replacement should be under way or done. `next` is what a person does now, in a
    clause with the command to run; empty where there is nothing to do.
    """

    site: str
    customer: str | None
    common_name: str | None
    generation: int | None
    stage: SiteStage
    in_service: InService | None
    days_left: int | None
    is_due: bool
    marks: tuple[Mark, ...]
    next: str
    generations: tuple[GenerationStatus, ...]

    @property
    def urgency(self) -> tuple[bool, bool, date, str]:
        """The key by which sites are sorted: stopped, due, then by the day to act, then by name."""
        act_by = self.in_service.act_by if self.in_service else date.max
        return (self.stage is not SiteStage.STOPPED, not self.is_due, act_by, self.site)
