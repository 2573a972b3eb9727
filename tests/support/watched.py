"""sitecert, watched by the kernel: every byte that it writes anywhere and every program that it runs."""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from support.repository import Repository, environment

CALLS = "write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,execve"
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


def watched(repository: Repository, log: Path, *arguments: str, piped: str = "") -> bytes:
    """Run a command and return all that it wrote anywhere, and the arguments of the programs it ran."""
    strace = ("strace", "-f", "-qq", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-v", "-o", str(log))
    changed = environment(PYTHONDONTWRITEBYTECODE="1")
    done = repository.process(*arguments, before=strace, env=changed, input=piped)
    assert done.returncode == 0, (arguments, done.stderr)
    held = b"".join(
        bytes.fromhex(match[1].replace("\\x", "")) for match in STRING.finditer(log.read_text("ascii"))
    )
    assert held, "strace saw nothing"
    return held + done.stdout.encode() + done.stderr.encode()


def secrets_of(key: rsa.RSAPrivateKey) -> list[bytes]:
    """Return what would give a key away: its secret numbers, in every form in which they could be written."""
    numbers = key.private_numbers()
    found = []
    for number in (numbers.d, numbers.p, numbers.q):
        raw = number.to_bytes((number.bit_length() + 7) // 8, "big")[8:72]
        found += [raw, raw.hex().encode(), raw.hex().upper().encode(), str(number).encode()[10:70]]
        # In base64 a number stands in one of three positions; the first and last digits hang on others.
        found += [b64encode(raw[at:])[4:76] for at in (0, 1, 2)]
    return found
