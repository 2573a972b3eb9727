"""A repository with a history in git: `main`, and branches that change it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path
from unittest.mock import patch

from cryptography import x509

from support.authority import Authority, pem
from support.repository import Repository, a_repository, environment

ISSUED = datetime(2026, 4, 1, tzinfo=UTC)
"""When the certificates of the history begin: under the schedule of 200 days."""

GIT = ("git", "-c", "user.name=A Person", "-c", "user.email=person@example.org", "-c", "commit.gpgsign=false")

PARK_NICOLLET = """\
customer: Park Nicollet Health Services
version: 8.1
common_name: smartweb.parknicollet.com
alt_names: [smartweb-dr.parknicollet.com, enotify.parknicollet.com]
servers: [spokwb1.parknicollet.com]
issuer: internal
subject: {country: US, state: Minnesota, locality: St. Louis Park}
change: {number: CHG0031337, contact: Service Desk}
"""
ST_MARYS = """\
customer: St. Mary's Hospital
version: 7.x
common_name: smartweb.stmarys.example.org
servers: [spokwb.stmarys.example.org]
issuer: internal
subject: {country: US, state: Wisconsin}
"""
BALANCED = """\
customer: Example Lakes Clinic
version: 8.1
common_name: smartweb.lakes.example.net
load_balancer: {vendor: haproxy}
install_on: both
servers: [spokwb1.lakes.example.net, spokwb2.lakes.example.net]
issuer: internal
subject: {country: US, state: Wisconsin}
"""
POLICY = """\
policy:
  issuers: [internal, public]
  key: {minimum_bits: 2048}
  freezes: [{name: Year end, window: 2026-12-20T00:00-06:00/2027-01-04T00:00-06:00}]
"""
PUBLIC = """\
customer: Example Valley Hospital
version: 8.1
common_name: smartweb.valley.example.com
alt_names: [enotify.valley.example.com]
issuer: public
subject: {country: US, state: Minnesota, organizational_unit: Telecommunications}
waive:
  - {code: SC326, reason: the CA drops it, until: 2026-12-31}
"""


@dataclass(frozen=True)
class History:
    """The repository, whose `main` each pull request leaves."""

    repository: Repository

    def git(self, *arguments: str) -> str:
        """Run git in the repository."""
        command = [*GIT, *arguments]
        done = subprocess.run(
            command, cwd=self.repository.root, capture_output=True, text=True, check=True, env=dated()
        )
        return done.stdout

    def branch(self, name: str) -> None:
        """Begin a branch where main is, with a clean work tree."""
        self.git("checkout", "--quiet", "--force", "-B", name, "main")
        self.git("clean", "-ffdxq")

    def commit(self, message: str) -> None:
        """Commit everything, or nothing."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--no-verify", "-m", message)


def dated() -> dict[str, str]:
    """Return an environment in which commits carry a fixed time, and git the tests' own configuration."""
    time = "2026-06-01T12:00:00+00:00"
    return environment(GIT_AUTHOR_DATE=time, GIT_COMMITTER_DATE=time, GIT_CONFIG_GLOBAL="/dev/null")


@contextmanager
def serials_from(first: int) -> Iterator[None]:
    """Let certificates be numbered one after the other: no expectation can name a random serial."""
    with patch.object(x509, "random_serial_number", count(first).__next__):
        yield


@cache
def authority(label: str = "test") -> Authority:
    """Return one authority for each label."""
    with serials_from(0x4000000000000001):
        return Authority(label)


def answered(
    repository: Repository, site: str, number: int, *, serial: int, label: str = "test", days: int = 199
) -> x509.Certificate:
    """Return an authority's answer to a generation's request, of that serial whatever was made before."""
    issuing = authority(label)
    with serials_from(0x5000000000000000 + serial):
        return issuing.answer(repository.request(number, site), not_before=ISSUED, days=days)


def certify(
    repository: Repository,
    site: str,
    number: int = 1,
    *,
    serial: int = 1,
    label: str = "test",
    days: int = 199,
) -> None:
    """Have an authority answer a generation's request, and take that in, though no client knows it."""
    answer = answered(repository, site, number, serial=serial, label=label, days=days)
    path = repository.root.parent / f"{site.replace('/', '-')}-{number}.pem"
    path.write_bytes(pem(answer, authority(label).intermediate))
    taken = repository.intake(path, site=site, accept="SC554 SC560 SC564")
    assert taken.code == 0, taken.text


def compile_all(repository: Repository, *arguments: str) -> None:
    """Compile what can be compiled."""
    repository.run("compile", *arguments)


def a_history(root: Path) -> History:
    """Make the repository: three certified sites, one whose certificate is awaited."""
    repository = a_repository(
        root, park_nicollet=PARK_NICOLLET, st_marys=ST_MARYS, lakes__balanced=BALANCED, valley=PUBLIC
    )
    repository.configure(POLICY)
    history = History(repository)
    subprocess.run([*GIT, "init", "--quiet", "-b", "main", str(root)], check=True, env=dated())
    compile_all(repository)
    certify(repository, "park-nicollet", serial=5)
    certify(repository, "lakes/balanced", serial=6)
    repository.write(".gitignore", ".sitecert/\n")
    history.commit("All sites")
    return history
