"""Commands, run in process as a user's shell would run them, and the repositories that they run in."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

from cryptography import x509

from sitecert.cli.commands import run
from support.authority import ALLOWED_DAYS, NOT_BEFORE, Authority, pem

RECIPIENT = "age1lw3q96qzgpraw6rwwmzmzz3arsl5rt2y8a8r698f7mwmh37jufjsnhar9n"
CONFIGURATION = f"requires: '>=0.1'\nrecipients: [{RECIPIENT}]\n"
SITE = """\
customer: Park Nicollet Health Services
version: 8.1
common_name: smartweb.parknicollet.com
alt_names: [smartweb-dr.parknicollet.com]
servers: [spokwb1.parknicollet.com]
subject: {country: US, state: Minnesota}
"""
INTERNAL_SITE = (
    SITE
    + """\
issuer: internal
waive: [{code: SC333, reason: no root is listed in this test, until: 2099-01-01}]
"""
)
"""A site whose certificates the tests' own authority may issue."""

TODAY = NOT_BEFORE.date() + timedelta(days=30)


@dataclass(frozen=True)
class Ran:
    """A command's exit code, and what it wrote to standard output and standard error."""

    code: int
    out: str
    err: str


class Input(io.TextIOWrapper):
    """A standard input that is a terminal or is none."""

    def __init__(self, content: bytes, *, is_terminal: bool) -> None:
        """Hold what is typed or piped in."""
        super().__init__(io.BytesIO(content), encoding="utf-8")
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        """Say what the program asks."""
        return self._is_terminal


def sitecert(*arguments: object, typed: str | None = None, piped: bytes = b"") -> Ran:
    """Run one command; `typed` is what a person types at a terminal, `piped` what comes without one."""
    out, err = io.StringIO(), io.StringIO()
    stdin = Input(piped if typed is None else typed.encode(), is_terminal=typed is not None)
    with redirect_stdout(out), redirect_stderr(err), patch("sys.stdin", stdin):
        code = run([str(each) for each in arguments])
    return Ran(code, out.getvalue(), err.getvalue())


def repository(root: Path, **sites: str) -> Path:
    """Lay out a repository with one recipient and these sites (`__` in a name stands for `/`)."""
    (root / "sites").mkdir(parents=True)
    (root / "sitecert.yaml").write_text(CONFIGURATION)
    for name, text in (sites or {"park_nicollet": SITE}).items():
        path = root / "sites" / f"{name.replace('__', '/').replace('_', '-')}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return root


def answer(
    root: Path,
    authority: Authority,
    generation: int = 1,
    site: str = "park-nicollet",
    *,
    days: int = ALLOWED_DAYS,
) -> x509.Certificate:
    """Return the certificate that an authority issues for a compiled site's request."""
    request = (root / f"out/{site}/generation-{generation}/server.csr").read_bytes()
    return authority.answer(x509.load_pem_x509_csr(request), days=days)


def given(root: Path, name: str, *contents: x509.Certificate | bytes) -> Path:
    """Write a file that a CA or a customer sent, outside the repository's own folders."""
    path = root / name
    path.write_bytes(b"".join(each if isinstance(each, bytes) else pem(each) for each in contents))
    return path


def files(root: Path) -> dict[str, bytes]:
    """Return every file below a folder by its path."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def at(day: date = TODAY) -> tuple[str, str]:
    """Return the option that sets the date."""
    return "--at", day.isoformat()
