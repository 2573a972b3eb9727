"""`sitecert leaks` on a repository: what stands, what is staged, what commits brought."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from leaks.planted import PLANTED, certificate, pkcs1, pkcs8, tarred
from sitecert.pipeline.leaks import search
from support.commands import sitecert
from support.repository import Repository, a_repository

KEY = "keys/server.key"
GIT = ("git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Return a repository whose main branch holds no key."""
    made = a_repository(tmp_path / "certs")
    git(made, "init", "-q", "-b", "main")
    commit(made, "start")
    return made


def git(repository: Repository, *arguments: str, given: bytes | None = None) -> str:
    """Run git in a repository."""
    command = [*GIT, "-C", str(repository.root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, input=given).stdout.decode().strip()


def commit(repository: Repository, message: str) -> str:
    """Commit everything; return the commit's name."""
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "--allow-empty", "-m", message)
    return git(repository, "rev-parse", "HEAD")


def found(repository: Repository, *arguments: str) -> list[tuple[str, str, int, str]]:
    """Return code, path, line and message of each problem, and see that the exit code fits them."""
    ran = sitecert("-C", repository.root, "leaks", "--format", "json", *arguments)
    problems = json.loads(ran.out)["problems"]
    assert ran.code == int(any(each["severity"] == "error" for each in problems))
    return [(each["code"], each["path"], each["line"], each["message"]) for each in problems]


def test_nothing_is_found_where_nothing_is(repository: Repository) -> None:
    """Sites, requests and encrypted keys are no leak, and the total says how much was looked at."""
    assert repository.run("compile").code == 0
    commit(repository, "compiled")
    assert found(repository, "--history") == []
    ran = sitecert("-C", repository.root, "leaks")
    assert ran.code == 0
    assert ran.err.endswith("files searched: no private key\n")


def test_a_key_in_the_work_tree(repository: Repository) -> None:
    """A file that nobody has added yet is found, with its line."""
    repository.write(KEY, certificate().decode() + pkcs1().decode())
    ((code, path, line, message),) = found(repository)
    assert (code, path) == ("SC870", KEY)
    assert line == certificate().count(b"\n") + 1
    assert message.startswith("holds a private key (RSA 2048, SPKI ")
    assert message.endswith("), in the clear")


def test_nothing_of_a_key_is_shown(repository: Repository) -> None:
    """No word of the key or of the identity stands in what is printed."""
    repository.write(KEY, pkcs8().decode())
    identity = PLANTED["an age identity"][0]().decode()
    repository.write("me.txt", identity)
    ran = sitecert("-C", repository.root, "leaks")
    assert ran.code == 1
    secrets = [line for line in (pkcs8().decode() + identity).split() if len(line) > 20]
    assert len(secrets) > 20
    assert not [each for each in secrets if each in ran.err + ran.out]


def test_a_key_that_is_staged_and_gone_from_the_work_tree(repository: Repository) -> None:
    """The next commit would hold it."""
    repository.write(KEY, pkcs8().decode())
    git(repository, "add", KEY)
    (repository.root / KEY).unlink()
    ((code, path, _, message),) = found(repository)
    assert (code, path) == ("SC870", KEY)
    assert message.endswith("staged for the next commit")


def test_what_git_ignores_is_not_searched(repository: Repository) -> None:
    """It never becomes a part of the repository."""
    repository.write(".gitignore", "/keys/\n")
    repository.write(KEY, pkcs8().decode())
    assert found(repository) == []


def test_a_key_that_a_later_commit_removed(repository: Repository) -> None:
    """It stands in the history: the commit that brought it is named, and only where that is asked for."""
    repository.write(KEY, pkcs8().decode())
    brought = commit(repository, "oops")
    (repository.root / KEY).unlink()
    commit(repository, "never mind")
    assert found(repository) == []
    ((code, path, _, message),) = found(repository, "--history", "main~2..main")
    assert (code, path) == ("SC870", KEY)
    assert message.endswith(f"in commit {brought[:12]}")
    assert found(repository, "--history", "main~1..main") == []
    assert len(found(repository, "--history")) == 1


