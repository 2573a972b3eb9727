"""What becomes of a site's key and request, from every state of its generations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sitecert.model.document import Place
from sitecert.model.generation import Generation, Request
from sitecert.model.plan import SitePlan
from sitecert.model.site import Custody, KeyPolicy, KeySecurity, Site
from sitecert.plan.site import as_certified, custody_of, plan_site
from support.documents import issued
from support.sites import SOURCE, a_site

TODAY = ("fingerprint",)
REPOSITORY, SERVER, CUSTOMER = Custody


def site_with(custody: Custody = REPOSITORY, number: int = 1, **changes: object) -> Site:
    """Return a site with a key policy."""
    return a_site(key=KeyPolicy(KeySecurity.STANDARD, custody, number, passphrase=False), **changes)


def generation(number: int = 1, custody: Custody = REPOSITORY, *, certified: bool = False) -> Generation:
    """Return a generation as its custody leaves it."""
    return Generation(
        number,
        request=None if custody is CUSTOMER else Request(b"", a_site().request, "ab" * 32),
        encrypted_key=None if custody is SERVER else b"age",
        certificate=issued() if certified else None,
        recipients=TODAY,
    )


def planned(site: Site, *generations: Generation, prune: bool = False) -> tuple[SitePlan, set[str]]:
    """Return the plan and the codes of its problems."""
    plan, problems = plan_site(site, {each.number: each for each in generations}, TODAY, may_drop_keys=prune)
    return plan, {problem.code for problem in problems}


@pytest.mark.parametrize("custody", list(Custody))
def test_a_generation_tells_its_custody(custody: Custody) -> None:
    """By what it holds; a certificate alone tells nothing."""
    assert custody_of(generation(custody=custody, certified=custody is CUSTOMER)) is custody
    assert custody_of(Generation(0, certificate=issued())) is None


@pytest.mark.parametrize("custody", list(Custody))
def test_a_new_site(custody: Custody) -> None:
    """Only the repository makes a key; the others await something, and say what."""
    plan, codes = planned(site_with(custody))
    assert plan.makes_key == (custody is REPOSITORY)
    assert plan.why.startswith("new site")
    assert ("awaited" in plan.why) == (custody is not REPOSITORY)
    assert codes == set()


@pytest.mark.parametrize("wanted", list(Custody))
@pytest.mark.parametrize("there", [REPOSITORY, SERVER])
def test_custody_changes_while_open(there: Custody, wanted: Custody) -> None:
    """The repository's key is dropped only where a person lets it go; a server's request just gives way."""
    plan, codes = planned(site_with(wanted), generation(custody=there))
    assert codes == ({"SC414"} if there is REPOSITORY is not wanted else set())
    assert plan.makes_key == (wanted is REPOSITORY is not there)
    assert (plan.why == "") == (there is wanted)
    assert planned(site_with(wanted), generation(custody=there), prune=True)[1] == set()


def test_a_new_key_leaves_nothing_of_the_old_one() -> None:
    """Interim certificate and the mark of disclosure belong to the key that goes."""
    old = replace(generation(), interim_pem=b"x", disclosed=True)
    asked = site_with(alternative_names=a_site().alternative_names * 2)
    plan, _ = planned(asked, old)
    assert plan.makes_key
    assert plan.current == Generation(1)


@pytest.mark.parametrize("wanted", list(Custody))
@pytest.mark.parametrize("there", list(Custody))
def test_custody_changes_while_certified(there: Custody, wanted: Custody) -> None:
    """The site's own edit is an error; new defaults are a warning, and the plan's site stays as it was."""
    certified = generation(custody=there, certified=True)
    own = site_with(wanted, places={"": Place(SOURCE, 1, 1)})
    assert planned(own, certified)[1] == (set() if there is wanted else {"SC407"})
    defaults = {"": Place(SOURCE, 1, 1), "/key/custody": Place("sitecert.yaml", 3, 1)}
    plan, codes = planned(site_with(wanted, places=defaults), certified)
    assert codes == (set() if there is wanted else {"SC408"})
    assert plan.site.key.custody is there
    assert not plan.makes_key


def test_the_size_of_a_key_in_service_is_its_own() -> None:
    """A document about generation 1 does not tell the size that generation 2 will have."""
    asked = a_site(key=KeyPolicy(KeySecurity.HIGH, REPOSITORY, 2, passphrase=False))
    assert as_certified(asked, generation(certified=True)).key.bits == 2048


@pytest.mark.parametrize(
    ("standing", "number", "installed", "dropped"),
    [
        ({0: True}, 1, None, ()),
        ({0: True, 1: True}, 1, 1, ()),
        ({0: True, 1: False}, 2, None, (1,)),
        ({0: True, 1: True}, 2, 1, (0,)),
        ({1: True, 2: False}, 3, 1, (2,)),
        ({1: True, 2: True}, 3, 2, (1,)),
        ({1: True, 2: True}, 2, 2, ()),
        ({1: False}, 2, None, (1,)),
    ],
)
def test_which_generation_is_installed_and_which_leaves(
    standing: dict[int, bool], number: int, installed: int | None, dropped: tuple[int, ...]
) -> None:
    """The newest certified one with a key is installed; the newest lower certified one is kept."""
    generations = [
        Generation(0, certificate=issued()) if each == 0 else generation(each, certified=is_certified)
        for each, is_certified in standing.items()
    ]
    plan, codes = planned(site_with(number=number), *generations)
    assert (plan.installed.number if plan.installed else None) == installed
    assert plan.dropped == dropped
    assert codes == set()


def test_a_lowered_number() -> None:
    """Whatever stands, the number only grows."""
    assert planned(site_with(number=1), generation(1, certified=True), generation(2))[1] == {"SC406"}
