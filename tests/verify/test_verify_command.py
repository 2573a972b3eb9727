"""`sitecert verify`, as a person, a script and an auditor meet it."""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from sitecert import __version__
from sitecert.cli import verify as command
from sitecert.load.data import read_schema
from sitecert.write import files as write_files
from support.authority import Authority, pem
from support.commands import Ran, sitecert
from support.repository import AT, Repository, a_repository, a_site_file, private_key_of
from support.stub_server import free_port
from support.tls import Pair, tls_server

AUTHORITY = Authority()
SITE = "park-nicollet"
NAMES = ("smartweb.parknicollet.com", "smartweb-dr.parknicollet.com")
SERVERS = "[spokwb1.parknicollet.com, {name: spokwb2.parknicollet.com, ords: false}]"
ALT = {"alt_names": f"[{NAMES[1]}]", "servers": SERVERS}


def validator() -> Draft202012Validator:
    """Return the published schema, with the one that it refers to."""
    schemas = [json.loads(read_schema(name)) for name in ("verify", "problems")]
    registry: Registry[Any] = Registry().with_resources(
        (each["$id"], Resource.from_contents(each)) for each in schemas
    )
    return Draft202012Validator(schemas[0], registry=registry)


def certified(repository: Repository, number: int) -> Pair:
    """Compile, have the request answered, take the certificate in; return what a server then sends."""
    assert repository.run("compile").code == 0
    leaf = AUTHORITY.answer(repository.request(number))
    path = repository.root.parent / f"returned-{number}.pem"
    path.write_bytes(pem(leaf, AUTHORITY.intermediate))
    assert repository.intake(path).code == 0
    key = load_pem_private_key(
        private_key_of(repository, f"out/{SITE}/generation-{number}/server.key.age"), None
    )
    assert isinstance(key, rsa.RSAPrivateKey)
    return Pair(key, [leaf, AUTHORITY.intermediate])


@dataclass(frozen=True)
class Certified:
    """A site of two servers whose second generation is certified, and what serves each generation."""

    repository: Repository
    before: Pair
    current: Pair

    def verify(self, *arguments: object, apache: int, ords: int, other: int) -> Ran:
        """Verify with each place on a port of loopback."""
        places = {
            "spokwb1.parknicollet.com": apache,
            "spokwb1.parknicollet.com:8443": ords,
            "spokwb2.parknicollet.com": other,
        }
        connect = [f"--connect={name}=127.0.0.1:{port}" for name, port in places.items()]
        return sitecert("-C", self.repository.root, "verify", SITE, *connect, *AT, *arguments)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    """Return the site, compiled and certified twice."""
    root = tmp_path_factory.mktemp("verify") / "certs"
    repository = a_repository(root, park_nicollet=a_site_file(**ALT))
    before = certified(repository, 1)
    repository.site(**ALT, key="{generation: 2}")
    return Certified(repository, before, certified(repository, 2))


@pytest.fixture
def site(made: Certified, tmp_path: Path) -> Certified:
    """Return a copy of the site."""
    return replace(made, repository=Repository(copytree(made.repository.root, tmp_path / "certs")))


@pytest.fixture(scope="module")
def current(made: Certified) -> Iterator[int]:
    """Serve the current generation; return the port."""
    with tls_server(made.current) as port:
        yield port


@pytest.fixture(scope="module")
def before(made: Certified) -> Iterator[int]:
    """Serve the generation before; return the port."""
    with tls_server(made.before) as port:
        yield port


def test_all_is_fine(site: Certified, current: int) -> None:
    """Each place with its service, each name with what is served; the total goes to stderr."""
    ran = site.verify(apache=current, ords=current, other=current)
    lines = ran.out.splitlines()
    assert ran.code == 0
    assert lines[0] == f"spokwb1.parknicollet.com:443 (Apache, asked at 127.0.0.1:{current})"
    assert lines[1] == "  smartweb.parknicollet.com     ok     generation 2, TLSv1.3, chain of 2"
    assert lines[2] == "  smartweb-dr.parknicollet.com  ok     generation 2, TLSv1.3, chain of 2"
    assert len(lines) == 9
    assert ran.err == "park-nicollet, generation 2: 6 handshakes at 3 places: 6 ok\n"


def test_the_generation_before_is_due(site: Certified, current: int, before: int) -> None:
    """One of two servers was not restarted: something is due, nothing has failed."""
    ran = site.verify(apache=current, ords=before, other=current)
    assert ran.code == 2
    assert ran.out.count("warning[SC602]: generation 1 is still served") == 1
    assert ran.out.count("help: ") == 1
    assert ran.err == "park-nicollet, generation 2: 6 handshakes at 3 places: 4 ok, 2 due\n"


