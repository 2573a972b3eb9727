"""Where a site stands on a day: its stage, the certificate in service, what is due, what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sitecert.model.certificate import CertificateFacts
from sitecert.model.fleet import (
    GenerationStage,
    GenerationStatus,
    InService,
    Mark,
    SiteStage,
    SiteStatus,
)
from sitecert.model.generation import Generation, Stage
from sitecert.model.layout import REQUEST_SCRIPT
from sitecert.model.site import Custody, IssuerKind, Site
from sitecert.pki.renewal import renewal_start
from sitecert.problems import Problem

DAY = timedelta(days=1)
AWAITED = {Custody.SERVER: SiteStage.REQUEST_AWAITED, Custody.CUSTOMER: SiteStage.KEY_AWAITED}
STAGES = {Stage.SEALED: SiteStage.SEALED, Stage.CERTIFIED: SiteStage.CERTIFIED}


@dataclass(frozen=True, slots=True)
class KnownSite:
    """What a repository knows of one site.

    `site` is None where its file does not resolve. `generations` are those that are whole, `interims`
    the facts of their stand-ins. `is_stale` says that compile would begin the current generation, or
    begin it anew; `errors` are what stops the site.
    """

    name: str
    site: Site | None
    generations: Mapping[int, Generation]
    interims: Mapping[int, CertificateFacts]
    errors: tuple[Problem, ...]
    is_stale: bool

    @property
    def current(self) -> Generation | None:
        """The generation that the site's file names, where it stands under `out/`."""
        return self.generations.get(self.site.key.generation) if self.site else None

    @property
    def is_awaited(self) -> bool:
        """Whether the current generation waits for somebody else, at last for its certificate."""
        return not self.is_stale if self.current is None else self.current.certificate is None


def site_status(known: KnownSite, at: datetime) -> SiteStatus:
    """Return where a site stands at a moment (UTC)."""
    stage, service = _stage(known), _in_service(known)
    is_due = service is not None and (service.is_interim or at.date() >= service.act_by)
    return SiteStatus(
        site=known.name,
        customer=known.site.customer if known.site else None,
        common_name=known.site.common_name.value if known.site else None,
        generation=known.site.key.generation if known.site else None,
        stage=stage,
        in_service=service,
        days_left=(service.leaf.not_after - at) // DAY if service else None,
        is_due=is_due,
        marks=tuple(_marks(known, service, at)),
        next=_next(known, stage, is_due=is_due),
        generations=tuple(_generations(known)),
    )


def _stage(known: KnownSite) -> SiteStage:
    if known.site is None or known.errors:
        return SiteStage.STOPPED
    if known.is_stale:
        return SiteStage.UNCOMPILED
    current = known.current
    if current is None or (current.stage is Stage.OPEN and current.request is None):
        return AWAITED.get(known.site.key.custody, SiteStage.OPEN)
    return STAGES.get(current.stage, SiteStage.OPEN)


def _in_service(known: KnownSite) -> InService | None:
    """Return the newest certificate that was filed, or a stand-in that was made after it."""
    certified = [number for number, each in known.generations.items() if each.certificate]
    newest = max(certified, default=-1)
    interim = max(known.interims, default=-1)
    if interim > newest:
        leaf = known.interims[interim]
        return InService(interim, leaf, is_interim=True, act_by=renewal_start(leaf))
    certificate = known.generations[newest].certificate if certified else None
    if certificate is None:
        return None
    return InService(newest, certificate.leaf, is_interim=False, act_by=renewal_start(certificate.leaf))


def _marks(known: KnownSite, service: InService | None, at: datetime) -> Iterator[Mark]:
    if service is None:
        return
    if service.leaf.not_after < at:
        yield Mark.EXPIRED
    if service.is_interim:
        yield Mark.INTERIM
    if known.generations[service.generation].disclosed:
        yield Mark.DISCLOSED


def _generations(known: KnownSite) -> Iterator[GenerationStatus]:
    newest = max((number for number, each in known.generations.items() if each.certificate), default=-1)
    for number, each in sorted(known.generations.items()):
        stage = GenerationStage.SUPERSEDED if number < newest else GenerationStage(each.stage.value)
        yield GenerationStatus(number, stage, each.certificate.leaf.not_after if each.certificate else None)


def _next(known: KnownSite, stage: SiteStage, *, is_due: bool) -> str:
    name, site = known.name, known.site
    if site is None or stage is SiteStage.STOPPED:
        if not known.errors:
            return "mend what is reported of it"
        first = known.errors[0]
        return f"mend {first.code} ({first.message}): {first.hint}"
    if stage is SiteStage.CERTIFIED:
        return f"sitecert renew {name}" if is_due else ""
    if stage is SiteStage.OPEN and site.issuer is IssuerKind.SELF_SIGNED:
        return f"sitecert self-sign {name} -i IDENTITY"
    server = site.servers[0].name
    words = {
        SiteStage.UNCOMPILED: f"sitecert compile {name}",
        SiteStage.REQUEST_AWAITED: (
            f"sitecert handoff {name} --server {server} -o DIR, run {REQUEST_SCRIPT} there, "
            f"then sitecert intake {name} FILE"
        ),
        SiteStage.KEY_AWAITED: (
            f"sitecert handoff {name} -o DIR, "
            f"then with the customer's certificate and key: sitecert intake {name} FILE"
        ),
        SiteStage.OPEN: f"sitecert handoff {name} -o DIR",
        SiteStage.SEALED: f"with the CA's answer: sitecert intake {name} FILE",
    }
    return words[stage]
