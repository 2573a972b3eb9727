"""One request, answered by other people's authorities, in the forms in which each can be asked for."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from shapes.giving import give
from shapes.issuers import ISSUERS
from shapes.shapes import SHAPES
from support.commands import files

pytestmark = pytest.mark.system("openssl", "faketime", "pebble")
TRIED = ("pem", "crlf", "mail", "utf-16", "html", "base64-der", "p7b", "pfx-rc2", "zip", "x509-text")


@pytest.mark.parametrize("name", ISSUERS)
def test_the_answer_of_another_authority(template: Path, tmp_path: Path, name: str) -> None:
    """It is filed the same in ten shapes, and is the certificate for our request."""
    if name == "easy-rsa" and not Path("/usr/share/easy-rsa/easyrsa").exists():
        pytest.skip("needs easy-rsa: run `make system-packages`")
    folder = tmp_path / "authority"
    folder.mkdir()
    request = (template / "out/park-nicollet/generation-1/server.csr").read_bytes()
    returned = ISSUERS[name](folder, request)
    assert returned.leaf.public_key() == x509.load_pem_x509_csr(request).public_key()
    day = (returned.leaf.not_valid_before_utc + timedelta(days=2)).date().isoformat()
    outcomes = []
    for shape in SHAPES:
        if shape.name in TRIED:
            root = tmp_path / shape.name / "certs"
            shutil.copytree(template, root)
            sent = {file: content for file, content in shape.make(returned).items() if content}
            ran = give(root, sent, "--at", day, needs_password=shape.needs_password)
            assert ran.code == 0, (shape.name, ran.err)
            outcomes.append(files(root / "out"))
    assert len(outcomes) == len(TRIED)
    assert all(each == outcomes[0] for each in outcomes)
    filed = outcomes[0]["park-nicollet/generation-1/server.crt"]
    assert x509.load_pem_x509_certificates(filed) == [returned.leaf, *returned.chain]
