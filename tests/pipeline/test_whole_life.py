"""The whole life of a site, by public commands alone, and what `status` and `plan` say at each stage."""

from __future__ import annotations

import json
import os
import re
import shutil
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from sitecert.model.generation import Generation
from sitecert.pki.certificates import issued_certificate
from support.authority import Authority, rsa_key
from support.commands import Ran, sitecert
from support.foreign_authority import ForeignAuthority
from support.repository import Repository
from support.stub_server import PASSPHRASE, StubServer

pytestmark = pytest.mark.system("openssl")

DAY = timedelta(days=1)
NOW = datetime.now(UTC).replace(microsecond=0)
"""The runbook judges by the clock of its server, so the certificates of this test are valid today."""

KEY_BLOCK = re.compile(rb"PRIVATE KEY-----\s+[A-Za-z0-9+/]{20}|AGE-SECRET-KEY-1|BEGIN AGE ENCRYPTED")
NAME = "smartweb.parknicollet.com"
SERVER = "spokwb.parknicollet.com"
SITE = "park-nicollet"
FIRST_END = NOW + 199 * DAY
LATER = FIRST_END - 20 * DAY
SECOND_END = NOW + 398 * DAY


@dataclass(frozen=True)
class Life:
    """A repository, the CA that its customer goes to, and the server that the certificates are for."""

    root: Path
    authority: ForeignAuthority
    server: StubServer

    def run(self, *arguments: object, code: int = 0) -> Ran:
        """Run a command in the repository; it must end with this exit code."""
        ran = sitecert("-C", self.root, *arguments)
        assert ran.code == code, ran.err + ran.out
        return ran

    def stands(self, at: datetime, *, stage: str, in_service: int, due: bool, next_word: str | None) -> None:
        """Say that `status` tells this of the site on a day, and that `plan` has nothing to do."""
        day = ("--at", f"{at:%Y-%m-%d}")
        found = json.loads(self.run("status", "--format", "json", *day, code=2 if due else 0).out)
        (site,) = found["sites"]
        assert (site["stage"], site["in_service"]["generation"], site["due"]) == (stage, in_service, due)
        assert (next_word in site["next"]) if next_word else site["next"] is None
        self.run("plan")

    def hand_over_to_the_customer(self, number: int, at: datetime) -> Path:
        """Give the request to the customer, which seals it; return what goes to their CA."""
        pack = self.root.parent / f"request-{number}"
        self.run("handoff", SITE, "-o", pack, "--at", f"{at:%Y-%m-%d}")
        request = pack / "server.csr"
        assert request.read_bytes() == (self.root / f"out/{SITE}/generation-{number}/server.csr").read_bytes()
        assert not [each for each in pack.iterdir() if KEY_BLOCK.search(each.read_bytes())]
        return request

    def install(self, number: int) -> None:
        """Hand over to the server, run the runbook there, and see that this generation is served."""
        shutil.rmtree(self.server.pack)
        identity = Path(os.environ["XDG_CONFIG_HOME"], "sitecert/identity.txt")
        (self.server.root / "passphrase").write_text(f"{PASSPHRASE}\n")
        protected = ("-i", identity, "--passphrase-file", self.server.root / "passphrase")
        self.run("handoff", SITE, "--server", SERVER, "-o", self.server.pack, *protected)
        script = self.server.pack / "install.sh"
        script.write_text(self.server.point(script.read_text()))
        applied = self.server.run("apply")
        assert applied.returncode == 0, applied.stdout + applied.stderr
        leaf = (self.root / f"out/{SITE}/generation-{number}/leaf.crt").read_bytes()
        fingerprint = sha256(ssl.PEM_cert_to_DER_cert(leaf.decode())).hexdigest()
        assert self.server.served(self.server.https) == self.server.served(self.server.ords) == fingerprint

    def verify(self, code: int = 0) -> None:
        """Look at both services as `verify` does."""
        places = {SERVER: self.server.https, f"{SERVER}:8443": self.server.ords}
        self.run("verify", SITE, *(f"--connect={k}=127.0.0.1:{v}" for k, v in places.items()), code=code)


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    """Return a fresh repository, a foreign CA, and a server with a certificate that ends in twenty days."""
    root = tmp_path / "certs"
    assert sitecert("init", root).code == 0
    (root / "sites/example.yaml").unlink()
    authority = ForeignAuthority.made_in(tmp_path / "ca", NOW - 400 * DAY, NOW + 4000 * DAY)
    (root / "trust").mkdir()
    shutil.copy(authority.root, root / "trust/root.pem")
    with (root / "sitecert.yaml").open("a") as file:
        file.write("trust: [trust/root.pem]\n")
    server = StubServer(tmp_path / "server")
    old = Authority().issue(
        rsa_key("generation 0").public_key(), [NAME, SERVER], not_before=NOW - 179 * DAY, days=199
    )
    server.put_in_service(Generation(0, certificate=issued_certificate(old, [Authority().intermediate])))
    yield Life(root, authority, server)
    server.stop()


