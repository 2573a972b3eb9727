"""Sites whose request goes to a customer, and what one does with the pack."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from sitecert.model.record import GenerationRecord
from support.commands import Ran, sitecert
from support.packs import SERVERS, checksums_hold
from support.repository import AT, Repository, a_repository, a_site_file

SITE = "park-nicollet"
ONE = f"out/{SITE}/generation-1"


@dataclass(frozen=True)
class Desk:
    """A compiled repository, and a folder for what is sent."""

    repository: Repository
    folder: Path

    @property
    def pack(self) -> Path:
        """Where a pack goes."""
        return self.folder / "pack"

    @property
    def is_sealed(self) -> bool:
        """Whether the generation's record says so."""
        return GenerationRecord.from_bytes(self.repository.read(f"{ONE}/manifest.json")).sealed

    def hand(self, *arguments: object) -> Ran:
        """Run `handoff` for the customer; the pack and the tests' date stand in for `-o` and `--at`."""
        output = () if "-o" in arguments else ("-o", self.pack)
        day = () if "--at" in arguments else AT
        return sitecert("-C", self.repository.root, "handoff", SITE, *output, *day, *arguments)

    def handed(self, *arguments: object) -> dict[str, str]:
        """Hand over, which must succeed; return the pack's files by name."""
        ran = self.hand(*arguments)
        assert ran.code == 0, ran.err
        assert checksums_hold(self.pack)
        return {path.name: path.read_text() for path in self.pack.iterdir()}


def a_desk(folder: Path, **changes: str) -> Desk:
    """Compile the article's site with `changes` to its file."""
    repository = a_repository(folder / "certs", park_nicollet=a_site_file(**{**SERVERS, **changes}))
    ran = repository.run("compile")
    assert ran.code == 0, ran.text
    return Desk(repository, folder)


def openssl(*arguments: object) -> str:
    """Return what openssl prints, on both of its outputs."""
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=True)
    return done.stdout + done.stderr
