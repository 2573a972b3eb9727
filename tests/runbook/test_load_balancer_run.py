"""The load balancer's script on stubs with a real TLS server, and the sheets of every vendor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from sitecert.model.runbook import Step
from sitecert.model.site import InstallOn, Vendor
from sitecert.runbook.load_balancer import load_balancer_runbook
from support.authority import rsa_key
from support.runbooks import SHELLS, a_generation, behind, load_balancer_files
from support.sites import a_site
from support.stub_server import PASSPHRASE, StubServer, key_pem

pytestmark = pytest.mark.system("openssl")
OLD, NEW = a_generation(1), a_generation(2)
FILES = {Vendor.HAPROXY: ("pem", "pem"), Vendor.NGINX: ("crt", "key")}


class Balancer(StubServer):
    """A load balancer whose service reads the files that its vendor's script replaces."""

    vendor: Vendor

    def lay_out(self, vendor: Vendor) -> Balancer:
        """Serve generation 1 from the vendor's files, and bring the pack of generation 2."""
        self.vendor = vendor
        certificate, key = (str(self.path(suffix)) for suffix in FILES[vendor])
        systemctl = self.bin / "systemctl"
        text = systemctl.read_text().replace(f"{self.certificates}/server.crt", certificate)
        text = text.replace(f"{self.keys}/server.key", key)
        systemctl.write_text(text)
        for name in ("haproxy", "nginx"):
            self._program(
                name, f"#!/bin/sh\necho {name} $* >>{self.root}/checks\n[ ! -e {self.root}/refuse ]\n"
            )
        assert OLD.certificate
        assert NEW.certificate
        self.path(FILES[vendor][0]).write_bytes(OLD.certificate.served_pem)
        with self.path(FILES[vendor][1]).open("ab") as file:
            file.write(key_pem(rsa_key("generation 1")))
        self.restart_as_somebody("haproxy.service")
        script = load_balancer_files(behind(a_site(), vendor), NEW)["load-balancer.sh"]
        for folder in ("/etc/haproxy/certs", "/etc/nginx/ssl"):
            script = script.replace(folder, str(self.certificates))
        script = script.replace("ADDRESSES='127.0.0.1 smartweb.parknicollet.com'", "ADDRESSES=127.0.0.1")
        script = script.replace("PROVE_SECONDS=60", "PROVE_SECONDS=0")
        (self.pack / "install.sh").write_text(self.point(script))
        (self.pack / "server.crt").write_bytes(NEW.certificate.served_pem)
        (self.pack / "server.key").write_bytes(key_pem(rsa_key("generation 2"), PASSPHRASE))
        (self.root / "passphrase").write_text(PASSPHRASE + "\n")
        return self

    def path(self, suffix: str) -> Path:
        """Return a live file."""
        return self.certificates / f"smartweb.parknicollet.com.{suffix}"

    def serves(self) -> str | None:
        """Return the fingerprint that clients are shown."""
        return self.served(self.https)


@pytest.fixture(params=FILES, ids=str)
def balancer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Balancer]:
    """Return each load balancer that has a script."""
    balancer = Balancer(tmp_path / "balancer")
    yield balancer.lay_out(request.param)
    balancer.stop()


def test_there_and_back(balancer: Balancer) -> None:
    """Apply proves the new certificate, rollback the old one; the files are as they were."""
    before = balancer.live()
    applied = balancer.run("apply")
    assert applied.returncode == 0, applied.stdout + applied.stderr
    assert NEW.certificate
    assert OLD.certificate
    assert balancer.serves() == NEW.certificate.leaf.fingerprint
    assert len(balancer.calls()) == 1
    assert balancer.run("verify").returncode == 0
    assert balancer.run("rollback").returncode == 0
    assert balancer.serves() == OLD.certificate.leaf.fingerprint
    assert balancer.live() == before


@pytest.mark.system(*sorted({shell.split()[0] for shell in SHELLS}))
@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_there_and_back(balancer: Balancer, shell: str) -> None:
    """Each shell that a load balancer may have installs and takes back."""
    balancer.shell = tuple(shell.split())
    for verb, generation in (("apply", NEW), ("rollback", OLD)):
        ran = balancer.run(verb)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert generation.certificate
        assert balancer.serves() == generation.certificate.leaf.fingerprint


def test_a_refused_configuration_is_not_reloaded(balancer: Balancer) -> None:
    """What the load balancer's own check refuses is put back without a reload."""
    (balancer.root / "refuse").touch()
    before = balancer.live()
    found = balancer.run("apply")
    assert found.returncode == 1
    assert "was not restarted and serves what it served before" in found.stdout
    assert balancer.live() == before
    assert balancer.calls() == []


