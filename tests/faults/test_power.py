"""install.sh, and the loss of power at every change that it makes to the disk, with real journals."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from faults.disk import take
from faults.judge import Court
from faults.power import FLUSH, NO_FLUSH, Image
from faults.scenes import Recording, places_of, record
from faults.server import FOLDERS, QuickServer, State
from faults.services import Serving
from faults.supervise import Answer, Done, KillAll, Point, supervise
from faults.sweep import sweep
from faults.syscalls import Kind
from faults.tally import Tally

pytestmark = [pytest.mark.machine, pytest.mark.system("mkfs.ext4", "mkfs.xfs")]
KINDS = ("ext4", "xfs")
FORMS = {"nothing more is written": NO_FLUSH, "the journal is written": FLUSH}
DARK = Serving(None, None)


@dataclass(frozen=True)
class Disks:
    """A server whose files lie on an image while it runs a verb; `scratch` is for the images."""

    server: QuickServer
    kind: str
    scratch: Path

    def record(self, verb: str, form: int, *, lying: bool = False) -> Recording:
        """Run a verb; take the image at every point, and return what a boot would find of each.

        With `lying`, whatever brings a file to the disk only says that it did.
        """
        start = self.server.now()
        base = self._filled()
        images: list[Image] = []
        seen: dict[str, Image] = {}

        def take_image() -> None:
            if form == FLUSH:
                mounted.commit()
            written = mounted.written()
            if written not in seen:
                seen[written] = base.copy(self.scratch / f"{len(seen)}.image")
            images.append(seen[written])

        def look(point: Point) -> Answer:
            take_image()
            return Done() if lying and point.kind is Kind.FLUSHES else None

        with base.mounted(self.server.root) as mounted:
            ran = supervise(self.server.command(verb), self.server.watched, look)
            take_image()
        assert ran.returncode == 0, ran.stdout + ran.stderr
        found = {image.path: self._replay(image) for image in seen.values()}
        return Recording(start, verb, places_of(ran), tuple(found[image.path] for image in images))

    def lose_power(self, verb: str, form: int, at: int) -> State:
        """Run a verb until a point, shut the file system down there; return what a boot finds."""
        base = self._filled()
        is_lost = False

        def look(point: Point) -> Answer:
            nonlocal is_lost
            if point.number != at:
                return None
            is_lost = True
            mounted.lose_power(form)
            return KillAll()

        with base.mounted(self.server.root) as mounted:
            supervise(self.server.command(verb), self.server.watched, look)
        assert is_lost, f"there is no point {at}"
        # The original may still be mounted in some namespace, shut down as it is.
        return self._replay(base.copy(self.scratch / "lost.image"))

    def _filled(self) -> Image:
        image = Image(self.scratch / "disk.image", self.kind)
        image.make()
        with image.mounted(self.scratch / "mount") as mounted:
            mounted.fill(self.server.root)
        return image

    def _replay(self, image: Image) -> State:
        folder = self.scratch / "mount"
        with image.mounted(folder):
            return State(take(folder, FOLDERS), DARK)


@pytest.fixture(params=KINDS)
def disks(quick: QuickServer, scratch: Path, request: pytest.FixtureRequest) -> Disks:
    """Return the disks of a server, on each file system."""
    (scratch / "mount").mkdir()
    return Disks(quick, request.param, scratch)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("verb", ["apply", "rollback"])
def test_power_lost(
    disks: Disks, quick: QuickServer, court: Court, request: pytest.FixtureRequest, verb: str, form: int
) -> None:
    """At any point, what a boot finds serves, or serves again after one command.

    A disk that a kill leaves, too, is judged by the sweep of kills.
    """
    if verb == "rollback":
        assert quick.run("apply").returncode == 0
    killed = record(quick, verb)
    quick.become(killed.start)
    lost = disks.record(verb, form)
    tally = Tally(request.node, f"losses of power on {disks.kind}")
    sweep(court, lost, tally, judged_before={state.disk.digest for state in killed.states})


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_shut_down(
    disks: Disks, quick: QuickServer, court: Court, request: pytest.FixtureRequest, form: int
) -> None:
    """The kernel's own shutdown, twice before and twice after each live file's rename: as with images."""
    killed, points = record(quick, "apply"), []
    quick.become(killed.start)
    for point in filter(is_renaming, killed.points):
        points += [point.number, point.number + 1]
    points *= 2
    lost = [disks.lose_power("apply", form, number) for number in points]
    shut_down = Recording(killed.start, "apply", tuple(f"at {number}" for number in points), tuple(lost))
    tally = Tally(request.node, f"shutdowns of {disks.kind}")
    sweep(court, shut_down, tally, judged_before={state.disk.digest for state in killed.states})


def is_renaming(point: Point) -> bool:
    """Say whether a point puts a file in the place of a live one.

    (mv tries renameat2 first, which refuses to replace.)
    """
    return point.path.startswith("apache/") and point.call in {"rename", "renameat"}


def test_a_lie_is_found_out(disks: Disks, court: Court) -> None:
    """Where sync only says that it brought files to the disk, these judges find what is lost."""
    lost = disks.record("apply", FLUSH, lying=True)
    assert not all(survives(court, state) for state in reversed(lost.disks))


def survives(court: Court, state: State) -> bool:
    """Say whether a state is one that the sweep would pass."""
    court.server.become(state)
    court.server.reboot()
    try:
        court.stands()
        court.recovers("rollback")
    except AssertionError:
        return False
    return True
