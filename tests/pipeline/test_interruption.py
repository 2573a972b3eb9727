"""Killed, interrupted, without room, twice at once: old or new, never half, and the next run completes."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest

from support.commands import sitecert
from support.repository import (
    AT,
    Repository,
    a_repository,
    a_site_file,
    environment,
    identity,
    private_key_of,
)
from support.sweeps import sweep

SITE = "park-nicollet"
OUT = f"out/{SITE}"
ONE = f"{OUT}/generation-1"


def untouched(tmp_path: Path) -> Repository:
    """Return a site that is not compiled yet."""
    return a_repository(tmp_path / "certs")


def edited(tmp_path: Path) -> Repository:
    """Return an open site whose names changed: the next compile replaces its key."""
    repository = untouched(tmp_path)
    repository.run("compile")
    repository.site(alt_names="[smartweb-dr.parknicollet.com]")
    return repository


def superseded(tmp_path: Path) -> Repository:
    """Return a site at generation 3: the next compile opens it and lets 1 go."""
    repository = untouched(tmp_path)
    for number in (1, 2):
        repository.site(key=f"{{generation: {number}}}")
        repository.run("compile")
        repository.certify(number)
    repository.site(key="{generation: 3}")
    return repository


def answered(tmp_path: Path) -> Repository:
    """Return an open site whose certificate lies ready."""
    repository = untouched(tmp_path)
    repository.run("compile")
    repository.returned().rename(repository.root / "returned.pem")
    return repository


def for_others(tmp_path: Path) -> Repository:
    """Return a compiled site, whose recipients are two now; the identity lies beside it."""
    repository = untouched(tmp_path)
    repository.run("compile")
    own, other = (str(each.to_public()) for each in (identity(), pyrage.x25519.Identity.generate()))
    repository.configure(recipients=(own, other))
    (tmp_path / "identity.txt").write_text(f"{identity()}\n")
    return repository


def assert_whole(repository: Repository) -> None:
    """No generation under its own name is half, and no key is without its request."""
    for folder in repository.root.glob(f"{OUT}/generation-*"):
        names = {path.name for path in folder.iterdir()}
        assert {"server.csr", "server.key.age", "openssl.cnf", "manifest.json"} <= names, folder


def keys(repository: Repository) -> set[bytes]:
    """Return every encrypted key below out/, in place or aside."""
    return {path.read_bytes() for path in (repository.root / "out").rglob("server.key.age")}


@pytest.mark.parametrize("state", [untouched, edited, superseded], ids=lambda function: function.__name__)
def test_a_killed_compile_is_completed(tmp_path: Path, state: type) -> None:
    """SIGKILL at every change of out/: whole, and one more compile brings it to its end."""
    original = state(tmp_path)
    arguments = ("compile", "--jobs", "1", "--prune-keys")
    codes, repositories = sweep("kill", 1 if state is edited else 2, original, *arguments)
    assert set(codes[:-1]) == {-signal.SIGKILL}
    assert codes[-1] == 0
    assert len(codes) > 8, "the sweep did not reach its region"
    for repository in repositories:
        assert_whole(repository)
        held = keys(repository)
        assert repository.run(*arguments).code == 0, repository.root
        assert repository.run("compile", "--check").code == 0
        assert not list((repository.root / OUT).glob(".*")), "something was left"
        assert_whole(repository)
        if state is superseded:
            assert keys(repository) & held, "the key in service"


def test_a_killed_intake_is_completed(tmp_path: Path) -> None:
    """The same, when the certificate is filed; the key is the same all the time."""
    original = answered(tmp_path)
    file = str(original.root / "returned.pem")
    codes, repositories = sweep("kill", 2, original, "intake", SITE, file, *AT)
    assert set(codes[:-1]) == {-signal.SIGKILL}
    assert codes[-1] == 0
    assert len(codes) > 8
    for repository in repositories:
        assert keys(repository) == keys(original)
        assert repository.intake(Path(file)).code == 0
        assert repository.run("compile", "--check").code == 0
        assert (repository.root / f"{ONE}/leaf.crt").exists()
        assert keys(repository) == keys(original)


@pytest.mark.parametrize("mode", ["kill", "full"])
def test_a_stopped_rewrap_is_completed(tmp_path: Path, mode: str) -> None:
    """Killed, or without room, at every change: each key opens all the time, and a second run finishes."""
    original = for_others(tmp_path)
    arguments = ("key", "rewrap", "-i", str(tmp_path / "identity.txt"))
    codes, repositories = sweep(mode, 3, original, *arguments)
    assert set(codes[:-1]) <= ({-signal.SIGKILL} if mode == "kill" else {100, 101})
    assert codes[-1] == 0
    assert len(codes) > 5, "the sweep did not reach its region"
    plain = private_key_of(original, f"{ONE}/server.key.age")
    for repository in repositories:
        assert_whole(repository)
        run = sitecert("-C", repository.root, *arguments)
        assert run.code == 0, run.err
        assert private_key_of(repository, f"{ONE}/server.key.age") == plain
        check = repository.run("compile", "--check")
        assert (check.code, check.codes) == (0, set())


@pytest.mark.parametrize("state", [untouched, edited], ids=lambda function: function.__name__)
def test_a_full_disk_is_told_and_then_completed(tmp_path: Path, state: type) -> None:
    """No room from each change on: exit 1, SC902 with a path under out/, no traceback; then it completes."""
    original = state(tmp_path)
    codes, repositories = sweep("full", 2, original, "compile", "--jobs", "1")
    assert set(codes[:-1]) <= {100, 101}, codes
    assert codes[-1] == 0
    assert codes.count(101) > 5
    for code, repository in zip(codes, repositories, strict=True):
        if code == 101:
            log = (original.root.parent / f"scratch/{repository.root.name}.log").read_text()
            assert re.search(rf"{OUT}\S*:1:1: error\[SC902\]: cannot be written: no space left", log), log
            assert "Traceback" not in log
        assert_whole(repository)
        assert repository.run("compile").code == 0
        assert repository.run("compile", "--check").code == 0


@pytest.mark.system("strace")
@pytest.mark.parametrize("call", ["fsync", "rename", "mkdir"])
def test_the_kernel_refuses(tmp_path: Path, call: str) -> None:
    """ENOSPC from the system call itself, where it says no path."""
    repository = untouched(tmp_path)
    (repository.root / ".sitecert").mkdir()
    when = "2+" if call == "mkdir" else "1+"
    injection = f"inject={call}:error=ENOSPC:when={when}"
    strace = ("strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", injection)
    done = repository.process(
        "compile", "--jobs", "1", before=strace, env=environment(PYTHONDONTWRITEBYTECODE="1")
    )
    assert done.returncode == 1, done.stderr
    assert "SC902" in done.stderr
    assert f"{OUT}/" in done.stderr
    assert "Traceback" not in done.stderr
    assert repository.run("compile").code == 0
    assert repository.run("compile", "--check").code == 0


@pytest.mark.system("strace")
@pytest.mark.parametrize(
    ("call", "nth"), [("fsync", 3), ("fsync", 7), ("rename", 1), ("rename", 2), ("mkdir", 3)]
)
def test_killed_by_the_kernel(tmp_path: Path, call: str, nth: int) -> None:
    """SIGKILL at system calls that the sweep does not see as such."""
    repository = untouched(tmp_path)
    injection = f"inject={call}:signal=SIGKILL:when={nth}"
    strace = ("strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", injection)
    done = repository.process(
        "compile", "--jobs", "1", before=strace, env=environment(PYTHONDONTWRITEBYTECODE="1")
    )
    assert done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
    assert_whole(repository)
    assert repository.run("compile").code == 0, "no lock is left behind"
    assert repository.run("compile", "--check").code == 0


def test_a_filled_disk_at_intake_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing could be filed, intake says so and fails."""
    repository = answered(tmp_path)

    def refuse(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        result = repository.intake(repository.root / "returned.pem")
    assert (result.code, result.codes) == (1, {"SC902"})
    assert f"{ONE}" in result.named
    assert repository.intake(repository.root / "returned.pem").code == 0


def test_one_site_that_cannot_be_written_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal that concerns one folder is that site's problem."""
    repository = a_repository(
        tmp_path / "certs",
        a=a_site_file(common_name="a.example.org"),
        b=a_site_file(common_name="b.example.org"),
    )
    really_mkdir = os.mkdir

    def refuse(path: object, *rest: int, **options: int) -> None:
        if str(path).endswith("out/a"):
            raise PermissionError(13, "Permission denied", str(path))
        really_mkdir(path, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "mkdir", refuse)
    result = repository.run("compile")
    assert (result.code, result.codes) == (1, {"SC902"})
    assert {path.split("/")[1] for path in repository.tree()} == {"b"}


def test_an_interrupt_while_keys_are_made(tmp_path: Path) -> None:
    """Ctrl-C: exit 1 and a line that says what to do; the next compile completes."""
    sites = {f"s{n}": a_site_file(common_name=f"s{n}.example.org", key="{security: high}") for n in range(12)}
    repository = a_repository(tmp_path / "certs", **sites)
    first = repository.root / "out"
    process = subprocess.Popen(
        repository.command("compile", "--jobs", "1"),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not first.exists() and process.poll() is None:
        os.sched_yield()
    process.send_signal(signal.SIGINT)
    _, told = process.communicate()
    assert process.returncode == 1, told
    assert "interrupted" in told
    assert "again" in told
    assert "Traceback" not in told
    assert len(list(first.iterdir())) < 12
    for name in sites:
        repository.site(name, common_name=f"{name}.example.org")
    assert repository.run("compile").code == 0
    assert repository.run("compile", "--check").code == 0


def test_two_compiles_at_once(tmp_path: Path) -> None:
    """The second says who is in its way and changes nothing; a killed first one blocks nobody."""
    repository = untouched(tmp_path)
    holder = (
        "import sys, time; from pathlib import Path; from sitecert.write.lock import repository_lock\n"
        "with repository_lock(Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(repository.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        done = repository.process("compile")
        assert done.returncode == 1
        assert "SC903" in done.stderr
        assert not (repository.root / "out").exists()
        process.kill()
    assert repository.run("compile").code == 0
    shutil.rmtree(repository.root / "out")
