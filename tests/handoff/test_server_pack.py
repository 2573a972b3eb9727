"""`sitecert handoff --server`: what is in the pack, and that it is made whole or not at all."""

from __future__ import annotations

import os
import re
import shlex
import stat
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from support.commands import files, sitecert
from support.packs import (
    PASSPHRASE,
    SERVER,
    Bench,
    a_bench,
    a_bench_with_the_customers_key,
    a_bench_with_the_servers_key,
    checksums_hold,
    modes,
    opened,
)

pytestmark = pytest.mark.system("openssl", "sha256sum")

FILES = {"install.sh", "server.crt", "chain.crt", "server.key", "SHA256SUMS"}
PRIVATE = {(stat.S_IFDIR, 0o700), (stat.S_IFREG, 0o600)}


def test_the_pack_holds_what_is_committed(bench: Bench) -> None:
    """Script and certificates byte for byte, the key as openssl opens it, and a list that holds."""
    ran = bench.hand_over()
    assert {path.name for path in bench.pack.iterdir()} == FILES
    out = "out/park-nicollet"
    read = bench.repository.read
    assert (bench.pack / "install.sh").read_bytes() == read(f"{out}/runbooks/{SERVER}/install.sh")
    for name in ("server.crt", "chain.crt"):
        assert (bench.pack / name).read_bytes() == read(f"{out}/generation-1/{name}")
    key = opened(bench.pack / "server.key", PASSPHRASE, "pkcs8", "-topk8", "-nocrypt")
    assert key.private_numbers() == bench.key.private_numbers()
    assert checksums_hold(bench.pack)
    assert ran.out == ""


def test_only_its_owner_sees_the_pack(bench: Bench) -> None:
    """Whatever the umask lets through."""
    before = os.umask(0)
    try:
        bench.hand_over()
        bench.hand_over("-o", bench.folder / "pack.tar")
    finally:
        os.umask(before)
    assert modes(bench.pack) == PRIVATE
    assert stat.S_IMODE((bench.folder / "pack.tar").stat().st_mode) == 0o600


def test_the_repository_stays_as_it_is(bench: Bench) -> None:
    """Handing over to a server changes nothing that is committed."""
    before = files(bench.repository.root / "out")
    bench.hand_over()
    assert files(bench.repository.root / "out") == before
    assert bench.repository.run("compile", "--check").code == 0


@pytest.mark.system("tar")
def test_a_tar_unpacks_to_the_same_files(bench: Bench) -> None:
    """One folder named after site and server, 0700 and 0600, of root, from the beginning of time."""
    archive = bench.folder / "pack.tar"
    ran = bench.hand_over("-o", archive)
    folder = f"park-nicollet-{SERVER}"
    with tarfile.open(archive, "r:") as tar:
        members = tar.getmembers()
    assert [each.name for each in members] == [folder, *(f"{folder}/{name}" for name in sorted(FILES))]
    assert {(each.isdir(), each.mode) for each in members} == {(True, 0o700), (False, 0o600)}
    assert {(each.uid, each.gid, each.uname, each.mtime) for each in members} == {(0, 0, "root", 0)}
    subprocess.run(["tar", "-xpf", archive, "-C", bench.folder], check=True)
    assert modes(bench.folder / folder) == PRIVATE
    assert checksums_hold(bench.folder / folder)
    assert f"  tar xf pack.tar && cd {folder}" in ran.err


def test_what_comes_next_is_said(bench: Bench) -> None:
    """What was made, what to type, and that the passphrase goes another way; the passphrase is not said."""
    said = bench.hand_over().err
    assert f"made {bench.pack}: install.sh, server.crt, chain.crt, server.key, SHA256SUMS" in said
    assert f"On {SERVER}, as root" in said
    assert "  sh install.sh check " in said
    assert "passphrase goes by another way than the pack" in said
    assert PASSPHRASE not in said


def test_a_zip_holds_the_same_files(bench: Bench) -> None:
    """For whoever carries it by way of Windows; what unpacks it is said."""
    bench.hand_over()
    ran = bench.hand_over("-o", bench.folder / "pack.zip")
    folder = f"park-nicollet-{SERVER}"
    assert f"  unzip -q pack.zip && cd {folder}" in ran.err
    with zipfile.ZipFile(bench.folder / "pack.zip") as archive:
        assert {f"{folder}/{path.name}" for path in bench.pack.iterdir()} == set(archive.namelist())
        assert archive.read(f"{folder}/install.sh") == (bench.pack / "install.sh").read_bytes()