def test_a_failure_outweighs_what_is_due(site: Certified, current: int, before: int) -> None:
    """Both occur: the exit code is that of a failure."""
    ran = site.verify(apache=current, ords=before, other=free_port())
    assert ran.code == 1
    assert "error[SC618]" in ran.out
    assert ran.err.endswith("6 handshakes at 3 places: 2 ok, 2 due, 2 wrong\n")


def test_expired_by_the_date_given(site: Certified, current: int) -> None:
    """`--at` is the day to judge by."""
    ran = site.verify("--at", "2099-01-01", apache=current, ords=current, other=current)
    assert (ran.code, "error[SC612]" in ran.out) == (1, True)


@pytest.mark.parametrize(
    ("option", "shown"),
    [((), (True, False)), (("-q",), (True, False)), (("-qq",), (False, False)), (("-v",), (True, True))],
)
def test_how_much_is_said(
    site: Certified, before: int, option: tuple[str, ...], shown: tuple[bool, bool]
) -> None:
    """`-q` leaves the total out, `-qq` warnings; `-v` tells notes too; the words at the names stay."""
    sent = Pair(site.current.key, [*site.current.certificates, AUTHORITY.root])
    with tls_server(sent) as port:
        ran = site.verify(*option, apache=port, ords=before, other=port)
    assert ran.code == 2
    assert ("SC602" in ran.out, "SC610" in ran.out) == shown
    assert ran.out.count("  due  ") == 2
    assert bool(ran.err) == (option not in {("-q",), ("-qq",)})


def test_a_severity_may_be_turned_down(site: Certified, current: int) -> None:
    """`policy.severity` weighs what is softenable: then it is told, and the exit code is 0."""
    with tls_server(Pair(site.current.key, site.current.certificates[:1])) as port:
        assert site.verify(apache=port, ords=current, other=current).code == 1
        site.repository.configure("policy: {severity: {SC606: warning}}\n")
        ran = site.verify(apache=port, ords=current, other=current)
    assert (ran.code, "warning[SC606]" in ran.out) == (0, True)


def test_json_is_valid_and_says_all(site: Certified, current: int, before: int) -> None:
    """By the published schema; each problem stands at its server's line in the site's file."""
    ran = site.verify("--format", "json", apache=current, ords=before, other=free_port())
    document = json.loads(ran.out)
    validator().validate(document)
    assert ran.code == 1
    assert (document["site"], document["generation"], document["sitecert"]) == (SITE, 2, __version__)
    assert document["judged_at"] == f"{AT[1]}T12:00:00Z"
    assert [each["service"] for each in document["endpoints"]] == ["Apache", "ORDS", "Apache"]
    assert [[check["verdict"] for check in each["checks"]] for each in document["endpoints"]] == [
        ["ok", "ok"],
        ["due", "due"],
        ["wrong", "wrong"],
    ]
    sent = document["endpoints"][0]["checks"][0]["chain"]
    assert sent == document["expected"]
    text = (site.repository.root / f"sites/{SITE}.yaml").read_text().splitlines()
    assert {each["code"] for each in document["problems"]} == {"SC602", "SC618"}
    for problem in document["problems"]:
        server = problem["message"].partition(":")[0]
        assert text[problem["line"] - 1][problem["column"] - 1 :].lstrip("{name: ").startswith(server)
        assert re.match(r"spokwb[12]\.parknicollet\.com:(443|8443), name smartweb", problem["message"])


def test_github_shows_it_at_the_servers_line(site: Certified, current: int, before: int) -> None:
    """As every other command does."""
    ran = site.verify("--format", "github", apache=current, ords=before, other=current)
    assert ran.code == 2
    assert ran.out.count("::warning file=sites/park-nicollet.yaml,line=") == 2


@pytest.mark.parametrize(
    "text", ["spokwb1", "=", "spokwb3.parknicollet.com=127.0.0.1:1", "load-balancer=[::1]:1"]
)
def test_a_connect_that_makes_no_sense_is_usage(site: Certified, text: str) -> None:
    """Bad syntax, a server that is not there, a load balancer that is not there."""
    ran = sitecert("-C", site.repository.root, "verify", SITE, "--connect", text)
    assert (ran.code, ran.out) == (3, "")
    assert "--connect" in ran.err
    assert len(ran.err.splitlines()) == 2


