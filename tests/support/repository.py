"""A certificate repository in a temporary folder, and sitecert run in it."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyrage
from cryptography import x509

from sitecert.cli.commands import run as run_command
from sitecert.model.record import GenerationRecord
from sitecert.pipeline.intake import take_in
from sitecert.pipeline.survey import survey
from sitecert.pki.formats.contents import GivenFile
from sitecert.problems import errors
from sitecert.report.problems import problem_data
from sitecert.write.lock import repository_lock
from support.authority import ALLOWED_DAYS, Authority, pem

TODAY = date(2026, 6, 1)
AT = ("--at", TODAY.isoformat())
SITE = """\
customer: Park Nicollet Health Services
version: 8.1
common_name: smartweb.parknicollet.com
issuer: internal
subject:
  country: US
  state: Minnesota
  locality: St. Louis Park
"""


@cache
def identity() -> pyrage.x25519.Identity:
    """Return the one identity that can open the tests' keys."""
    return pyrage.x25519.Identity.generate()


def a_site_file(**changes: str) -> str:
    """Return the text of a site; `changes` replace a top-level scalar, or add a line."""
    text = SITE
    for key, value in changes.items():
        line = f"{key}: {value}\n"
        text, found = re.subn(rf"^{key}: .*\n", line.replace("\\", r"\\"), text, flags=re.MULTILINE)
        text = text if found else text + line
    return text


@dataclass(frozen=True)
class Result:
    """What a run of sitecert gave: its exit code, the changes (verb, path, why), the problems."""

    code: int
    changes: list[tuple[str, str, str]]
    problems: list[dict[str, Any]]

    @property
    def codes(self) -> set[str]:
        """The codes of the problems, less warnings about what a site says."""
        return {
            each["code"] for each in self.problems if each["severity"] == "error" or each["code"] >= "SC4"
        }

    @property
    def text(self) -> str:
        """The problems, a line each: path, line, message and hint."""
        return "".join("{path}:{line}: {message}; {hint}\n".format_map(each) for each in self.problems)

    @property
    def named(self) -> set[str]:
        """The paths that changes and problems name."""
        return {path for _, path, _ in self.changes} | {problem["path"] for problem in self.problems}

    def why(self, path: str) -> tuple[str, str]:
        """Return the verb and the reason of one path's change."""
        return next((verb, why) for verb, changed, why in self.changes if changed == path)


