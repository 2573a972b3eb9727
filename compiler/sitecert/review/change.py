"""One site in two states, and what the other modules ask of the pair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sitecert.model.certificate import IssuedCertificate
from sitecert.model.document import Place
from sitecert.model.generation import Generation, Stage
from sitecert.model.layout import site_folder
from sitecert.model.names import AlternativeName, PublicSuffixes
from sitecert.model.review import Act, SiteState
from sitecert.model.site import Site
from sitecert.pki.coverage import missing_names


@dataclass(frozen=True, slots=True)
class SiteChange:
    """One site before and after; `suffixes` knows whose domain a name is in."""

    name: str
    before: SiteState
    after: SiteState
    suffixes: PublicSuffixes

    @property
    def sites(self) -> tuple[Site, Site] | None:
        """Both sites, where both could be read."""
        return (self.before.site, self.after.site) if self.before.site and self.after.site else None

    @property
    def installed(self) -> tuple[Generation | None, Generation | None]:
        """The newest generation that has a certificate, before and after."""
        return _installed(self.before), _installed(self.after)

    @property
    def certificates(self) -> tuple[IssuedCertificate | None, IssuedCertificate | None]:
        """The newest certificate before and after, that of generation 0 included."""
        return _newest(self.before), _newest(self.after)

    @property
    def fresh(self) -> tuple[Generation, ...]:
        """The generations whose request or certificate comes with the change."""
        past = self.before.generations
        return tuple(
            each
            for number, each in self.after.generations.items()
            if number not in past
            or (past[number].request, past[number].certificate) != (each.request, each.certificate)
        )

    @property
    def names_added(self) -> tuple[AlternativeName, ...]:
        """The names that the site asks for now and did not before."""
        return _less(_names(self.after), _names(self.before))

    @property
    def names_removed(self) -> tuple[AlternativeName, ...]:
        """The names that the site asked for before and does not now."""
        return _less(_names(self.before), _names(self.after))

    @property
    def names_leaving_service(self) -> tuple[AlternativeName, ...]:
        """The names of the certificate before that the one to come, or the newest, does not answer for."""
        before, after = self.certificates
        if before is None or not self.after.is_there or self.after.site is None:
            return ()
        is_new = after is not None and after.leaf != before.leaf
        kept = after.leaf.alternative_names if after and is_new else _names(self.after)
        return tuple(missing_names(before.leaf.alternative_names, kept))

    def place(self, pointer: str = "") -> Place:
        """Return where the newer of the two site files says something."""
        site = self.after.site or self.before.site
        return site.place(pointer) if site else Place(f"sites/{self.name}.yaml", 1, 1)

    def folder_place(self, path: str) -> Place:
        """Return the place of a file of the site under `out/`."""
        return Place(f"{site_folder(self.name)}/{path}", 1, 1)

    def acts(self) -> tuple[Act, ...]:
        """Return what becomes of the site, in the order of a site's life."""
        if not self.after.is_there:
            return (Act.RETIRED,) if self.before.is_there else (Act.CHANGED,)
        return tuple(_acts(self)) or (Act.CHANGED,)


def _acts(change: SiteChange) -> Iterator[Act]:
    before, after = change.before.generations, change.after.generations
    number = change.after.site.key.generation if change.after.site else max(after, default=0)
    current, past = after.get(number), before.get(number)
    raised = change.sites is not None and number > change.sites[0].key.generation
    if not change.before.is_there:
        yield Act.REQUESTED
    elif raised:
        yield Act.RENEWED
    elif current and past and current.spki_sha256 != past.spki_sha256:
        yield Act.REPLACED
    elif current and not past:
        yield Act.REQUESTED
    if current and current.sealed and not (past and past.sealed):
        yield Act.SEALED
    if current and current.stage is Stage.CERTIFIED and not (past and past.stage is Stage.CERTIFIED):
        yield Act.TAKEN_IN


def _installed(state: SiteState) -> Generation | None:
    return state.plan.installed if state.plan else None


def _newest(state: SiteState) -> IssuedCertificate | None:
    certified = [each for each in state.generations.values() if each.certificate]
    return max(certified, key=lambda each: each.number).certificate if certified else None


def _names(state: SiteState) -> tuple[AlternativeName, ...]:
    return state.site.alternative_names if state.site else ()


def _less(
    names: tuple[AlternativeName, ...], others: tuple[AlternativeName, ...]
) -> tuple[AlternativeName, ...]:
    return tuple(name for name in names if name not in others)
