"""Run sitecert again and again, each time killed (or its disk full) one change of the disk later.

    python tests/support/killed.py kill|full STEP ORIGINAL SCRATCH FOLDER ARGUMENT...

Copies ORIGINAL to SCRATCH/N for N from 1 on, by STEP, and runs `sitecert -C SCRATCH/N ARGUMENT...`
there, with `{root}` in an argument for SCRATCH/N; at the N-th change below SCRATCH/N/FOLDER the run is
killed, or that change and all later ones find no room.
Ends after the first run that no change stopped. Prints each run's exit code, one a line.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import sitecert.cli.commands
import sitecert.intake.verdict
import sitecert.pipeline.compile
import sitecert.pipeline.customer
import sitecert.pipeline.intake
import sitecert.pipeline.rewrap
import sitecert.pipeline.survey

CHANGES = frozenset({"os.mkdir", "os.rename", "os.remove", "os.rmdir"})
MAKES = frozenset({"open", "os.mkdir", "os.rename"})


class Disk:
    """Counts the changes below a folder, and stops at one of them."""

    def __init__(self, folder: Path, mode: str, nth: int) -> None:
        """Prepare to stop at the `nth` change."""
        self._folder = str(folder)
        self._mode = mode
        self._left = nth
        self.stopped = False

    def watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Look at one audit event."""
        if event == "open":
            is_change = bool(arguments[2] & (os.O_CREAT | os.O_TRUNC | os.O_WRONLY))
        else:
            is_change = event in CHANGES
        if not is_change or not self._is_ours(event, arguments):
            return
        self._left -= 1
        if self._left > 0:
            return
        self.stopped = True
        if self._mode == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif event in MAKES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(arguments[0]))

    def _is_ours(self, event: str, arguments: tuple[Any, ...]) -> bool:
        # What rmtree removes it names below an open folder.
        if event in {"os.remove", "os.rmdir"} and arguments[1] != -1:
            return True
        return isinstance(arguments[0], str) and arguments[0].startswith(self._folder)


def run(mode: str, root: Path, folder: str, arguments: list[str], nth: int) -> int:
    """Run sitecert in a child that stops at the `nth` change; return its code, 100 more if it was stopped."""
    child = os.fork()
    if child == 0:
        disk = Disk(root / folder, mode, nth)
        with (root.parent / f"{nth}.log").open("w") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        sys.addaudithook(disk.watch)
        told = [each.replace("{root}", str(root)) for each in arguments]
        code = sitecert.cli.commands.run(["-C", str(root), *told])
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code + 100 * disk.stopped)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(mode: str, step: str, original: str, scratch: str, folder: str, *arguments: str) -> None:
    """Run until nothing stops a run."""
    for nth in range(1, 200, int(step)):
        root = Path(scratch) / str(nth)
        shutil.copytree(original, root)
        code = run(mode, root, folder, list(arguments), nth)
        sys.stdout.write(f"{code}\n")
        if 0 <= code < 100:
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
