"""Same input, same bytes; and nothing of the machine, the user or the day in out/."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
from datetime import UTC, datetime
from pathlib import Path

from support.repository import Repository, a_repository, a_site_file, environment

# What differs between two first compiles: the key, the request, and what carries their fingerprints.
BORN_WITH_THE_KEY = {
    "generation-1/server.key.age",
    "generation-1/server.csr",
    "generation-1/server.csr.txt",
    "generation-1/manifest.json",
    "change-control.md",
    "change-control.html",
    "manifest.json",
}


def two_sites(root: Path) -> Repository:
    """Return a repository with an open site and one whose server makes the key."""
    return a_repository(
        root,
        own=a_site_file(common_name="own.example.org"),
        server=a_site_file(common_name="server.example.org", key="{custody: server}"),
    )


def test_two_first_compiles_differ_in_their_keys_alone(tmp_path: Path) -> None:
    """All other files are the same to the byte, in another folder, for another user, on another day."""
    trees = []
    for number, (zone, language, mask) in enumerate(
        (("UTC", "C", 0o022), ("Asia/Kolkata", "de_DE.UTF-8", 0o077))
    ):
        repository = two_sites(tmp_path / f"folder {number}")
        changed = environment(
            TZ=zone, LANG=language, LC_ALL=language, USER=f"u{number}", LOGNAME=f"u{number}"
        )
        changed |= {"HOME": str(tmp_path / f"home{number}"), "PYTHONHASHSEED": str(number)}
        done = repository.process("compile", env=changed, cwd=tmp_path if number else "/", umask=mask)
        assert done.returncode == 0, done.stderr
        trees.append(repository.tree())
    one, two = trees
    assert one.keys() == two.keys()
    assert {path for path in one if one[path] != two[path]} <= {
        f"out/own/{name}" for name in BORN_WITH_THE_KEY
    }
    assert one["out/own/generation-1/server.csr"] != two["out/own/generation-1/server.csr"]


def test_with_the_generations_everything_is_the_same(tmp_path: Path) -> None:
    """From a copied generation every other file is made again, byte for byte."""
    repository = two_sites(tmp_path / "first")
    repository.run("compile")
    repository.certify(site="own")
    other = two_sites(tmp_path / "a different place")
    shutil.copytree(repository.root / "out/own/generation-1", other.root / "out/own/generation-1")
    assert other.run("compile").code == 0
    assert other.tree() == repository.tree()


def test_nothing_of_the_machine_is_in_out(tmp_path: Path) -> None:
    """No host name, user name, path, or day of today."""
    root = tmp_path / "certs-of-somebody"
    repository = two_sites(root)
    changed = environment(
        USER="the-user-of-this-run", LOGNAME="the-user-of-this-run", HOSTNAME="the-host-of-this-run"
    )
    assert repository.process("compile", env=changed).returncode == 0
    now = datetime.now(UTC)
    traces = {
        "certs-of-somebody",
        str(tmp_path),
        "the-user-of-this-run",
        "the-host-of-this-run",
        str(Path.home()),
    }
    traces |= {f"{now:%Y-%m-%d}", f"{now:%b} {now.day} {now.year}", f"{now.day} {now:%B} {now.year}"}
    traces |= {name for name in (socket.gethostname(), getpass.getuser()) if len(name) > 4}
    traces.add(os.fspath(Path(__file__).parents[2]))
    for path in repository.tree():
        text = repository.read(path).decode()
        assert not [trace for trace in traces if trace in text], path
