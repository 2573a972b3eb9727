"""The stand-in for Smart Suite shows what the real services were seen to do (and what they were not)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from smartsuite import Fault, Machine, Service
from support.authority import rsa_key
from support.runbooks import a_generation
from support.stub_server import key_pem

pytestmark = pytest.mark.machine
OLD, NEW = a_generation(1), a_generation(2)
FINGERPRINT = {
    generation.number: generation.certificate.leaf.fingerprint
    for generation in (OLD, NEW)
    if generation.certificate
}
HTTPD = "/opt/amcom/apache/bin/httpd"


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """Return a machine of version 8.1 that serves generation 1."""
    with Machine(tmp_path, "8.1") as machine:
        machine.put_in_service(OLD)
        yield machine


@pytest.fixture
def sysv(tmp_path: Path) -> Iterator[Machine]:
    """Return a machine of version 5.x that serves generation 1."""
    with Machine(tmp_path, "5.x") as machine:
        machine.put_in_service(OLD)
        yield machine


def write_certificate(machine: Machine, before: bytes = b"") -> None:
    """Replace server.crt by generation 2's, with something before it."""
    assert NEW.certificate
    (machine.certificates / "server.crt").write_bytes(before + NEW.certificate.served_pem)


def write_der(machine: Machine, content: bytes) -> None:
    """Replace server.der, keeping its owner and mode."""
    (machine.keys / "server.der").write_bytes(content)


def new_der(encoding: serialization.Encoding, form: serialization.PrivateFormat) -> bytes:
    """Return generation 2's key in a form."""
    return rsa_key("generation 2").private_bytes(encoding, form, serialization.NoEncryption())


PKCS8_DER = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8)
PKCS8_PEM = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
PKCS1_DER = (serialization.Encoding.DER, serialization.PrivateFormat.TraditionalOpenSSL)


def test_what_is_served_is_seen_from_outside(machine: Machine) -> None:
    """Both services show the generation that is in service, and nobody listens elsewhere."""
    assert machine.served(443) == machine.served(8443) == FINGERPRINT[1]
    assert machine.served(444) is None


def test_the_machine_is_a_server_of_its_own(machine: Machine) -> None:
    """Programs run as root in /root, with systemd as the first process and a network of their own."""
    shown = machine.run("sh", "-c", "id -u; pwd; cat /proc/1/comm; hostname; cat", input="typed")
    assert shown.stdout.split() == ["0", "/root", "systemd", machine.name, "typed"]
    path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    assert sorted(machine.run("env").stdout.split()) == ["HOME=/root", "LANG=C.UTF-8", path]
    assert machine.run("systemctl", "is-system-running").stdout.strip() == "running"
    assert machine.run("getent", "hosts", "smartweb.parknicollet.com").stdout.split()[0] == "127.0.1.1"
    assert machine.run("touch", "/usr/it").returncode != 0


def test_two_machines_do_not_meet(machine: Machine, tmp_path: Path) -> None:
    """Two machines listen on the same ports, each with a certificate of its own."""
    with Machine(tmp_path / "other", "8.1") as other:
        assert other.served(443) is None
        other.put_in_service(NEW)
        assert other.both_serve(NEW)
        assert machine.both_serve(OLD)


def test_the_configuration_test_of_apache_proves_nothing(machine: Machine) -> None:
    """With the wrong key it says `Syntax OK`; the restart fails, and nothing is served."""
    write_certificate(machine)
    tested = machine.run(HTTPD, "-t")
    assert (tested.returncode, tested.stderr.strip()) == (0, "Syntax OK")
    assert machine.served(443) == FINGERPRINT[1]
    assert machine.restart(Service.APACHE).returncode != 0
    assert machine.served(443) is None
    assert "do not match" in machine.log(Service.APACHE)


def test_apache_says_its_version(machine: Machine) -> None:
    """The runbook asks whether a chain is sent from server.crt; that is so from 2.4.8 on."""
    assert "Apache/2.4." in machine.run(HTTPD, "-v").stdout


def test_a_restart_of_ords_says_nothing(machine: Machine) -> None:
    """With a junk server.der the restart is a success and the unit active, until Java has read it."""
    write_der(machine, b"junk")
    machine.at_start(Service.ORDS, Fault.HELD)  # so that there is a time before Java has read it
    assert machine.restart(Service.ORDS).returncode == 0
    assert machine.run("systemctl", "is-active", Service.ORDS.unit).stdout == "active\n"
    machine.let_go(Service.ORDS)
    assert not machine.ords_is_ready()
    assert machine.run("systemctl", "is-failed", Service.ORDS.unit).stdout == "failed\n"
    assert machine.served(8443) is None


def test_ords_is_ready_with_a_wrong_key(machine: Machine) -> None:
    """Jetty prints the article's line and listens, and no handshake succeeds."""
    write_der(machine, new_der(*PKCS8_DER))
    assert machine.restart(Service.ORDS).returncode == 0
    assert machine.ords_is_ready()
    machine.network.connect("127.0.0.1", 8443).close()
    assert machine.served(8443) is None


