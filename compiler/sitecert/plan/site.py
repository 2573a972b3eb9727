"""Decide what becomes of a site's key and request (docs/design.md section 2, "The life of a generation")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sitecert.model.document import Place
from sitecert.model.generation import Generation, Stage
from sitecert.model.layout import KEY, generation_folder
from sitecert.model.plan import SitePlan
from sitecert.model.site import Custody, KeySecurity, Site
from sitecert.pki.requests import Difference, request_differences
from sitecert.problems import Problem
from sitecert.problems.codes.generations import (
    CUSTODY_CHANGED,
    FROZEN_BY_DEFAULTS,
    FROZEN_BY_SITE,
    GENERATION_LOWERED,
    RECIPIENTS_CHANGED,
)

AWAITED = {
    Custody.REPOSITORY: "",
    Custody.SERVER: ": the server's request is awaited",
    Custody.CUSTOMER: ": the customer's key and certificate are awaited",
}


def plan_site(
    site: Site,
    generations: Mapping[int, Generation],
    recipients: tuple[str, ...],
    *,
    may_drop_keys: bool,
) -> tuple[SitePlan, tuple[Problem, ...]]:
    """Return the plan for a site, given its whole generations and today's recipients' fingerprints.

    The plan's site has the key of its current generation where that is frozen: new defaults do not
    reach what is in service.
    """
    number = site.key.generation
    current = generations.get(number, Generation(number))
    certified = [n for n, each in generations.items() if n < number and each.certificate]
    previous = generations[max(certified)] if certified else None
    problems = list(_check_number(site, generations))
    why = ""
    if current.stage is not Stage.OPEN:
        problems += _check_frozen(site, current)
        site = as_certified(site, current)
    elif number not in generations:
        why = _opened(site)
    else:
        why = _outgrown(site, current)
        if why and current.encrypted_key and site.key.custody is not Custody.REPOSITORY and not may_drop_keys:
            problems.append(_custody_changed(site))
        current = Generation(number) if why else current
    plan = SitePlan(
        site=site,
        current=current,
        previous=previous,
        makes_key=bool(why) and site.key.custody is Custody.REPOSITORY,
        why=why,
        dropped=tuple(n for n in generations if n < number and (previous is None or n != previous.number)),
    )
    problems += [_recipients_changed(site, each) for each in plan.kept if _is_for_others(each, recipients)]
    return plan, tuple(problems)


def custody_of(generation: Generation) -> Custody | None:
    """Return where a generation's key was born, as its files tell; None where they do not tell yet."""
    if generation.request is not None:
        return Custody.REPOSITORY if generation.encrypted_key else Custody.SERVER
    return Custody.CUSTOMER if generation.encrypted_key else None


def as_certified(site: Site, generation: Generation) -> Site:
    """Return the site with the key that a generation has, whatever it asks for from the next one on."""
    custody = custody_of(generation) or site.key.custody
    bits = generation.request.content.key_bits if generation.request else site.key.bits
    security = site.key.security
    if bits != site.key.bits:
        security = KeySecurity.STANDARD if security is KeySecurity.HIGH else KeySecurity.HIGH
    return replace(site, key=replace(site.key, custody=custody, security=security))


def _check_number(site: Site, generations: Mapping[int, Generation]) -> list[Problem]:
    highest = max(generations, default=0)
    if highest <= site.key.generation:
        return []
    message = f"key.generation: {site.key.generation} is lower than generation {highest} under out/"
    pointer = "/key/generation"
    return [GENERATION_LOWERED.at(site.place(pointer), message, pointer=pointer, site=site.name)]


def _opened(site: Site) -> str:
    number = site.key.generation
    opened = "new site" if number == 1 else f"key.generation is {number}"
    return opened + AWAITED[site.key.custody]


def _outgrown(site: Site, current: Generation) -> str:
    """Return why an open generation starts anew, or nothing where it keeps its key and request."""
    custody = custody_of(current)
    if custody is None:
        return "key.custody is repository now" if site.key.custody is Custody.REPOSITORY else ""
    if custody is not site.key.custody:
        return f"key.custody is {site.key.custody} now{AWAITED[site.key.custody]}"
    if current.request is None:
        return ""
    differences = request_differences(site.request, current.request.content)
    if not differences:
        return ""
    return ", ".join(each.what for each in differences) + f" changed{AWAITED[custody]}"


def _check_frozen(site: Site, current: Generation) -> list[Problem]:
    """Report what the site asks differently from its frozen generation, by where that was written."""
    differences: list[Difference] = []
    custody = custody_of(current)
    if custody not in (None, site.key.custody):
        differences.append(Difference("key.custody", site.key.custody, str(custody), ("/key/custody",)))
    if current.request is not None:
        differences += request_differences(site.request, current.request.content)
    return [_frozen(site, current, difference) for difference in differences]


def _frozen(site: Site, current: Generation, difference: Difference) -> Problem:
    written = [pointer for pointer in difference.pointers if pointer in site.places] or difference.pointers
    # Several keys give the names together; of a subject's field the first that is written decides.
    deciding = written if difference.what == "alt_names" else written[:1]
    places = [(site.place(pointer), pointer) for pointer in deciding]
    own = [(place, pointer) for place, pointer in places if place.path == site.source]
    rule = FROZEN_BY_SITE if own else FROZEN_BY_DEFAULTS
    place, pointer = (own or places)[0]
    message = (
        f"{difference.what}: the site asks for {difference.asked}, but generation {current.number} is "
        f"{current.stage} with {difference.found}"
    )
    return rule.at(place, message, pointer=pointer, site=site.name)


def _custody_changed(site: Site) -> Problem:
    pointer = "/key/custody"
    message = f"key.custody: {site.key.custody} would drop the key of generation {site.key.generation}"
    return CUSTODY_CHANGED.at(site.place(pointer), message, pointer=pointer, site=site.name)


def _is_for_others(generation: Generation, recipients: tuple[str, ...]) -> bool:
    return generation.encrypted_key is not None and set(generation.recipients) != set(recipients)


def _recipients_changed(site: Site, generation: Generation) -> Problem:
    place = Place(f"{generation_folder(site.name, generation.number)}/{KEY}", 1, 1)
    return RECIPIENTS_CHANGED.at(place, "is not encrypted to the recipients of sitecert.yaml", site=site.name)
