"""SELinux labels: the new file has the old one's, and a backup knows them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from support.runbooks import a_generation
from support.stub_server import StubServer

pytestmark = pytest.mark.system("openssl", "chcon")
OLD, NEW = a_generation(1), a_generation(2)
LABEL = "security.selinux"
KEY_LABEL = b"system_u:object_r:cert_key_t:s0\0"
CRT_LABEL = b"system_u:object_r:cert_t:s0\0"


@pytest.fixture
def labelled(server: StubServer) -> StubServer:
    """Return a server whose live files have labels, and which says that SELinux is on.

    The kernel here enforces nothing, but it keeps the labels, and chcon and stat are the real ones.
    """
    enabled = server.bin / "selinuxenabled"
    enabled.write_text("#!/bin/sh\nexit 0\n")
    enabled.chmod(0o755)
    for folder, label in ((server.keys, KEY_LABEL), (server.certificates, CRT_LABEL)):
        for path in folder.iterdir():
            try:
                os.setxattr(path, LABEL, label)
            except OSError as error:
                pytest.skip(f"this file system keeps no SELinux labels: {error}")
    return server


def labels(server: StubServer) -> dict[str, bytes]:
    """Return the label of each live file."""
    files = [*server.certificates.iterdir(), *server.keys.iterdir()]
    return {path.name: os.getxattr(path, LABEL) for path in files}


def test_labels_there_and_back(labelled: StubServer) -> None:
    """The label stays through apply and rollback."""
    before = labels(labelled)
    for verb, generation in (("apply", NEW), ("rollback", OLD)):
        ran = labelled.run(verb)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert labelled.both_serve(generation)
        assert labels(labelled) == before


def test_a_file_that_somebody_removed_gets_its_label_back(labelled: StubServer) -> None:
    """With no live file to take the label from, the backup's record has it."""
    before = labels(labelled)
    assert labelled.run("apply").returncode == 0
    for path in (*labelled.keys.iterdir(), *labelled.certificates.iterdir()):
        path.unlink()
    ran = labelled.run("rollback", "--force")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert labels(labelled) == before
    (record,) = Path(labelled.state).glob("*/generation-2/run-1-*/labels")
    assert f"system_u:object_r:cert_key_t:s0 {labelled.keys}/server.key\n" in record.read_text()
