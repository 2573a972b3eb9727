"""Where no machine can run, tests say why and what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from smartsuite.needs import what_is_missing

TESTS = Path(__file__).parents[1]
ASK = "from smartsuite.needs import what_is_missing; print(what_is_missing())"


@pytest.mark.machine
def test_nothing_is_missing_here() -> None:
    """Where something is, all of these tests are skipped."""
    assert what_is_missing() is None


@pytest.mark.machine
def test_root_without_its_powers() -> None:
    """Root in an ordinary container may not mount: the text names the way out."""
    asked = subprocess.run(
        ["setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin", sys.executable, "-c", ASK],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "run the container with --privileged" in asked.stdout


def test_missing_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are named, with the command that installs them."""
    monkeypatch.setattr("smartsuite.needs.PATH", str(tmp_path))
    missing = what_is_missing.__wrapped__()
    assert missing
    assert missing.startswith("needs systemd-nspawn, nsenter, ")
    assert missing.endswith(": run `make system-packages`")
