"""Scripts on servers with other shells and other tools: what they may rely on, and what they run with."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest

from support.runbooks import SHELLS, a_generation, every_script
from support.stub_server import StubServer

OLD, NEW = a_generation(1), a_generation(2)

OPTIONS = {
    "base64": {"-d"},
    "crl2pkcs7": {"-certfile", "-nocrl", "-out"},
    "dgst": {"-sha256"},
    "genrsa": {"-aes128", "-des3", "-out", "-passout"},
    "pkcs7": {"-print_certs"},
    "pkcs8": {"-in", "-inform", "-nocrypt", "-out", "-outform", "-passin", "-topk8"},
    "pkey": {"-pubout"},
    "req": {
        *("-config", "-in", "-key", "-keyout", "-new", "-newkey", "-nodes", "-noout", "-out"),
        *("-passin", "-pubkey", "-sha256", "-verify", "-x509", "-days", "-extensions"),
    },
    "rsa": {"-in", "-out", "-passin", "-pubout"},
    "s_client": {"-connect", "-servername", "-showcerts"},
    "s_server": {"-accept", "-cert", "-key", "-pass", "-www"},
    "verify": {"-CAfile", "-CApath"},
    "version": set(),
    "x509": {
        *("-checkend", "-in", "-issuer_hash", "-noout", "-outform", "-pubkey", "-subject_hash", "-text"),
    },
}
"""What `openssl` of RHEL 5 (0.9.8e) knows, by its own manual pages; `pkey` came with 1.0.0."""

GUARDED = {("verify", "-partial_chain"), ("verify", "-help"), ("s_client", "-help")}
"""What newer ones know: asked for before it is used."""


def calls(script: str) -> Iterator[tuple[str, set[str]]]:
    """Yield each openssl command of a script with its options."""
    joined = script.replace("\\\n", " ")
    for line in joined.splitlines():
        if line.lstrip().startswith(("#", "for tool in ", "complain ", "say ")):
            continue
        for command, rest in re.findall(r"\bopenssl ([a-z0-9_]+)([^|;)\n]*)", line):
            yield command, set(re.findall(r"(?<= )-[A-Za-z0-9_]+", rest))


def test_openssl_is_asked_for_nothing_new() -> None:
    """No option is newer than the oldest server's openssl, or it is asked for first."""
    found = [(name, *call) for name, script in every_script().items() for call in calls(script)]
    assert len(found) > 100
    for name, command, options in found:
        new = {option for option in options - OPTIONS[command] if (command, option) not in GUARDED}
        assert not new, f"{name}: openssl {command} {' '.join(sorted(new))}"
    install = every_script()["install 8.1"]
    for program, option, guard in (
        ("verify", "partial_chain", "CAN_LINK"),
        ("s_client", "servername", "CAN_NAME"),
    ):
        assert f"case $(openssl {program} -help 2>&1) in\n*{option}*) {guard}=1" in install


@pytest.mark.system("openssl", "dash", "busybox", "mksh", "ksh93", "yash")
@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_there_and_back(server: StubServer, shell: str) -> None:
    """Each shell that a server may have installs, proves, reports and takes back."""
    server.shell = tuple(shell.split())
    for verb, generation in (
        ("check", OLD),
        ("apply", NEW),
        ("verify", NEW),
        ("status", NEW),
        ("rollback", OLD),
    ):
        ran = server.run(verb)
        assert ran.returncode == 0, f"{verb}: {ran.stdout}{ran.stderr}"
        assert ": not found" not in ran.stderr
        assert server.both_serve(generation), verb


@pytest.mark.system("openssl", "busybox")
def test_with_the_tools_of_busybox_alone(server: StubServer) -> None:
    """No tool is asked for what only GNU's has: with busybox's own it goes there and back."""
    applets = subprocess.run(["busybox", "--list"], capture_output=True, text=True, check=True).stdout.split()
    busybox = subprocess.run(["which", "busybox"], capture_output=True, text=True, check=True).stdout.strip()
    for applet in set(applets) - {"id"}:
        if not (server.bin / applet).exists():
            (server.bin / applet).symlink_to(busybox)
    (server.bin / "openssl").symlink_to("/usr/bin/openssl")
    script = server.pack / "install.sh"
    script.write_text(re.sub(r"(?m)^PATH=.*$", f"PATH={server.bin}", script.read_text()))
    server.shell = ("busybox", "ash")
    for verb, generation in (("check", OLD), ("apply", NEW), ("verify", NEW), ("rollback", OLD)):
        ran = server.run(verb)
        assert ran.returncode == 0, f"{verb}: {ran.stdout}{ran.stderr}"
        for words in ("usage", "unrecognized", "invalid option", ": not found"):
            assert words not in (ran.stdout + ran.stderr).lower(), f"{verb}: {ran.stderr}"
        assert server.both_serve(generation), verb


@pytest.mark.system("openssl")
def test_without_what_old_servers_lack(server: StubServer) -> None:
    """No timeout, no sha256sum, no flock, no part of a second, no SNI, no partial chain: RHEL 5 and 6."""
    script = server.pack / "install.sh"
    text = script.read_text()
    for tool in ("timeout", "sha256sum", "flock", "setpriv"):
        text = text.replace(f"have {tool}", "false")
    for guard in ("CAN_NAME", "CAN_LINK"):
        assert f"{guard}=1" in text
        text = text.replace(f"{guard}=1", f"{guard}=")
    text = text.replace("sleep 0.2", "false")
    text = text.replace("LOOPBACK=127.0.0.1:", "LOOPBACK=")
    script.write_text(text)
    for verb, generation in (("check", OLD), ("apply", NEW), ("verify", NEW), ("rollback", OLD)):
        ran = server.run(verb)
        assert ran.returncode == 0, f"{verb}: {ran.stdout}{ran.stderr}"
        assert server.both_serve(generation), verb