@dataclass(frozen=True)
class Repository:
    """A repository: its root, and what one does in it."""

    root: Path

    def run(self, command: str, *arguments: str) -> Result:
        """Run `plan` or `compile` in this process."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run_command(["-C", str(self.root), command, "--format", "json", *arguments])
        assert "SC999" not in err.getvalue(), err.getvalue()
        told = json.loads(out.getvalue())
        changes = [(each["verb"], each["path"], each["why"]) for each in told.get("changes", ())]
        return Result(int(code), changes, told["problems"])

    def intake(self, *files: Path, site: str = "park-nicollet", accept: str = "") -> Result:
        """Take files in, on a day when they are valid."""
        given = [GivenFile(str(path), path.read_bytes()) for path in files]
        with repository_lock(self.root):
            found = survey(self.root)
            noon = datetime.combine(TODAY, time(12), UTC)
            intake = take_in(found, site, given, (), noon, frozenset(accept.split()))
        changes = intake.outcome.changes if intake.outcome else ()
        return Result(
            1 if errors(intake.problems) else 0,
            [(each.verb.value, each.path, each.why) for each in changes],
            [problem_data(each) for each in intake.problems],
        )

    def process(
        self, *arguments: str, before: tuple[str, ...] = (), **options: Any
    ) -> subprocess.CompletedProcess[str]:
        """Run sitecert in a process of its own, under another program where `before` names one."""
        return subprocess.run(
            [*before, *self.command(*arguments)], capture_output=True, text=True, check=False, **options
        )

    def command(self, *arguments: str) -> list[str]:
        """Return the command line that runs sitecert here."""
        return [sys.executable, "-m", "sitecert", "-C", str(self.root), *arguments]

    def write(self, path: str, text: str) -> None:
        """Write a file of the repository."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def read(self, path: str) -> bytes:
        """Return a file's bytes."""
        return (self.root / path).read_bytes()

    def site(self, name: str = "park-nicollet", **changes: str) -> None:
        """Write a site's file."""
        self.write(f"sites/{name}.yaml", a_site_file(**changes))

    def configure(self, lines: str = "", recipients: tuple[str, ...] | None = None) -> None:
        """Write `sitecert.yaml` for the tests' identity, with further lines."""
        chosen = recipients if recipients is not None else (str(identity().to_public()),)
        listed = "".join(f"  - {each}\n" for each in chosen)
        self.write("sitecert.yaml", f"recipients:\n{listed}trust: [trust/root.pem]\n{lines}")
        self.write("trust/root.pem", pem(Authority().root).decode())

    def tree(self, folder: str = "out") -> dict[str, str]:
        """Map each file below a folder to its SHA-256, by path."""
        base = self.root / folder
        files = (path for path in sorted(base.rglob("*")) if path.is_file())
        return {
            path.relative_to(self.root).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files
        }

    def request(self, number: int = 1, site: str = "park-nicollet") -> x509.CertificateSigningRequest:
        """Return a generation's request, parsed by cryptography."""
        return x509.load_pem_x509_csr(self.read(f"out/{site}/generation-{number}/server.csr"))

    def certify(self, number: int = 1, site: str = "park-nicollet", days: int = ALLOWED_DAYS) -> Result:
        """Have the test's authority answer the request, and take that in."""
        return self.intake(self.returned(number, site, days), site=site)

    def returned(self, number: int = 1, site: str = "park-nicollet", days: int = ALLOWED_DAYS) -> Path:
        """Write what the CA returns for a generation; return where."""
        authority = Authority()
        path = self.root.parent / f"{site.replace('/', '-')}-{number}.pem"
        leaf = authority.answer(self.request(number, site), days=days)
        path.write_bytes(pem(leaf, authority.intermediate))
        return path

    def record(self, path: str, **changes: Any) -> None:
        """Rewrite a generation's record, as only sitecert can."""
        target = self.root / path / "manifest.json"
        record = GenerationRecord.from_bytes(target.read_bytes())
        fields = {name: getattr(record, name) for name in record.__slots__}
        target.write_bytes(GenerationRecord(**{**fields, **changes}).to_bytes())

    def refresh_record(self, path: str, **changes: Any) -> None:
        """Rewrite a generation's record so that it agrees with the files that are there."""
        folder = self.root / path
        files = {
            each.name: sha256(each.read_bytes()).hexdigest()
            for each in folder.iterdir()
            if each.name != "manifest.json"
        }
        self.record(path, files=MappingProxyType(files), **changes)

    def commit(self) -> None:
        """Commit everything."""
        options = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
        commands = (["init", "-q"], ["add", "-A"], [*options, "commit", "-q", "-m", "all"])
        for command in commands:
            subprocess.run(["git", "-C", str(self.root), *command], check=True, capture_output=True)


def a_repository(root: Path, **sites: str) -> Repository:
    """Make a repository with sites by name (`_` stands for `-`, `__` for `/`), one where none is given."""
    root.mkdir(parents=True, exist_ok=True)
    repository = Repository(root)
    repository.configure()
    for name, text in (sites or {"park_nicollet": a_site_file()}).items():
        repository.write(f"sites/{name.replace('__', '/').replace('_', '-')}.yaml", text)
    return repository


def private_key_of(repository: Repository, path: str) -> bytes:
    """Return the plaintext of an encrypted key, by the tests' identity."""
    return pyrage.decrypt(repository.read(path), [identity()])


def environment(**changes: str) -> dict[str, str]:
    """Return this process's environment with changes, without the measuring of coverage.

    Coverage writes files of its own: under a fault injection they would fail, and be judged as ours.
    """
    own = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE_")}
    return {**own, **changes}
