"""Every folder of `examples/` is a repository, and `expected.txt` is what `validate` says of it.

To add a case add a folder; `SITECERT_TESTS_ACCEPT=yes pytest tests/cases` writes what is missing, for you to
read.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sitecert.cli.commands import run

EXAMPLES = Path(__file__).parent / "examples"
AT = "2026-11-23"


@pytest.mark.parametrize("case", sorted(path.name for path in EXAMPLES.iterdir()))
def test_a_case_reads_as_expected(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    """All problems of all files, each at its line and column, in the words that were agreed."""
    code = run(["-C", str(EXAMPLES / case), "validate", "--at", AT])
    said = capsys.readouterr()
    found = f"{said.err}exit {code}\n"
    expected = EXAMPLES / case / "expected.txt"
    if not expected.exists() and os.environ.get("SITECERT_TESTS_ACCEPT") == "yes":
        expected.write_text(found, encoding="utf-8")
    assert said.out == ""
    assert found == expected.read_text(encoding="utf-8")