def test_ords_says_the_lines_of_the_article(machine: Machine) -> None:
    """Step 11 b of kb39324, said by the same name."""
    log = machine.log(Service.ORDS)
    for line in (
        "Oracle REST Data Services initialized",
        "Oracle REST Data Services version : 21.4.3.r1170405",
        "Oracle REST Data Services server info: jetty/9.4.",
        "Ords Standalone is ready",
    ):
        assert line in log
    assert " ords-standalone.sh[" in log


def test_a_private_key_in_the_certificate_stops_ords_alone(machine: Machine) -> None:
    """What step 9 of the article says of 8.1; Apache does not mind."""
    key = rsa_key("generation 2")
    write_certificate(machine, key_pem(key))
    (machine.keys / "server.key").write_bytes(key_pem(key))
    write_der(machine, new_der(*PKCS8_DER))
    assert machine.restart(Service.APACHE).returncode == 0
    machine.restart(Service.ORDS)
    assert not machine.ords_is_ready()
    assert "signed fields invalid" in machine.log(Service.ORDS)
    assert (machine.served(443), machine.served(8443)) == (FINGERPRINT[2], None)


@pytest.mark.parametrize(("form", "is_read"), [(PKCS8_DER, True), (PKCS8_PEM, True), (PKCS1_DER, False)])
def test_the_forms_of_a_key_that_ords_reads(
    machine: Machine,
    form: tuple[serialization.Encoding, serialization.PrivateFormat],
    *,
    is_read: bool,
) -> None:
    """PKCS#8 it is, not what `openssl rsa -outform DER` writes."""
    write_certificate(machine)
    write_der(machine, new_der(*form))
    machine.restart(Service.ORDS)
    assert machine.ords_is_ready() == is_read
    assert machine.served(8443) == (FINGERPRINT[2] if is_read else None)


def test_a_machine_of_version_5_has_no_systemd(sysv: Machine) -> None:
    """`service` restarts Apache, whose exit code tells of a wrong key; there is no systemctl and no ORDS."""
    assert sysv.served(443) == FINGERPRINT[1]
    assert sysv.served(8443) is None
    assert sysv.run("sh", "-c", "command -v systemctl || command -v journalctl").returncode != 0
    assert sysv.run("service", "amcom_httpd", "status").returncode == 0
    write_certificate(sysv)
    assert sysv.restart(Service.APACHE).returncode != 0
    assert sysv.served(443) is None
    (sysv.keys / "server.key").write_bytes(key_pem(rsa_key("generation 2")))
    assert sysv.restart(Service.APACHE).returncode == 0
    assert sysv.served(443) == FINGERPRINT[2]


@pytest.mark.parametrize("version", ["5.x", "8.1"])
def test_a_loss_of_power(tmp_path: Path, version: str) -> None:
    """Every process dies; what was on the disk comes up by itself."""
    with Machine(tmp_path, version) as machine:
        machine.put_in_service(OLD)
        process = machine.popen("sleep", "infinity")
        boot = machine.run("cat", "/proc/sys/kernel/random/boot_id").stdout
        machine.reboot()
        assert process.wait() != 0
        assert machine.both_serve(OLD)
        assert machine.run("cat", "/proc/sys/kernel/random/boot_id").stdout != boot
        assert machine.starts() == [*machine.services] * 2


def test_a_service_that_fails_at_its_start(machine: Machine) -> None:
    """Once, or every time until it is mended."""
    for service in machine.services:
        machine.at_start(service, Fault.FAILS_ONCE)
    assert machine.restart(Service.APACHE).returncode != 0
    machine.restart(Service.ORDS)
    assert not machine.ords_is_ready()
    machine.restart_services()
    machine.at_start(Service.APACHE, Fault.FAILS)
    for _ in range(8):  # as often as it is tried: systemd's limit of starts is off
        assert machine.restart(Service.APACHE).returncode != 0
        assert "start-limit" not in machine.run("systemctl", "status", Service.APACHE.unit).stdout
    machine.mend(Service.APACHE)
    machine.restart_services()


def test_a_service_that_comes_up_with_the_old_certificate(machine: Machine) -> None:
    """A restart that reads other files than those that were replaced looks like a success."""
    for service in machine.services:
        machine.at_start(service, Fault.SERVES_OLD)
    machine.put_in_service(NEW)
    assert machine.both_serve(OLD)
    for service in machine.services:
        machine.mend(service)
    machine.restart_services()
    assert machine.both_serve(NEW)


def test_an_ords_that_is_never_ready(machine: Machine) -> None:
    """It is active, says nothing and listens to nobody."""
    machine.at_start(Service.ORDS, Fault.NEVER_READY)
    assert machine.restart(Service.ORDS).returncode == 0
    assert machine.run("systemctl", "is-active", Service.ORDS.unit).stdout == "active\n"
    assert machine.served(8443) is None


def test_a_start_that_is_held(machine: Machine) -> None:
    """It goes on when the test says so, not after a time."""
    machine.at_start(Service.APACHE, Fault.HELD)
    restarting = machine.popen("systemctl", "restart", Service.APACHE.unit)
    machine.let_go(Service.APACHE)
    assert restarting.wait() == 0
    assert machine.served(443) == FINGERPRINT[1]
