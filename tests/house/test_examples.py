"""The project's own repository is a certificate repository: its examples stand, whole and signed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from asn1crypto import csr, pem

from sitecert.cli.commands import run

ROOT = Path(__file__).parents[2]
REQUESTS = sorted(ROOT.glob("out/**/server.csr"))
CERTIFICATES = sorted(ROOT.glob("out/**/leaf.crt"))


def test_there_are_examples() -> None:
    """Five requests, one awaited from its server, three certificates."""
    assert (len(REQUESTS), len(CERTIFICATES)) == (5, 3)
    assert len(list(ROOT.glob("out/**/request.sh"))) == 1


def test_what_is_committed_is_what_the_sites_say(capsys: pytest.CaptureFixture[str]) -> None:
    """`validate` and `compile --check` pass, with no identity present."""
    assert run(["-C", str(ROOT), "validate"]) == 0
    assert run(["-C", str(ROOT), "compile", "--check"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.system("openssl")
@pytest.mark.parametrize("request_file", REQUESTS, ids=lambda path: path.parts[-3])
def test_openssl_agrees_with_a_request(request_file: Path, tmp_path: Path) -> None:
    """It verifies, and `openssl.cnf` gives the same subject and extensions with any key."""
    verify = ["openssl", "req", "-in", request_file, "-verify", "-noout"]
    assert b"verify OK" in subprocess.run(verify, capture_output=True, check=True).stderr
    config = request_file.with_name("openssl.cnf")
    command = [
        "openssl",
        "req",
        "-new",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-config",
        config,
        "-outform",
        "DER",
    ]
    made = subprocess.run([*command, "-keyout", tmp_path / "key"], capture_output=True, check=True).stdout
    ours = csr.CertificationRequest.load(pem.unarmor(request_file.read_bytes())[2])
    theirs = csr.CertificationRequest.load(made)
    for part in ("subject", "attributes"):
        name = "certification_request_info"
        assert ours[name][part].dump() == theirs[name][part].dump()


@pytest.mark.system("openssl")
@pytest.mark.parametrize("leaf", CERTIFICATES, ids=lambda path: path.parts[-3])
def test_openssl_verifies_a_chain(leaf: Path) -> None:
    """Leaf and chain lead to the root that `trust` names."""
    root = ROOT / "trust" / "example-root.pem"
    command = ["openssl", "verify", "-CAfile", root, "-untrusted", leaf.with_name("chain.crt"), leaf]
    assert subprocess.run(command, capture_output=True, check=True).stdout.strip().endswith(b": OK")
