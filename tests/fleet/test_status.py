"""Where a site stands on a day, from its generations alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from sitecert.fleet.status import KnownSite, site_status
from sitecert.model.document import Place
from sitecert.model.fleet import Mark, SiteStage, SiteStatus
from sitecert.model.generation import Generation, Request
from sitecert.model.site import Custody, KeyPolicy, KeySecurity, Site
from sitecert.pki.certificates import issued_certificate
from sitecert.pki.renewal import renewal_start
from sitecert.problems.codes.generations import DAMAGED
from support.authority import NOT_BEFORE, Authority, rsa_key
from support.sites import a_site

NAME = "smartweb.parknicollet.com"
OPEN = Generation(2, request=Request(b"", a_site().request, "00"), encrypted_key=b"")
SEALED = Generation(2, request=OPEN.request, encrypted_key=b"", sealed=True)


def certified(number: int, days: int = 199, *, disclosed: bool = False) -> Generation:
    """Return a generation whose certificate began on 1 January 2026."""
    key = rsa_key(f"generation {number}").public_key()
    issued = issued_certificate(Authority().issue(key, [NAME], days=days), ())
    return Generation(number, certificate=issued, disclosed=disclosed)


def of_generation(number: int, custody: Custody = Custody.REPOSITORY, **changes: object) -> Site:
    """Return a site whose file has this `key.generation`."""
    return a_site(key=KeyPolicy(KeySecurity.STANDARD, custody, number, passphrase=False), **changes)


def status(
    *generations: Generation,
    day: int = 1,
    site: Site | None = None,
    interim: int | None = None,
    is_stale: bool = False,
) -> SiteStatus:
    """Return the status on a day, counted from the first one of the certificates' validity."""
    number = max((each.number for each in generations), default=1)
    interims = {} if interim is None else {interim: certified(interim).certificate.leaf}  # type: ignore[union-attr]
    known = KnownSite(
        name="park-nicollet",
        site=site or of_generation(max(number, 1)),
        generations={each.number: each for each in generations},
        interims=interims,
        errors=(),
        is_stale=is_stale,
    )
    return site_status(known, NOT_BEFORE + timedelta(days=day))


@pytest.mark.parametrize(
    ("days", "lead"), [(10, 4), (46, 16), (47, 16), (90, 30), (99, 30), (199, 30), (398, 30), (3650, 30)]
)
def test_a_renewal_begins_a_month_or_a_third_before_the_end(days: int, lead: int) -> None:
    """Whichever is later; the day that has the moment counts as a whole."""
    issued = certified(1, days).certificate
    assert issued is not None
    assert (issued.leaf.not_after.date() - renewal_start(issued.leaf)).days in {lead, lead - 1}
    assert issued.leaf.not_before.date() < renewal_start(issued.leaf)


@pytest.mark.parametrize(
    ("day", "is_due", "days_left", "marks"),
    [
        (0, False, 198, ()),
        (167, False, 31, ()),
        (168, True, 30, ()),
        (198, True, 0, ()),
        (199, True, -1, (Mark.EXPIRED,)),
        (300, True, -102, (Mark.EXPIRED,)),
    ],
)
def test_a_certificate_falls_due_and_expires(
    day: int, *, is_due: bool, days_left: int, marks: tuple[Mark, ...]
) -> None:
    """At both sides of each boundary."""
    found = status(certified(1), day=day)
    assert (found.is_due, found.days_left, found.marks) == (is_due, days_left, marks)
    assert found.next == ("sitecert renew park-nicollet" if is_due else "")


@pytest.mark.parametrize(
    ("generations", "stage", "command"),
    [
        ((certified(1), OPEN), SiteStage.OPEN, "handoff"),
        ((certified(1), SEALED), SiteStage.SEALED, "intake"),
        ((certified(1), certified(2)), SiteStage.CERTIFIED, ""),
        ((certified(0), certified(2)), SiteStage.CERTIFIED, ""),
    ],
)
def test_each_stage_has_its_next_command(
    generations: tuple[Generation, ...], stage: SiteStage, command: str
) -> None:
    """A site under way names the step that it waits for."""
    found = status(*generations)
    assert found.stage is stage
    assert command in found.next
    assert bool(found.next) == bool(command)