@pytest.mark.parametrize("name", ["pack", "pack.tar"])
@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_nothing_is_overwritten(bench: Bench, name: str, kind: str) -> None:
    """Not an empty folder, not a link that leads nowhere; and the key is not even opened for it."""
    target = bench.folder / name
    make = {"file": target.touch, "folder": target.mkdir, "link": lambda: target.symlink_to("nowhere")}
    make[kind]()
    before = target.lstat()
    ran = bench.handoff("-i", "/dev/null", *bench.protected, "-o", target)
    assert ran.code == 1
    assert f"{target}:1:1: error[SC707]: is there already" in ran.err
    assert target.lstat() == before
    assert not target.is_dir() or list(target.iterdir()) == []


@pytest.mark.parametrize("name", ["pack", "pack.tar"])
def test_a_folder_that_is_not_there_is_named(bench: Bench, name: str) -> None:
    """A mistyped way to the pack makes no folders."""
    target = bench.folder / "nowhere" / name
    ran = bench.handoff("-i", bench.identity, *bench.protected, "-o", target)
    assert ran.code == 1
    assert f"{target}: no such file or directory" in ran.err
    assert not target.parent.exists()


def test_a_key_that_the_server_made_is_not_in_the_pack(tmp_path: Path) -> None:
    """No identity is needed, and none is taken; a tar of the pack has the same bytes each time."""
    bench = a_bench_with_the_servers_key(tmp_path)
    ran = bench.handoff()
    assert ran.code == 0, ran.err
    assert {path.name for path in bench.pack.iterdir()} == FILES - {"server.key"}
    assert checksums_hold(bench.pack)
    assert "It holds no private key" in ran.err
    assert "asks for the passphrase" not in ran.err
    archives = [tmp_path / name for name in ("one.tar", "two.tar")]
    assert [bench.handoff("-o", each).code for each in archives] == [0, 0]
    assert archives[0].read_bytes() == archives[1].read_bytes()
    refused = bench.handoff("-i", bench.identity, "-o", tmp_path / "other")
    assert refused.code == 3
    assert "error: -i: the key of park-nicollet is on its server; its pack holds none" in refused.err
    assert not (tmp_path / "other").exists()


def test_a_key_that_the_customer_made_is_in_the_pack(tmp_path: Path) -> None:
    """It is opened from the repository as one of ours."""
    bench = a_bench_with_the_customers_key(tmp_path)
    bench.hand_over()
    key = opened(bench.pack / "server.key", PASSPHRASE, "pkey")
    assert key.private_numbers() == bench.key.private_numbers()


def test_the_newest_certificate_is_handed_over(compiled: Bench, tmp_path: Path) -> None:
    """While the next generation waits for its certificate, the one before is what servers get."""
    bench = compiled.copy(tmp_path)
    bench.repository.site(servers=f"[{SERVER}]", key="{generation: 2}")
    assert bench.repository.run("compile").code == 0
    bench.hand_over()
    read = bench.repository.read
    assert (bench.pack / "server.crt").read_bytes() == read("out/park-nicollet/generation-1/server.crt")
    assert bench.repository.certify(2).code == 0
    bench.hand_over("-o", tmp_path / "next")
    assert (tmp_path / "next/server.crt").read_bytes() == read("out/park-nicollet/generation-2/server.crt")
    key = opened(tmp_path / "next/server.key", PASSPHRASE, "pkey")
    assert key.private_numbers() != bench.key.private_numbers()


@pytest.mark.parametrize("make", [a_bench, a_bench_with_the_servers_key])
def test_the_change_documents_command_makes_the_pack(tmp_path: Path, make: Callable[[Path], Bench]) -> None:
    """As it stands there, with the two words in capitals filled in."""
    bench = make(tmp_path)
    document = bench.repository.read("out/park-nicollet/change-control.md").decode()
    (written,) = re.findall(r"`sitecert (handoff [^`]*)`", document)
    filled = {"DIR": bench.pack, "IDENTITY": bench.identity}
    command = [filled.get(word, word) for word in shlex.split(written)]
    protected = bench.protected if bench.identity in command else ()
    ran = sitecert("-C", bench.repository.root, *command, *protected)
    assert ran.code == 0, ran.err
    assert checksums_hold(bench.pack)
    digest = sha256((bench.pack / "install.sh").read_bytes()).hexdigest()
    assert digest in document, "the document knows the script that was handed over"
