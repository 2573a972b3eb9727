"""One command, stopped at every change that it makes to the disk."""

from __future__ import annotations

import os
import subprocess
import sys

from support import killed
from support.repository import Repository, environment


def sweep(
    mode: str, step: int, original: Repository, *arguments: str, folder: str = "out"
) -> tuple[list[int], list[Repository]]:
    """Run with a stop at each change below a folder; return the codes and the repositories left behind.

    `{root}` in an argument is the run's own repository.
    """
    scratch = original.root.parent / "scratch"
    scratch.mkdir()
    driver = [
        sys.executable,
        killed.__file__,
        mode,
        str(step),
        str(original.root),
        str(scratch),
        folder,
        *arguments,
    ]
    done = subprocess.run(
        driver,
        capture_output=True,
        text=True,
        check=True,
        env=environment(PYTHONPATH=os.pathsep.join(sys.path)),
    )
    codes = [int(line) for line in done.stdout.split()]
    return codes, [Repository(scratch / str(nth)) for nth in range(1, 1 + step * len(codes), step)]