@pytest.mark.parametrize(
    ("custody", "stage", "words"),
    [
        (
            Custody.SERVER,
            SiteStage.REQUEST_AWAITED,
            "--server spokwb.parknicollet.com -o DIR, run request.sh there",
        ),
        (Custody.CUSTOMER, SiteStage.KEY_AWAITED, "the customer's certificate and key"),
    ],
)
def test_what_comes_from_elsewhere_is_awaited(custody: Custody, stage: SiteStage, words: str) -> None:
    """The server's request, or the customer's key."""
    found = status(Generation(1), site=of_generation(1, custody))
    assert found.stage is stage
    assert words in found.next


def test_a_renewal_under_way_stays_due() -> None:
    """Until the new certificate is filed, the old one still runs out."""
    found = status(certified(1), SEALED, day=180)
    assert (found.is_due, found.stage) == (True, SiteStage.SEALED)
    assert "intake" in found.next
    assert not status(certified(1), certified(2, 398), day=180).is_due


def test_the_certificate_from_before_sitecert_counts() -> None:
    """Its end is known from the first day."""
    found = status(certified(0, 60), day=50, is_stale=True)
    assert found.in_service is not None
    assert (found.in_service.generation, found.is_due, found.stage) == (0, True, SiteStage.UNCOMPILED)
    assert found.next == "sitecert compile park-nicollet"


def test_an_interim_certificate_is_due_from_its_first_day() -> None:
    """It stands in, and nobody forgets that; once the real one is there it is out of service."""
    found = status(OPEN, interim=2)
    assert (found.is_due, found.marks) == (True, (Mark.INTERIM,))
    assert Mark.INTERIM not in status(certified(2), interim=2).marks


def test_a_disclosed_key_is_marked_until_its_generation_ends() -> None:
    """The next generation has another key."""
    assert status(certified(1, disclosed=True), OPEN).marks == (Mark.DISCLOSED,)
    assert status(certified(1, disclosed=True), certified(2)).marks == ()


def test_a_stopped_site_tells_its_certificate_all_the_same() -> None:
    """A typo in the file must not hide that the certificate runs out."""
    problem = DAMAGED.at(Place("out/x", 1, 1), "is damaged", hint="bring it back", site="x")
    known = KnownSite("x", None, {1: certified(1)}, {}, (problem,), is_stale=False)
    found = site_status(known, NOT_BEFORE + timedelta(days=190))
    assert (found.stage, found.is_due, found.days_left) == (SiteStage.STOPPED, True, 8)
    assert (found.customer, found.generation) == (None, None)
    assert found.next == f"mend {DAMAGED.code} (is damaged): bring it back"


def test_superseded_generations_are_told() -> None:
    """The newest certified one is in service; what is open beside it is open."""
    found = status(certified(0), certified(1), OPEN)
    assert [(each.number, each.stage.value) for each in found.generations] == [
        (0, "superseded"),
        (1, "certified"),
        (2, "open"),
    ]


def test_sites_are_sorted_by_urgency() -> None:
    """Stopped, then due by the day to act, then the rest, then what has no day."""
    stopped = site_status(
        KnownSite("stopped", None, {}, {}, (), is_stale=False), datetime(2026, 6, 1, tzinfo=UTC)
    )
    late, later = status(certified(1, 60), day=120), status(certified(1), day=180)
    fine, new = status(certified(1)), status(OPEN)
    rows = [new, fine, later, late, stopped]
    assert sorted(rows, key=lambda each: each.urgency) == [stopped, late, later, fine, new]
    assert late.in_service is not None
    assert late.in_service.act_by == date(2026, 2, 9)