@pytest.mark.system("openssl", "ssh-keygen")
def test_every_form_is_found_in_the_tree_and_in_the_history(repository: Repository) -> None:
    """Committed side by side, and removed again: nothing escapes, and each is told where it was."""
    names = {f"files/{number}": name for number, name in enumerate(PLANTED)}
    (repository.root / "files").mkdir()
    for path, name in names.items():
        (repository.root / path).write_bytes(PLANTED[name][0]())
    brought = commit(repository, "everything")
    assert {path for _, path, _, _ in found(repository)} == set(names)
    shutil.rmtree(repository.root / "files")
    commit(repository, "nothing")
    assert found(repository) == []
    history = found(repository, "--history")
    assert {path for _, path, _, _ in history} == set(names)
    assert all(message.endswith(f"in commit {brought[:12]}") for _, _, _, message in history)
    assert len(names) >= 40


def test_a_key_that_only_a_merge_brings(repository: Repository) -> None:
    """What neither parent has is searched too."""
    git(repository, "checkout", "-q", "-b", "side")
    commit(repository, "side")
    git(repository, "checkout", "-q", "main")
    commit(repository, "main goes on")
    git(repository, "merge", "-q", "--no-ff", "--no-commit", "side")
    repository.write(KEY, pkcs8().decode())
    commit(repository, "merge")
    (repository.root / KEY).unlink()
    commit(repository, "clean")
    ((_, path, _, _),) = found(repository, "--history")
    assert path == KEY


def test_a_key_in_the_message_of_a_commit(repository: Repository) -> None:
    """What somebody pasted where the words belong."""
    oid = git(repository, "commit-tree", "HEAD^{tree}", "-p", "HEAD", given=b"see\n\n" + pkcs8())
    git(repository, "reset", "-q", oid)
    ((code, _, line, message),) = found(repository, "--history", "HEAD~1..HEAD")
    assert (code, line) == ("SC870", 3)
    assert f"in the message of commit {oid[:12]}" in message


def test_each_way_a_key_lies_open_has_its_code(repository: Repository) -> None:
    """A common password, a good one, an identity: each has its own remedy."""
    names = {
        "guessed": "PKCS#8 under a common password",
        "locked": "PKCS#8 under a good password",
        "identity": "an age identity",
    }
    for name, form in names.items():
        (repository.root / name).write_bytes(PLANTED[form][0]())
    assert {path: code for code, path, _, _ in found(repository)} == {
        "guessed": "SC871",
        "locked": "SC872",
        "identity": "SC873",
    }


def test_what_is_not_searched_is_told(repository: Repository) -> None:
    """An archive that is damaged could hold a key: a note, and no alarm."""
    archive = tarred("server.key", pkcs8())
    (repository.root / "old.tar").write_bytes(archive[:1024])
    ((code, path, _, _),) = found(repository)
    assert (code, path) == ("SC874", "old.tar")


def test_commits_that_are_not_there(repository: Repository) -> None:
    """A range that git does not have is no search without a finding."""
    ((code, _, _, message),) = found(repository, "--history", "nowhere..HEAD")
    assert code == "SC875"
    assert message == "--history nowhere..HEAD: bad revision 'nowhere..HEAD'"


def test_a_shallow_clone_is_not_all_of_the_history(repository: Repository, tmp_path: Path) -> None:
    """What git did not fetch must not look like what holds no key."""
    repository.write(KEY, pkcs8().decode())
    commit(repository, "oops")
    (repository.root / KEY).unlink()
    commit(repository, "never mind")
    clone = tmp_path / "clone"
    git(repository, "clone", "-q", "--depth=1", repository.root.as_uri(), str(clone))
    ran = sitecert("-C", clone, "leaks", "--history")
    assert ran.code == 1
    assert "this clone is shallow" in ran.err
    assert sitecert("-C", clone, "leaks").code == 0


def test_a_range_is_no_option_of_gits(repository: Repository) -> None:
    """What begins like an option is taken for commits, which git does not have."""
    (problem,) = search(repository.root, "--output=here").problems
    assert problem.code == "SC875"
    assert not (repository.root / "here").exists()


def test_links_and_pipes_are_passed_over(repository: Repository) -> None:
    """Nothing outside is opened, and nothing waits."""
    secret = repository.root.parent / "outside.key"
    secret.write_bytes(pkcs8())
    (repository.root / "link").symlink_to(secret)
    subprocess.run(["mkfifo", str(repository.root / "pipe")], check=True)
    assert found(repository) == []


def test_without_git_every_file_is_searched(tmp_path: Path) -> None:
    """A repository that git does not know yet is searched as it stands."""
    made = a_repository(tmp_path / "certs")
    made.write(KEY, pkcs8().decode())
    assert [path for _, path, _, _ in found(made)] == [KEY]
    assert found(made, "--history")[0][0] == "SC875"
