"""Start a program whose system calls a supervisor answers: launch.py SOCKET GROUP FILTER COMMAND...

A program of its own, because a filter stays with a process for ever. SOCKET is an open Unix socket that the
listener of the filter is sent through, GROUP the control group that the program and all that it starts live
in, FILTER the filter in hexadecimal.
"""

from __future__ import annotations

import ctypes
import os
import platform
import socket
import struct
import sys
from pathlib import Path

PR_SET_NO_NEW_PRIVS = 38
SECCOMP = {"x86_64": 317, "aarch64": 277}
SET_MODE_FILTER, NEW_LISTENER, WAIT_KILLABLE_RECV = 1, 1 << 3, 1 << 5


def install(program: bytes) -> int:
    """Put this process under the filter; return its listener. Raise OSError where the kernel refuses.

    Once the supervisor has heard of a call only a kill ends the wait for its answer: a signal would make the
    kernel ask a second time.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    instructions = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HxxxxxxP", len(program) // 8, ctypes.addressof(instructions))
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_NO_NEW_PRIVS)")
    flags = NEW_LISTENER | WAIT_KILLABLE_RECV
    listener: int = libc.syscall(SECCOMP[platform.machine()], SET_MODE_FILTER, flags, header)
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp(SECCOMP_SET_MODE_FILTER)")
    return listener


def main(connection: str, group: str, program: str, *command: str) -> None:
    """Become the command."""
    (Path(group) / "cgroup.procs").write_text(str(os.getpid()))
    with socket.socket(fileno=int(connection)) as supervisor:
        listener = install(bytes.fromhex(program))
        socket.send_fds(supervisor, [b"listener"], [listener])
    os.close(listener)
    os.execvp(command[0], command)  # noqa: S606  the point of it


if __name__ == "__main__":
    main(*sys.argv[1:])
