"""The seccomp filter that asks the supervisor about every call of `syscalls`, as BPF."""

from __future__ import annotations

import errno
import mmap
import platform
import struct
from functools import cache

from faults.syscalls import CALLS, FORBIDDEN, SHARED_MAPPING, Bits, Call, OneOf

ALLOW, NOTIFY, ERRNO, KILL_PROCESS = 0x7FFF0000, 0x7FC00000, 0x00050000, 0x80000000
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32 = 0x40000000

# linux/bpf_common.h: load a word at an offset; jump if equal, if not less, if a bit is set; return.
LOAD, EQUAL, NOT_LESS, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16

Instruction = tuple[int, int, int, int]


def _argument(index: int) -> Instruction:
    """Load the low half of an argument (both machines are little-endian)."""
    return (LOAD, 0, 0, ARGUMENTS + 8 * index)


def _when(number: int, then: list[Instruction]) -> list[Instruction]:
    """Do `then`, which returns in every case, for one call."""
    return [(EQUAL, 0, len(then), number), *then]


def _notify(call: Call) -> list[Instruction]:
    """Ask the supervisor, where the call can change something."""
    notify, allow = (RETURN, 0, 0, NOTIFY), (RETURN, 0, 0, ALLOW)
    if isinstance(call.only, Bits):
        return [_argument(call.only.argument), (ANY_BIT, 0, 1, call.only.mask), notify, allow]
    if isinstance(call.only, OneOf):
        tests = [step for value in call.only.values for step in ((EQUAL, 0, 1, value), notify)]
        return [_argument(call.only.argument), *tests, allow]
    return [notify]


def _notify_shared_mapping() -> list[Instruction]:
    writable, shared, allow = SHARED_MAPPING.only, mmap.MAP_SHARED, (RETURN, 0, 0, ALLOW)
    assert isinstance(writable, Bits)
    return [
        _argument(writable.argument),
        (ANY_BIT, 0, 4, writable.mask),
        _argument(3),
        (ANY_BIT, 0, 2, shared),
        (ANY_BIT, 1, 0, mmap.MAP_ANONYMOUS),
        (RETURN, 0, 0, NOTIFY),
        allow,
    ]


@cache
def program() -> bytes:
    """Return the filter, as struct sock_filter[] of this computer."""
    machine = platform.machine()
    steps: list[Instruction] = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, AUDIT_ARCH[machine]),
        (RETURN, 0, 0, KILL_PROCESS),
        (LOAD, 0, 0, NUMBER),
    ]
    if machine == "x86_64":
        steps += [(NOT_LESS, 0, 1, X32), (RETURN, 0, 0, KILL_PROCESS)]
    for call in CALLS:
        if call.number is not None:
            steps += _when(call.number, _notify(call))
    for call in FORBIDDEN:
        assert call.number is not None
        steps += _when(call.number, [(RETURN, 0, 0, ERRNO | errno.ENOSYS)])
    assert SHARED_MAPPING.number is not None
    steps += _when(SHARED_MAPPING.number, _notify_shared_mapping())
    steps.append((RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("<HBBI", *step) for step in steps)
