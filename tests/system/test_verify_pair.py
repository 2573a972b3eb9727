"""`sitecert verify` as a command, where the clients of a real load balancer are."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sitecert.model.generation import Generation
from sitecert.model.site import Vendor
from sitecert.pki.certificates import issued_certificate
from smartsuite import Pair
from smartsuite.pair import ADDRESSES, BALANCER, SERVERS
from support.repository import Repository, a_repository, a_site_file, private_key_of
from support.runbooks import NAMES

pytestmark = [pytest.mark.machine, pytest.mark.system("haproxy", "git")]
SITE = "park-nicollet"
FIRST, SECOND = SERVERS
USERS = f"{NAMES[0]}:443"
"""What users ask, which is the load balancer."""


@dataclass(frozen=True)
class InService:
    """A generation of the repository, with its key."""

    generation: Generation
    key: rsa.RSAPrivateKey

    @property
    def fingerprint(self) -> str:
        """What a handshake shows of it."""
        assert self.generation.certificate
        return self.generation.certificate.leaf.fingerprint


@dataclass(frozen=True)
class Certified:
    """A repository whose site has two generations with a certificate."""

    repository: Repository
    before: InService
    current: InService

    def says(self, install_on: str, version: str = "8.0-1") -> None:
        """Rewrite the site's file: where the certificate goes, and on which version."""
        self.repository.site(
            version=version,
            servers=f"[{FIRST}, {SECOND}]",
            load_balancer="{vendor: haproxy}",
            install_on=install_on,
            key="{generation: 2}",
        )

    def verify(self, pair: Pair, *arguments: str) -> Found:
        """Verify where the pair's client is; return what was found, by place."""
        return Found(
            pair.run_in_client(*self.repository.command("verify", SITE, "--format", "json", *arguments))
        )


class Found:
    """What `verify` answered."""

    def __init__(self, ran: subprocess.CompletedProcess[str]) -> None:
        """Read it; there is a document whatever was found."""
        assert ran.stdout, ran.stderr
        self.code = ran.returncode
        self.told = ran.stderr
        self.document: dict[str, Any] = json.loads(ran.stdout)

    @property
    def verdicts(self) -> dict[str, set[str]]:
        """The verdicts of each place, over all names."""
        return {
            each["address"]: {check["verdict"] for check in each["checks"]}
            for each in self.document["endpoints"]
        }

    @property
    def problems(self) -> set[tuple[str, str]]:
        """The problems: code, and the words after the names of the place and of the site."""
        return {(each["code"], each["message"].partition(": ")[2]) for each in self.document["problems"]}


