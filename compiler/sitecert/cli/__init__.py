"""The command line: the only printing, prompting and exit codes."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress

from sitecert import __version__

COLLECT_AFTER = 200_000
"""Objects; a repository of any size stays bounded."""


def main() -> None:
    """Run the `sitecert` command.

    The version is answered before anything is imported: scripts ask for it often.
    """
    if sys.argv[1:] == ["--version"]:
        # Where nothing can be written, `run` says so.
        with suppress(OSError):
            sys.stdout.write(f"sitecert {__version__}\n")
            sys.stdout.flush()
            return
    # A run is short and keeps most of what it makes: to look for cycles costs more than it brings back.
    gc.set_threshold(COLLECT_AFTER)
    from sitecert.cli.commands import run

    sys.exit(run())
