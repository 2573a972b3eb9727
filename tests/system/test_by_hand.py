"""`make smartsuite`: a shell on a stand-in, for a person."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from smartsuite.cache import CACHE

pytestmark = pytest.mark.machine
TESTS = Path(__file__).parents[1]
PACK = "sh /root/pack/install.sh check --passphrase-file /root/passphrase"


def by_hand(scratch: Path, typed: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Type into the shell that the arguments give; what it writes to a disk is below `scratch`."""
    environment = {
        "PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path]),
        "XDG_CACHE_HOME": str(CACHE.parent),
        "TMPDIR": str(scratch),
    }
    return subprocess.run(
        [sys.executable, "-m", "smartsuite", *arguments],
        input=typed,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("version", ["5.x", "8.1"])
def test_a_server(tmp_path: Path, version: str) -> None:
    """The shell is on the server, the pack lies there; when the shell ends nothing is left."""
    ran = by_hand(tmp_path, f"hostname\n{PACK}\nexit\n", version)
    assert ran.returncode == 0, ran.stderr
    assert "\nspokwb.parknicollet.com\n" in ran.stdout.replace("\r", "").replace("# ", "")
    assert "Nothing was changed." in ran.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_pair(tmp_path: Path) -> None:
    """The shell is the client's; the commands that it is shown lead to each server."""
    ran = by_hand(tmp_path, "getent hosts spokwb2\nexit\n", "8.0-1", "haproxy", "--terminates")
    assert ran.returncode == 0, ran.stderr
    assert "10.77.0.12" in ran.stdout
    assert ran.stdout.count("nsenter --target=") == 3
    assert list(tmp_path.iterdir()) == []


def test_a_version_that_is_none(tmp_path: Path) -> None:
    """It is refused in a sentence."""
    ran = by_hand(tmp_path, "", "9.1")
    assert ran.returncode == 3
    assert "newer than 8.x" in ran.stderr
    assert "Traceback" not in ran.stderr