def in_service(repository: Repository, number: int) -> InService:
    """Compile, have the request answered and taken in; return what a server then has."""
    assert repository.run("compile").code == 0
    assert repository.certify(number).code == 0
    folder = f"out/{SITE}/generation-{number}"
    (leaf, *chain) = x509.load_pem_x509_certificates(repository.read(f"{folder}/server.crt"))
    key = load_pem_private_key(private_key_of(repository, f"{folder}/server.key.age"), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return InService(Generation(number, certificate=issued_certificate(leaf, chain)), key)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    """Return the repository, certified twice and committed."""
    root = tmp_path_factory.mktemp("verify") / "certs"
    site = a_site_file(servers=f"[{FIRST}, {SECOND}]", load_balancer="{vendor: haproxy}", install_on="both")
    repository = a_repository(root, park_nicollet=site)
    before = in_service(repository, 1)
    repository.write(f"sites/{SITE}.yaml", f"{site}key: {{generation: 2}}\n")
    current = in_service(repository, 2)
    assert repository.run("compile").code == 0
    repository.commit()
    return Certified(repository, before, current)


@pytest.fixture
def site(made: Certified, tmp_path: Path) -> Certified:
    """Return a copy of the repository."""
    return replace(made, repository=Repository(copytree(made.repository.root, tmp_path / "certs")))


@pytest.fixture
def terminating(site: Certified, tmp_path: Path) -> Iterator[Pair]:
    """Return a pair behind a load balancer that ends TLS; all serve the generation before."""
    with Pair(tmp_path / "pair", "8.0-1", Vendor.HAPROXY, terminates=True) as pair:
        pair.put_in_service(site.before.generation, site.before.key)
        yield pair


def test_one_of_two_servers_is_behind(site: Certified, tmp_path: Path) -> None:
    """The load balancer shows now one, now the other; `verify` asks each server, and names the one."""
    site.says("servers", "8.1")
    old, new = site.before, site.current
    with Pair(tmp_path / "pair", "8.1", Vendor.HAPROXY) as pair:
        pair.put_in_service(old.generation, old.key)
        first, second = pair.servers
        first.put_in_service(new.generation, new.key)
        assert {pair.served() for _ in range(4)} == {old.fingerprint, new.fingerprint}
        found = site.verify(pair)
        assert found.code == 2
        assert found.verdicts == {
            f"{FIRST}:443": {"ok"},
            f"{FIRST}:8443": {"ok"},
            f"{SECOND}:443": {"due"},
            f"{SECOND}:8443": {"due"},
        }
        assert {code for code, _ in found.problems} == {"SC602"}
        assert all("generation 1 is still served" in words for _, words in found.problems)
        second.put_in_service(new.generation, new.key)
        found = site.verify(pair)
        assert (found.code, found.problems) == (0, set())
        assert {pair.served() for _ in range(4)} == {new.fingerprint}


@pytest.mark.parametrize("install_on", ["servers", "load-balancer", "both"])
def test_what_is_looked_at(site: Certified, terminating: Pair, install_on: str) -> None:
    """The places that `install_on` names; of those, what lacks behind."""
    site.says(install_on)
    new = site.current
    for server in terminating.servers:
        server.put_in_service(new.generation, new.key)
    servers = {f"{FIRST}:443": {"ok"}, f"{SECOND}:443": {"ok"}}
    balancer = {USERS: {"due"}}
    wanted = {"servers": servers, "load-balancer": balancer, "both": servers | balancer}[install_on]
    found = site.verify(terminating)
    assert found.verdicts == wanted
    assert found.code == (0 if install_on == "servers" else 2)


def test_the_change_and_its_evidence(site: Certified, terminating: Pair) -> None:
    """The load balancer first, by its script, then the servers: the looks before and after are kept."""
    site.says("both")
    new = site.current
    looks = [site.verify(terminating, "--record")]
    terminating.balancer.bring(terminating.site, new.generation, new.key)
    applied = terminating.balancer.install("apply")
    assert applied.returncode == 0, applied.stdout + applied.stderr
    looks.append(site.verify(terminating))
    for server in terminating.servers:
        server.put_in_service(new.generation, new.key)
    looks.append(site.verify(terminating, "--record"))
    assert [look.code for look in looks] == [2, 2, 0]
    assert [look.verdicts[USERS] for look in looks] == [{"due"}, {"ok"}, {"ok"}]
    assert [look.verdicts[f"{FIRST}:443"] for look in looks] == [{"due"}, {"due"}, {"ok"}]
    kept = sorted((site.repository.root / f"evidence/{SITE}").iterdir())
    assert [json.loads(path.read_text()) for path in kept] == [looks[0].document, looks[2].document]
    assert f"kept in evidence/{SITE}/{kept[0].name}\n" in looks[0].told


def test_where_no_name_resolves(site: Certified, terminating: Pair) -> None:
    """Without names every place is a failure; `--connect` says where they are."""
    site.says("both")
    command = site.repository.command("verify", SITE, "--format", "json")
    enter = ["nsenter", f"--net={terminating.client.path}", "--"]

    def verify(*arguments: str) -> Found:
        command_line = [*enter, *command, *arguments]
        return Found(subprocess.run(command_line, capture_output=True, text=True, check=False))

    found = verify()
    assert found.code == 1
    assert {code for code, _ in found.problems} == {"SC617"}
    places = {FIRST: ADDRESSES[FIRST], SECOND: ADDRESSES[SECOND], "load-balancer": ADDRESSES[BALANCER]}
    connect = [f"--connect={name}={address}" for name, address in places.items()]
    found = verify(*connect)
    assert found.code == 2
    assert set().union(*found.verdicts.values()) == {"due"}
    assert verify(*connect[:2]).verdicts[USERS] == {"wrong"}
