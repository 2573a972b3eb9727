"""What goes wrong on a real server, and what install.sh then does: nothing, or back to where it was."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sitecert.model.generation import Generation
from sitecert.pki.certificates import issued_certificate
from smartsuite import Fault, Machine, Service
from support.authority import NOT_BEFORE, rsa_key
from support.runbooks import NAMES, a_generation, authority
from support.sites import a_site_on

pytestmark = pytest.mark.machine
OLD, NEW = a_generation(1), a_generation(2)
SCRIPT = "/root/pack/install.sh"


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """Return a machine of version 8.10 that serves generation 1 and has the pack of generation 2."""
    with Machine(tmp_path, "8.10") as machine:
        machine.put_in_service(OLD)
        machine.bring(a_site_on("8.10"), NEW)
        yield machine


def be_patient_for(machine: Machine, seconds: int) -> None:
    """Let install.sh wait so long for a service, not for minutes."""
    script = machine.pack / "install.sh"
    text = re.sub(r"(?m)^(APACHE|ORDS)_SECONDS=.*$", rf"\1_SECONDS={seconds}", script.read_text())
    script.write_text(text)


def issued(not_before: datetime, days: int = 90) -> Generation:
    """Return generation 2 with a certificate of other dates."""
    leaf = authority().issue(
        rsa_key("generation 2").public_key(), list(NAMES), not_before=not_before, days=days
    )
    return Generation(2, certificate=issued_certificate(leaf, [authority().intermediate]))


def refused(machine: Machine, *named: str, command: tuple[str, ...] = ()) -> None:
    """Check and apply say why not, and change and restart nothing."""
    before, starts = machine.live(), machine.starts()
    for verb in ("check", "apply"):
        ran = machine.run(*command, "sh", SCRIPT, verb, "--passphrase-file", "/root/passphrase")
        assert ran.returncode == 1, ran.stdout + ran.stderr
        for words in named:
            assert words in ran.stderr
    assert (machine.live(), machine.starts()) == (before, starts)
    assert machine.both_serve(OLD)


def taken_back(machine: Machine, before: object, ran: subprocess.CompletedProcess[str]) -> None:
    """Assert that a run failed and everything is as it was: files, services, what a handshake shows."""
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert machine.live() == before
    assert machine.both_serve(OLD)
    assert "Not finished" not in machine.install("status").stdout


@pytest.mark.parametrize("service", Service)
def test_a_restart_that_fails(machine: Machine, service: Service) -> None:
    """Real systemd says no once; the old certificate is served again."""
    before = machine.live()
    machine.at_start(service, Fault.FAILS_ONCE)
    taken_back(machine, before, machine.install("apply"))


def test_a_service_that_never_starts_again(machine: Machine) -> None:
    """The files are back; what to type is said, and works once the cause is mended."""
    before = machine.live()
    be_patient_for(machine, 1)
    machine.at_start(Service.APACHE, Fault.FAILS)
    ran = machine.install("apply")
    assert ran.returncode == 1
    assert machine.live() == before
    assert "as root: systemctl restart amcom_httpd.service" in ran.stdout
    (again,) = re.findall(r"run: sh (/root/sitecert/\S+/install.sh) rollback", ran.stderr)
    machine.mend(Service.APACHE)
    assert machine.run("sh", again, "rollback").returncode == 0
    assert machine.both_serve(OLD)
    assert machine.install("apply").returncode == 0
    assert machine.both_serve(NEW)


@pytest.mark.parametrize("service", Service)
def test_a_service_that_serves_the_old_certificate(machine: Machine, service: Service) -> None:
    """It starts, is active, and shows the certificate from before: no success."""
    before = machine.live()
    be_patient_for(machine, 10)
    machine.at_start(service, Fault.SERVES_OLD)
    taken_back(machine, before, machine.install("apply"))


def test_ords_that_is_never_ready(machine: Machine) -> None:
    """The wait ends, an old line of the journal does not count, and both services are as before."""
    before = machine.live()
    be_patient_for(machine, 10)
    machine.at_start(Service.ORDS, Fault.NEVER_READY_ONCE)
    ran = machine.install("apply")
    assert "ords-standalone.service is not ready" in ran.stderr
    taken_back(machine, before, ran)


def test_a_wrong_key(machine: Machine) -> None:
    """Apache's own test says yes to it; we say no."""
    machine.bring(a_site_on("8.10"), NEW, key=rsa_key("somebody else's"))
    refused(machine, "nothing was changed")


