"""What every test may rely on."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from faults.tally import summary
from smartsuite import what_is_missing

pytest.register_assert_rewrite("faults.judge", "faults.scenes")
MAY_SKIP = os.environ.get("SITECERT_TESTS_MAY_SKIP", "yes") != "no"

# Time is no judge here: machines differ, and a slow example is not a wrong one.
settings.register_profile("sitecert", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sitecert")


def pytest_configure() -> None:
    """Let Ctrl-C reach the programs under test."""
    # What a shell starts in its background ignores it, and so does all that comes after (POSIX 2.11).
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose programs are missing, or that cannot have a machine, and say what to do."""
    for marker in item.iter_markers("system"):
        missing = [program for program in marker.args if shutil.which(program) is None]
        if missing:
            pytest.skip(f"needs {', '.join(missing)}: run `make system-packages`")
    if item.get_closest_marker("machine") and (reason := what_is_missing()):
        pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Turn a skip into a failure where nothing may be skipped."""
    report = yield
    if report.skipped and not MAY_SKIP and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and SITECERT_TESTS_MAY_SKIP=no: {report.longrepr}"
    return report  # type: ignore[return-value]


@pytest.fixture(autouse=True)
def _own_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep tests away from the user's own identity and configuration."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    monkeypatch.delenv("NO_COLOR", raising=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the sweeps counted, over all workers."""
    for line in summary(terminalreporter.stats.get("passed", [])):
        terminalreporter.write_line(line)