def test_a_site_without_a_certificate(tmp_path: Path) -> None:
    """There is nothing to look for, and nothing to keep: a problem, at the site's file."""
    repository = a_repository(tmp_path / "certs")
    assert repository.run("compile").code == 0
    for arguments in ((), ("--record",)):
        ran = sitecert("-C", repository.root, "verify", SITE, *arguments)
        assert (ran.code, ran.out) == (1, "")
        assert "sites/park-nicollet.yaml:1:1: error[SC601]" in ran.err
    ran = sitecert("-C", repository.root, "verify", SITE, "--format", "json")
    document = json.loads(ran.out)
    validator().validate(document)
    assert [each["code"] for each in document["problems"]] == ["SC601"]
    assert not (repository.root / "evidence").exists()


@pytest.mark.parametrize(("name", "code", "words"), [("nobody", 1, "SC904"), ("*", 3, "one site at a time")])
def test_one_site_at_a_time(tmp_path: Path, name: str, code: int, words: str) -> None:
    """A mistyped name, and a pattern for several."""
    repository = a_repository(
        tmp_path / "certs", one=a_site_file(), two=a_site_file(common_name="two.parknicollet.com")
    )
    ran = sitecert("-C", repository.root, "verify", name)
    assert (ran.code, words in ran.err) == (code, True)


def test_what_stops_a_look(tmp_path: Path) -> None:
    """A site's file that cannot be read, and a certificate that was damaged."""
    repository = a_repository(tmp_path / "certs")
    assert repository.run("compile").code == 0
    certified(repository, 1)
    path = repository.root / f"out/{SITE}/generation-1/leaf.crt"
    path.write_bytes(path.read_bytes().replace(b"A", b"B"))
    assert "SC401" in sitecert("-C", repository.root, "verify", SITE).err
    repository.write(f"sites/{SITE}.yaml", "customer: [\n")
    ran = sitecert("-C", repository.root, "verify", SITE)
    assert (ran.code, "SC0" in ran.err) == (1, True)


def test_a_policy_that_the_site_breaks_stops_no_look(site: Certified, current: int) -> None:
    """What is in service can be looked at in any case."""
    text = site.repository.read(f"sites/{SITE}.yaml").decode()
    site.repository.write(f"sites/{SITE}.yaml", text.replace("country: US", "country: XX"))
    assert sitecert("-C", site.repository.root, "validate").code == 1
    assert site.verify(apache=current, ords=current, other=current).code == 0


def test_evidence_is_kept_and_never_overwritten(
    site: Certified, current: int, before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The very document that JSON shows, under the time of the look; a second one in that second is told."""
    monkeypatch.setattr(command, "datetime", Clock)
    root = site.repository.root
    ran = site.verify("--record", "--format", "json", apache=current, ords=before, other=current)
    path = root / f"evidence/{SITE}/2026-12-05T220000Z.json"
    assert ran.code == 2
    assert ran.err.startswith(f"kept in evidence/{SITE}/2026-12-05T220000Z.json\n")
    assert path.read_text() == ran.out
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    validator().validate(json.loads(ran.out))
    assert json.loads(ran.out)["time"] == "2026-12-05T22:00:00Z"
    kept = path.read_bytes()
    again = site.verify("--record", apache=current, ords=current, other=current)
    assert again.code == 1
    assert (
        f"evidence/{SITE}/2026-12-05T220000Z.json:1:1: error[SC621]: cannot be written: file exists"
        in again.err
    )
    assert "kept" not in again.err
    assert path.read_bytes() == kept


class Clock(datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """Return the moment of a change."""
        return datetime(2026, 12, 5, 22, 0, 0, tzinfo=tz)


@pytest.mark.parametrize("place", ["evidence", f"evidence/{SITE}"])
def test_evidence_is_not_written_through_a_link(
    site: Certified, current: int, tmp_path: Path, place: str
) -> None:
    """A folder that leads out of the repository is refused; nothing is written there."""
    outside = tmp_path / "outside"
    outside.mkdir()
    link = site.repository.root / place
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(outside)
    ran = site.verify("--record", apache=current, ords=current, other=current)
    assert ran.code == 1
    assert f"{place}:1:1: error[SC621]: cannot be written: not a directory" in ran.err
    assert list(outside.iterdir()) == []


def test_a_full_disk_leaves_no_half_evidence(
    site: Certified, current: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be written whole is not there."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    folder = site.repository.root / f"evidence/{SITE}"
    folder.mkdir(parents=True)
    monkeypatch.setattr(write_files.os, "fsync", full)
    ran = site.verify("--record", apache=current, ords=current, other=current)
    assert ran.code == 1
    assert re.search(r"Z\.json:1:1: error\[SC621\]: cannot be written: no space left on device", ran.err)
    assert list(folder.iterdir()) == []