def test_the_whole_life_of_a_site(life: Life) -> None:
    """From the certificate of before to the second renewal's: no command lies about where the site stands."""
    connect = f"--connect={NAME}=127.0.0.1:{life.server.https}"
    own = ("--customer", "Park Nicollet", "--country", "US", "--state", "Minnesota", "--server", SERVER)
    words = ("--version", "8.1", "--issuer", "internal", *own)
    made = life.run("new", SITE, "--from-host", NAME, connect, *words)
    assert f"valid until {NOW + 20 * DAY - timedelta(seconds=1):%Y-%m-%d}" in made.err
    life.run("plan", code=2)
    ran = life.run("status", code=2)
    assert "not compiled" in ran.out
    assert f"next: sitecert compile {SITE}" in ran.out

    life.run("compile")
    life.stands(NOW, stage="open", in_service=0, due=True, next_word="handoff")
    request = life.hand_over_to_the_customer(1, NOW)
    life.stands(NOW, stage="sealed", in_service=0, due=True, next_word="intake")
    first = life.authority.answer(request, "first", NOW - DAY, FIRST_END)
    life.run("intake", SITE, first)
    life.stands(NOW, stage="certified", in_service=1, due=False, next_word=None)
    life.run("compile", "--check")
    life.verify(code=2)
    life.install(1)
    life.verify()
    Repository(life.root).commit()

    life.stands(FIRST_END - 31 * DAY, stage="certified", in_service=1, due=False, next_word=None)
    life.stands(LATER, stage="certified", in_service=1, due=True, next_word=f"sitecert renew {SITE}")
    at = ("--at", f"{LATER:%Y-%m-%d}")
    life.run("renew", "--due", *at)
    life.stands(LATER, stage="open", in_service=1, due=True, next_word="handoff")
    life.verify()
    assert life.run("renew", "--due", *at).out == ""

    request = life.hand_over_to_the_customer(2, LATER)
    life.stands(LATER, stage="sealed", in_service=1, due=True, next_word="intake")
    before = _digests(life.root)
    life.run("intake", SITE, first, code=1)
    assert _digests(life.root) == before
    second = life.authority.answer(request, "second", NOW - DAY, SECOND_END)
    life.run("intake", SITE, second, *at)
    life.stands(LATER, stage="certified", in_service=2, due=False, next_word=None)
    life.stands(SECOND_END + DAY, stage="certified", in_service=2, due=True, next_word="renew")
    life.run("compile", "--check")
    life.verify(code=2)
    life.install(2)
    life.verify()


def _digests(root: Path) -> dict[str, str]:
    files = sorted(each for each in (root / "out").rglob("*") if each.is_file())
    return {str(each): sha256(each.read_bytes()).hexdigest() for each in files}
