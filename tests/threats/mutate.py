"""Take each guard out, one at a time, in a copy of the project, and see its test fail.

`python tests/threats/mutate.py [THREAT...]`; some minutes for all of them. Prints a line for each guard,
and ends with 1 where a test did not notice.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from mutations import MUTATIONS, Mutation

PROJECT = Path(__file__).parents[2]
COPIED = ("compiler", "schema", "templates", "tests", "sites", "out", "trust", "docs")
FILES = ("pyproject.toml", "Makefile", "requirements.lock", "sitecert.yaml", ".gitignore", ".gitattributes")
PASSED, FAILED = 0, 1
"""The exit codes of pytest that count: with any other the test did not run."""


def main(threats: list[str]) -> int:
    """Try the mutations of the named threats, or all."""
    chosen = [each for each in MUTATIONS if not threats or each.threat in threats]
    unseen = 0
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            shutil.copytree(PROJECT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in FILES:
            shutil.copy2(PROJECT / name, copy / name)
        whole = run(copy, *sorted({each.test for each in chosen}))
        if whole.returncode != PASSED:
            sys.stderr.write(f"{whole.stdout}\nerror: the tests do not pass as it is\n")
            return 1
        for each in chosen:
            with mutated(copy, each):
                code = run(copy, each.test).returncode
            unseen += code != FAILED
            verdict = {PASSED: "NOT SEEN", FAILED: "fails"}.get(code, f"pytest ended with {code}")
            sys.stdout.write(f"{each.threat:4} {each.guard:56} {verdict:9} {each.test}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{len(chosen)} guards, {unseen} whose absence no test noticed\n")
    return int(unseen > 0)


@contextmanager
def mutated(copy: Path, mutation: Mutation) -> Iterator[None]:
    """Take a guard out of the copy, and put it back."""
    path = copy / mutation.file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(text, encoding="utf-8")


def run(copy: Path, *tests: str) -> subprocess.CompletedProcess[str]:
    """Run tests in the copy, with the copy's package."""
    command = [sys.executable, "-m", "pytest", "-qx", "-n0", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "PYTHONPATH": str(copy / "compiler"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