def test_the_files_can_be_named(balancer: Balancer) -> None:
    """An option takes the place of the file that the script assumes."""
    certificate, key = FILES[balancer.vendor]
    names = {"pem": "--pem", "crt": "--certificate", "key": "--key"}
    missing = [names[certificate], str(balancer.root / "nowhere" / "a.pem")]
    found = balancer.run("check", *missing)
    assert found.returncode == 1
    assert f"not a directory that can be written: {balancer.root}/nowhere" in found.stderr
    assert balancer.run("check", names[key], str(balancer.path(key))).returncode == 0


def test_rollback_knows_the_files_of_its_run(balancer: Balancer) -> None:
    """A file that apply was told need not be told again to put it back."""
    certificate, key = FILES[balancer.vendor]
    elsewhere = balancer.root / "elsewhere"
    elsewhere.mkdir()
    for suffix in {certificate, key}:
        balancer.path(suffix).rename(elsewhere / suffix)
        balancer.path(suffix).symlink_to(elsewhere / suffix)
    names = {"pem": "--pem", "crt": "--certificate", "key": "--key"}
    options = [word for suffix in {certificate, key} for word in (names[suffix], str(elsewhere / suffix))]
    before = balancer.live()
    applied = balancer.run("apply", *options)
    assert applied.returncode == 0, applied.stdout + applied.stderr
    assert balancer.live() != before
    assert balancer.run("rollback").returncode == 0
    assert balancer.live() == before


@pytest.mark.parametrize("vendor", Vendor)
def test_the_sheet_shows_every_line(vendor: Vendor) -> None:
    """Each command of the steps stands in a code block, as it is to be typed; nothing becomes HTML."""
    site = behind(a_site(), vendor)
    tokens = (
        MarkdownIt("commonmark").enable("table").parse(load_balancer_files(site, NEW)["load-balancer.md"])
    )
    blocks = "".join(token.content for token in tokens if token.type == "fence")
    steps: tuple[Step, ...] = load_balancer_runbook(site, NEW).steps
    assert all(line + "\n" in blocks for step in steps for line in (*step.do, *step.check, *step.undo))
    headings = [
        tokens[at + 1].content for at, token in enumerate(tokens) if token.tag == "h2" and token.nesting == 1
    ]
    assert headings == [*(f"{n}. {step.title}" for n, step in enumerate(steps, 1)), "Backing out"]
    assert not [token for token in tokens if token.type.startswith("html")]


@pytest.mark.parametrize("vendor", Vendor)
def test_every_vendor_proves_what_is_served(vendor: Vendor) -> None:
    """No load balancer's change ends without the fingerprint that its clients are shown."""
    ids = [step.id for step in load_balancer_runbook(behind(a_site(), vendor), NEW).steps]
    assert "prove_served" in ids


def test_objects_carry_the_generation() -> None:
    """A new generation has objects of its own: the old ones stay for backing out."""
    for vendor in (Vendor.F5, Vendor.NETSCALER, Vendor.OTHER):
        sheet = load_balancer_files(behind(a_site(), vendor), NEW)["load-balancer.md"]
        assert "smartweb.parknicollet.com-20260101-g2" in sheet


@pytest.mark.parametrize("vendor", Vendor)
def test_how_to_back_out(vendor: Vendor) -> None:
    """By the script where there is one, by the steps' own lines, or by what the steps say."""
    sheet = load_balancer_files(behind(a_site(), vendor), NEW)["load-balancer.md"]
    _, backing_out = sheet.split("## Backing out\n")
    assert ("sh load-balancer.sh rollback\n" in backing_out) == (vendor in FILES)
    assert ("There are no commands for this" in backing_out) == (vendor is Vendor.OTHER)
    assert ('Of "' in backing_out) == (vendor is not Vendor.OTHER)


@pytest.mark.parametrize("vendor", [Vendor.HAPROXY, Vendor.NGINX, Vendor.F5])
def test_ords_is_drained_too(vendor: Vendor) -> None:
    """Its clients come by a port of its own: where a server has it, a turn has lines for it."""
    site = replace(behind(a_site(), vendor), install_on=InstallOn.BOTH)
    without = replace(site, servers=tuple(replace(server, ords=False) for server in site.servers))
    for lines in ("drain", "enable"):
        (turn,), (alone,) = (load_balancer_runbook(each, NEW).turns for each in (site, without))
        assert set(getattr(alone, lines)) < set(getattr(turn, lines))
        assert any("ORDS" in line or "8443" in line for line in getattr(turn, lines))