def test_a_certificate_for_another_name(machine: Machine) -> None:
    """It is valid, it has its key and its chain, and it is not for this site."""
    machine.bring(a_site_on("8.10"), a_generation(2, names=("other.parknicollet.com",)))
    script = machine.pack / "install.sh"
    asked = f"ALTERNATIVE_NAMES=DNS:{NAMES[0]}"
    script.write_text(re.sub(r"(?m)^ALTERNATIVE_NAMES=.*$", asked, script.read_text()))
    refused(machine, f"the certificate is not for DNS:{NAMES[0]}")


@pytest.mark.system("faketime")
@pytest.mark.parametrize(
    ("not_before", "clock"),
    [
        (NOT_BEFORE, "@2046-01-01 12:00:00"),
        (datetime.now(UTC) + timedelta(days=2), None),
        (datetime.now(UTC) - timedelta(minutes=30), "-1h"),
    ],
    ids=["expired", "not yet valid", "clock an hour slow"],
)
def test_a_certificate_out_of_its_time(machine: Machine, not_before: datetime, clock: str | None) -> None:
    """The server's own clock decides, and is named as the other cause."""
    machine.bring(a_site_on("8.10"), issued(not_before.replace(microsecond=0)))
    refused(machine, "is the clock right?", command=("faketime", "-f", clock) if clock else ())


@pytest.mark.system("faketime")
def test_a_clock_an_hour_fast(machine: Machine) -> None:
    """A certificate that was issued now is not new to it."""
    machine.bring(a_site_on("8.10"), issued(datetime.now(UTC).replace(microsecond=0)))
    script = ("sh", SCRIPT, "apply", "--passphrase-file", "/root/passphrase")
    ran = machine.run("faketime", "-f", "+1h", *script)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_an_incomplete_chain(machine: Machine) -> None:
    """The root alone is no chain for this leaf."""
    certificate = NEW.certificate
    assert certificate
    leaf = authority().issue(rsa_key("generation 2").public_key(), list(NAMES))
    machine.bring(a_site_on("8.10"), Generation(2, certificate=issued_certificate(leaf, [authority().root])))
    refused(machine, "was not signed by the one after it")


@pytest.mark.parametrize("name", ["server.crt", "chain.crt"])
def test_one_byte_altered(machine: Machine, name: str) -> None:
    """Whichever byte: the file is not the one that was approved."""
    path = machine.pack / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    refused(machine, f"not the file that was approved: /root/pack/{name}")


def test_a_missing_tool(machine: Machine) -> None:
    """Each tool that the script names is missed, by name, before anything is changed."""
    (line,) = re.findall(r"for tool in (.*); do", (machine.pack / "install.sh").read_text())
    tools = line.split()
    assert {"openssl", "awk", "systemctl"} <= set(tools)
    links = (
        "mkdir /tmp/real /tmp/links && mount --bind /usr/bin /tmp/real && mount --make-private /tmp/real && "
        "for each in /tmp/real/*; do ln -s $each /tmp/links; done && mount --bind /tmp/links /usr/bin"
    )
    assert machine.run("sh", "-c", links).returncode == 0
    for tool in tools:
        link = machine.root / "tmp/links" / tool
        if not link.is_symlink():
            continue  # it lies in sbin
        link.rename(link.with_name("hidden"))
        built_in = machine.run("sh", "-c", f"command -v {tool}").returncode == 0
        ran = machine.install("check")
        link.with_name("hidden").rename(link)
        assert (ran.returncode == 0) == built_in, ran.stderr
        assert built_in or f"this server has no {tool}" in ran.stderr
    assert machine.install("check").returncode == 0


def test_a_read_only_file_system(machine: Machine) -> None:
    """It is found by looking, not by failing half way."""
    live = "/opt/amcom/apache/conf"
    assert machine.run("mount", "--bind", "-o", "ro", live, live).returncode == 0
    refused(machine, "not a directory that can be written")


def test_a_full_disk(machine: Machine) -> None:
    """A real file system without room for the new files is found by looking."""
    for live in ("ssl.crt", "ssl.key"):
        folder = f"/opt/amcom/apache/conf/{live}"
        fill = (
            f"mkdir /tmp/{live} && cp -a {folder}/. /tmp/{live} && "
            f"mount -t tmpfs -o size=64k,mode=755 tmpfs {folder} && cp -a /tmp/{live}/. {folder} && "
            f"dd if=/dev/zero of={folder}/full bs=1k 2>/dev/null; true"
        )
        assert machine.run("sh", "-c", fill).returncode == 0
    ran = machine.install("apply")
    assert ran.returncode == 1
    assert "KB left" in ran.stderr
    assert machine.both_serve(OLD)


