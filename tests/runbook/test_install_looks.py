"""What install.sh looks at before it touches anything: each mistake is named, and nothing is changed."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from hashlib import sha256

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from sitecert.model.generation import Generation
from sitecert.pki.certificates import issued_certificate
from support.authority import Authority, rsa_key
from support.runbooks import NAMES, a_generation, authority
from support.sites import a_site
from support.stub_server import StubServer, key_pem

pytestmark = pytest.mark.system("openssl")


def _refused(server: StubServer, *named: str) -> None:
    """Check and apply both refuse, say why, and leave everything as it is."""
    before, folders = server.live(), server.listing()
    for verb in ("check", "apply"):
        found = server.run(verb)
        assert found.returncode == 1, found.stdout
        for words in named:
            assert words in found.stderr
        assert "nothing was changed" in found.stderr
    assert (server.live(), server.listing(), server.calls()) == (before, folders, [])


def _with_chain(chain: Sequence[x509.Certificate]) -> Generation:
    """Return generation 2 with another chain."""
    leaf = authority().issue(rsa_key("generation 2").public_key(), list(NAMES))
    return Generation(2, certificate=issued_certificate(leaf, list(chain)))


def _bring(server: StubServer, content: bytes) -> None:
    """Bring a server.crt of other bytes, approved as it is."""
    (server.pack / "server.crt").write_bytes(content)
    script = server.pack / "install.sh"
    digest = sha256(content).hexdigest()
    script.write_text(re.sub(r"(?m)^SERVER_CRT=.*$", f"SERVER_CRT={digest}", script.read_text()))


@pytest.mark.parametrize(
    "chain",
    [
        [authority().root],
        [authority().root, authority().intermediate],
        [authority().intermediate, Authority("another").root],
    ],
    ids=["incomplete", "out of order", "foreign root"],
)
def test_a_chain_that_does_not_link(server: StubServer, chain: list[x509.Certificate]) -> None:
    """Every certificate is signed by the one after it, or the chain is refused."""
    server.bring(a_site(), _with_chain(chain))
    _refused(server, "was not signed by the one after it")


def test_a_chain_of_the_right_names_and_wrong_signatures(server: StubServer) -> None:
    """An intermediate of the same name with another key links by name alone."""
    server.bring(a_site(), _with_chain([_Namesake().intermediate]))
    _refused(server, "certificate 1 of", "was not signed by the one after it")


class _Namesake(Authority):
    """An authority with the names of another and keys of its own."""

    def _keys(self) -> tuple[rsa.RSAPrivateKey, rsa.RSAPrivateKey]:
        return rsa_key("namesake root"), rsa_key("namesake issuing")


def test_a_whole_chain_with_its_root(server: StubServer) -> None:
    """A root at the end is no mistake of order."""
    server.bring(a_site(), _with_chain([authority().intermediate, authority().root]))
    assert server.run("check").returncode == 0


@pytest.mark.parametrize("names", [("other.parknicollet.com",), ("smartweb.parknicollet.com.evil.example",)])
def test_a_certificate_for_another_name(server: StubServer, names: tuple[str, ...]) -> None:
    """Each name that was asked for is looked for in what openssl prints."""
    server.bring(a_site(), a_generation(2, names=names))
    script = server.pack / "install.sh"
    asked = "ALTERNATIVE_NAMES=DNS:smartweb.parknicollet.com"
    script.write_text(re.sub(r"(?m)^ALTERNATIVE_NAMES=.*$", asked, script.read_text()))
    _refused(server, "the certificate is not for DNS:smartweb.parknicollet.com")


def test_names_of_every_kind(server: StubServer) -> None:
    """Wildcards and addresses are found as openssl prints them."""
    names = ("*.parknicollet.com", "192.0.2.7", "2001:db8::a:0:1")
    server.bring(a_site(), a_generation(2, names=names))
    assert server.run("check").returncode == 0


def _key_block(kind: str) -> bytes:
    key = key_pem(rsa_key("generation 2")).decode()
    return key.replace("PRIVATE KEY", kind).encode()


@pytest.mark.parametrize(
    "kind", ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"]
)
def test_a_private_key_in_the_certificate_file(server: StubServer, kind: str) -> None:
    """ORDS cannot use it, and Apache would serve from it: no block of any kind stays (kb39324 step 9)."""
    _bring(server, (server.pack / "server.crt").read_bytes() + _key_block(kind))
    _refused(server, "a private key is in")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda pem: pem.replace(b"\n", b"\r\n"),
        lambda pem: b"subject=CN = smartweb\n" + pem,
        lambda pem: pem.rstrip(b"\n"),
        lambda pem: pem + b"\n",
        lambda pem: b"\xef\xbb\xbf" + pem,
        lambda pem: pem.replace(b"-----BEGIN", b"  -----BEGIN", 1),
    ],
    ids=["CRLF", "text", "no line end", "blank line", "BOM", "indented"],
)
def test_a_file_that_is_not_canonical(server: StubServer, spoil: object) -> None:
    """What Apache takes and Java does not is refused, though its digest is the approved one."""
    assert callable(spoil)
    _bring(server, spoil((server.pack / "server.crt").read_bytes()))
    _refused(server, "not as openssl writes it")


def test_a_directory_that_everybody_may_write_to(server: StubServer) -> None:
    """Who may write there may replace the key."""
    server.keys.chmod(0o777)
    _refused(server, f"every user of this server may write to {server.keys}")


def test_the_rehearsal_finds_a_pair_that_does_not_match(server: StubServer) -> None:
    """With the comparison of the keys taken out, the handshake alone still finds it."""
    server.bring(a_site(), a_generation(2), key=rsa_key("somebody else's"))
    script = server.pack / "install.sh"
    compared = r'(?m)^    equal "\$\(open_key \| key_spki\)" "\$KEY_SPKI" \|\| return 1$'
    text, found = re.subn(compared, "    :", script.read_text())
    assert found == 1
    script.write_text(text)
    _refused(server, "do not make a TLS server")


def test_the_rehearsal_leaves_nothing_behind(server: StubServer) -> None:
    """Its server has ended, and its folder is gone."""
    assert server.run("check").returncode == 0
    listening = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert f"-cert {server.pack}" not in listening


def test_ords_settings_are_read(server: StubServer) -> None:
    """Both forms of ORDS' settings say which key it reads; one that we do not make is pointed out."""
    settings = server.root / "ords"
    settings.mkdir()
    script = server.pack / "install.sh"
    script.write_text(script.read_text().replace("find /opt ", f"find {settings} "))
    assert "The settings of ORDS were not found" in server.run("check").stdout
    (settings / "standalone.properties").write_text(
        f"jetty.secure.port=8443\nssl.cert.key={server.keys}/server.der\n"
    )
    found = server.run("check").stdout
    assert f"ORDS reads its key from {server.keys}/server.der" in found
    assert "BUT" not in found
    (settings / "standalone.properties").unlink()
    (settings / "settings.xml").write_text(
        '<properties>\n<entry key="standalone.https.cert.key">/somewhere/else.key</entry>\n</properties>\n'
    )
    found = server.run("check").stdout
    assert "ORDS reads its key from /somewhere/else.key" in found
    assert "BUT this runbook makes" in found


def test_what_apache_says_of_its_configuration(server: StubServer) -> None:
    """It is told, and is no gate: a server that is down must not keep its cure away."""
    program = server.root / "apache/bin/httpd"
    program.parent.mkdir()
    script = server.pack / "install.sh"
    text = script.read_text()
    assert f"HTTPD={program}" in text
    for says, told in (("Syntax OK", "finds no mistake"), ("AH00526: Syntax error", "would not start again")):
        program.write_text(f"#!/bin/sh\n[ \"$1\" != -t ] || echo '{says}' >&2\n")
        program.chmod(0o755)
        found = server.run("check")
        assert found.returncode == 0
        assert told in found.stdout


def test_a_site_of_addresses_alone(server: StubServer) -> None:
    """Where no name can be asked for, the rehearsal asks for none."""
    server.bring(a_site(), a_generation(2, names=("192.0.2.7",)))
    assert server.run("check").returncode == 0
