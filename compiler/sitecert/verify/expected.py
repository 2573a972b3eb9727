"""What the places of a site should serve, and what they may serve meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sitecert.model.certificate import IssuedCertificate
from sitecert.model.document import Place
from sitecert.model.generation import Generation
from sitecert.model.layout import INTERIM, generation_folder
from sitecert.model.names import AlternativeName
from sitecert.model.site import Site
from sitecert.model.verification import Served
from sitecert.pki.certificates import read_issued
from sitecert.pki.errors import PkiError
from sitecert.problems import Problem
from sitecert.problems.codes.generations import UNREADABLE
from sitecert.problems.codes.verification import NOTHING_TO_VERIFY


@dataclass(frozen=True, slots=True)
class Known:
    """One of our own certificates: what it means that it is served, and the generation that it is of."""

    served: Served
    generation: int
    issued: IssuedCertificate


@dataclass(frozen=True, slots=True)
class Expected:
    """What is looked for.

    `current` is the newest generation that has a certificate, or None where there is only an interim
    one. `names` are what each place is asked for; `known` are our own certificates by the SHA-256 of
    the leaf.
    """

    current: Generation | None
    names: tuple[AlternativeName, ...]
    known: Mapping[str, Known]


def expect(site: Site, generations: Mapping[int, Generation]) -> Expected | Problem:
    """Return what to look for, or the problem that there is nothing.

    Generation 0, which was in service before sitecert came, is known and never what belongs there.
    """
    certified = [number for number in sorted(generations) if generations[number].certificate]
    newest = next((number for number in reversed(certified) if number > 0), None)
    known: list[Known] = []
    for number, generation in sorted(generations.items()):
        if generation.certificate is not None:
            served = Served.CURRENT if number == newest else Served.SUPERSEDED
            known.append(Known(served, number, generation.certificate))
        if generation.interim_pem is not None:
            try:
                known.append(Known(Served.INTERIM, number, read_issued(generation.interim_pem, b"")))
            except PkiError as error:
                path = f"{generation_folder(site.name, number)}/{INTERIM}"
                return UNREADABLE.at(Place(path, 1, 1), str(error), site=site.name)
    current = None if newest is None else generations[newest]
    if current is None and not any(each.served is Served.INTERIM for each in known):
        message = f"generation {site.key.generation} has no certificate yet: there is nothing to look for"
        return NOTHING_TO_VERIFY.at(site.place("/key/generation"), message, site=site.name)
    names = _names(site, current)
    return Expected(current, names, {each.issued.leaf.fingerprint: each for each in known})


def _names(site: Site, current: Generation | None) -> tuple[AlternativeName, ...]:
    """Return the names that were asked for, then those that the CA added.

    A generation that is open already may be for other names: those count once it has its certificate.
    """
    if current is None or current.certificate is None:
        return site.alternative_names
    carried = current.certificate.leaf.alternative_names
    if current.request is not None:
        asked = current.request.content.alternative_names
    else:
        asked = site.alternative_names if current.number == site.key.generation else ()
    return tuple(dict.fromkeys((*asked, *carried))) or (site.common_name,)