def test_no_inode_left(machine: Machine) -> None:
    """There is room for bytes and none for files: everything is taken back without needing one."""
    folder = "/opt/amcom/apache/conf/ssl.key"
    fill = (
        f"cp -a {folder} /tmp/keys && mount -t tmpfs -o size=8m,nr_inodes=4,mode=755 tmpfs {folder} && "
        f"cp -a /tmp/keys/. {folder} && touch {folder}/last"
    )
    assert machine.run("sh", "-c", fill).returncode == 0
    assert machine.run("touch", f"{folder}/one-more").returncode != 0
    before = machine.run("sh", "-c", f"cd {folder} && stat -c '%n %U %a' * && sha256sum *").stdout
    ran = machine.install("apply")
    assert ran.returncode == 1
    assert machine.run("sh", "-c", f"cd {folder} && stat -c '%n %U %a' * && sha256sum *").stdout == before
    assert machine.both_serve(OLD)


def test_owners_under_which_ords_cannot_read(machine: Machine) -> None:
    """A key that the user of ORDS cannot read is found before the restart that would fail."""
    (machine.keys / "server.der").unlink()
    key = machine.keys / "server.key"
    key.chmod(0o600)
    before, starts = machine.live(), machine.starts()
    ran = machine.install("apply")
    assert ran.returncode == 1
    assert "ORDS runs as oracle, which cannot read /opt/amcom/apache/conf/ssl.key/server.der" in ran.stderr
    assert (machine.live(), machine.starts()) == (before, starts)


def test_a_directory_of_everybody(machine: Machine) -> None:
    """Who may write beside the key may replace it."""
    machine.keys.chmod(0o777)
    refused(machine, "every user of this server may write to /opt/amcom/apache/conf/ssl.key")


def test_two_runs_at_once(machine: Machine) -> None:
    """While the first waits for Apache, the second is refused and breaks nothing."""
    machine.at_start(Service.APACHE, Fault.HELD)
    script = ("sh", SCRIPT, "apply", "--passphrase-file", "/root/passphrase")
    first = machine.popen(*script, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    gate = machine.root / "opt/stand-in/apache.gate"
    with gate.open("w") as opened:  # it blocks until the start has begun
        for verb in ("check", "apply", "rollback"):
            second = machine.install(verb)
            assert second.returncode == 1
            assert "another run is under way" in second.stderr
        machine.mend(Service.APACHE)
        opened.write("go on\n")
    said, _ = first.communicate()
    assert first.returncode == 0, said
    assert machine.both_serve(NEW)


def test_hostile_file_names_beside_ours(machine: Machine) -> None:
    """Names that break scripts are backed up and left alone, there and back."""
    names = (
        "-rf",
        "a b",
        "new\nline",
        "$(reboot)",
        "`id`",
        "'\"",
        "*",
        "server.crt.sitecert-new.x",
        "\udcff",
    )
    for folder in (machine.certificates, machine.keys):
        for name in names:
            (folder / name).write_text(repr(name))
        (folder / "link").symlink_to("/etc/passwd")
        (folder / "folder with a blank").mkdir()
        (folder / "folder with a blank" / "file").write_text("inside")
    listed = machine.run("sh", "-c", "ls -labR --time-style=+%s /opt/amcom/apache/conf/ssl.*").stdout
    applied = machine.install("apply")
    assert applied.returncode == 0, applied.stderr
    assert machine.both_serve(NEW)
    undone = machine.install("rollback")
    assert undone.returncode == 0, undone.stderr
    back = machine.run("sh", "-c", "ls -labR --time-style=+%s /opt/amcom/apache/conf/ssl.*").stdout
    assert without_folders(back) == without_folders(listed)
    (backup,) = machine.state.glob("park-nicollet/generation-2/run-1-*/backup")
    for name in names:
        assert (backup / "opt/amcom/apache/conf/ssl.key" / name).read_text() == repr(name)


def without_folders(listing: str) -> list[str]:
    """Return the lines of files: a folder's own time tells that something was in it."""
    return [line for line in listing.splitlines() if not line.startswith(("d", "total"))]
