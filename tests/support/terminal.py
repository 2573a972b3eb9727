"""Programs on a terminal: what they show there, and what a person types."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from select import select

import pytest

PATIENCE = 120
"""Seconds of silence, in all, after which a program is taken to hang."""

Talk = tuple[tuple[bytes, bytes], ...]
"""What is waited for, and what is then typed."""


def on_terminal(
    *arguments: object, talk: Talk = (), again: bytes = b"", **environment: str
) -> tuple[int, bytes]:
    """Run sitecert with a terminal on all three streams; return its exit code and what it showed."""
    command = [sys.executable, "-m", "sitecert", *map(str, arguments)]
    return program_on_terminal(command, talk, again, **environment)


def program_on_terminal(
    command: Sequence[str], talk: Talk = (), again: bytes = b"", **environment: str
) -> tuple[int, bytes]:
    """Run a program with a terminal on all three streams; return its exit code and what it showed.

    `again` is typed once more when nothing comes after the talk: a Ctrl-C between a prompt and the reading
    of its answer is noticed with the next key, by every program that reads with readline.
    """
    main, side = pty.openpty()
    # setsid makes the terminal the controlling one, so that Ctrl-C reaches the program.
    whole = ["setsid", "--ctty", *command]
    variables = {**os.environ, "TERM": "xterm", **environment}
    with subprocess.Popen(whole, stdin=side, stdout=side, stderr=side, env=variables) as running:
        os.close(side)
        shown = b""
        for awaited, typed in talk:
            shown += _read_until(main, awaited)
            os.write(main, typed)
        shown += _read_until(main, None, again)
    os.close(main)
    return running.returncode, shown


def _read_until(terminal: int, awaited: bytes | None, again: bytes = b"") -> bytes:
    """Return what is shown until some text has come, or until the program has ended."""
    shown, silent = b"", 0
    while awaited is None or awaited not in shown:
        while not select([terminal], [], [], 1)[0]:
            silent += 1
            if silent > PATIENCE:
                pytest.fail(f"nothing more came after {shown!r}")
            os.write(terminal, again)
        try:
            part = os.read(terminal, 65536)
        except OSError:  # Linux says so when the last process has closed its side
            break
        shown += part
        if not part:
            break
    return shown
