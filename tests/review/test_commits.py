"""`compile --commit`, and the branch that a renewal begins: what git is told, and when it is told nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from review.pull_requests import HOSTILE
from review.states import PARK_NICOLLET, ST_MARYS, dated
from sitecert.pipeline.commits import begin_branch
from support.commands import Ran, sitecert
from support.repository import AT, Repository, a_repository


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Return a repository in git, with an author configured, whose two sites are not compiled yet."""
    for name, value in dated().items():
        monkeypatch.setenv(name, value)
    made = a_repository(tmp_path / "repository", park_nicollet=PARK_NICOLLET, lakes__st_marys=ST_MARYS)
    made.write(".gitignore", ".sitecert/\n")
    git(made, "init", "-q", "-b", "main")
    git(made, "config", "user.name", "A Person")
    git(made, "config", "user.email", "person@example.org")
    git(made, "add", ".")
    git(made, "commit", "-qm", "begin")
    return made


def git(repository: Repository, *arguments: str) -> str:
    """Run git as the user does."""
    done = subprocess.run(
        ["git", *arguments], cwd=repository.root, capture_output=True, text=True, check=True, env=dated()
    )
    return done.stdout


def commit(repository: Repository, *arguments: str) -> Ran:
    """Compile and commit."""
    return sitecert("-C", repository.root, "compile", "--commit", *arguments, *AT)


def hook(repository: Repository, script: str) -> None:
    """Install a hook that runs before each commit."""
    path = repository.root / ".git/hooks/pre-commit"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def subjects(repository: Repository) -> list[str]:
    """Return the first lines of all commits, the newest first."""
    return git(repository, "log", "--format=%s").splitlines()


def test_one_commit_for_each_site(repository: Repository) -> None:
    """Each holds the site's own files, by the configured author; nothing is left over."""
    ran = commit(repository)
    assert ran.code == 0, ran.err
    assert subjects(repository) == [
        "chore(park-nicollet): requested",
        "chore(lakes/st-marys): requested",
        "begin",
    ]
    for number, folder in enumerate(("out/park-nicollet/", "out/lakes/st-marys/")):
        paths = git(repository, "show", "--name-only", "--format=", f"HEAD~{number}").splitlines()
        assert paths
        assert all(path.startswith(folder) for path in paths)
    assert git(repository, "log", "-1", "--format=%an <%ae>").strip() == "A Person <person@example.org>"
    assert git(repository, "status", "--porcelain") == ""


def test_the_body_is_the_review(repository: Repository) -> None:
    """What becomes of the site, its risk, its key; the site's own file goes with it."""
    commit(repository)
    repository.write("sites/park-nicollet.yaml", PARK_NICOLLET.replace("Minnesota", "Wisconsin"))
    assert commit(repository).code == 0
    body = git(repository, "log", "-1", "--format=%B")
    assert body.startswith("chore(park-nicollet): replaced\n\n  risk: low")
    assert "~ subject.state: Minnesota becomes Wisconsin" in body
    assert "sites/park-nicollet.yaml" in git(repository, "show", "--name-only", "--format=").splitlines()


def test_nothing_to_do_is_no_commit(repository: Repository) -> None:
    """A second run commits nothing."""
    commit(repository)
    before = subjects(repository)
    assert commit(repository).code == 0
    assert subjects(repository) == before


def test_a_retired_site_is_one_commit(repository: Repository) -> None:
    """Its file and its folder go together, even where its file's removal is staged."""
    commit(repository)
    git(repository, "rm", "-q", "sites/lakes/st-marys.yaml")
    assert commit(repository, "--prune-keys").code == 0
    assert subjects(repository)[0] == "chore(lakes/st-marys): retired"
    assert git(repository, "status", "--porcelain") == ""


def test_foreign_staged_changes_refuse(repository: Repository) -> None:
    """Before anything is written; what was staged stays staged."""
    repository.write("README.md", "mine\n")
    git(repository, "add", "README.md")
    ran = commit(repository)
    assert (ran.code, "SC861" in ran.err, "README.md" in ran.err) == (1, True, True)
    assert not (repository.root / "out").exists()
    assert git(repository, "diff", "--cached", "--name-only") == "README.md\n"


def test_what_is_not_staged_stays_out(repository: Repository) -> None:
    """Another's work in the same tree is not committed."""
    repository.write("README.md", "mine\n")
    assert commit(repository).code == 0
    assert git(repository, "status", "--porcelain") == "?? README.md\n"


@pytest.mark.parametrize("name", ["index.lock", "MERGE_HEAD", "rebase-merge"])
def test_a_busy_repository_refuses(repository: Repository, name: str) -> None:
    """A held index, a merge, a rebase: nothing is written."""
    (repository.root / ".git" / name).write_text("")
    ran = commit(repository)
    assert (ran.code, "SC862" in ran.err) == (1, True)
    assert not (repository.root / "out").exists()


def test_what_holds_for_all_sites_is_committed_first(repository: Repository) -> None:
    """A changed sitecert.yaml would make a commit that does not follow from its own tree."""
    repository.configure("defaults: {change: {contact: Night Desk}}\n")
    ran = commit(repository)
    assert (ran.code, "sitecert.yaml:1:1: error[SC865]" in ran.err) == (1, True)


def test_a_hook_runs(repository: Repository) -> None:
    """Once for each commit, with the files that are committed."""
    hook(repository, "git diff --cached --name-only | wc -l >>.git/seen")
    assert commit(repository).code == 0
    assert len((repository.root / ".git/seen").read_text().split()) == 2


def test_a_hooks_refusal_is_shown(repository: Repository) -> None:
    """Its words, the problem, exit code 1; the work stands, and nothing is left staged."""
    hook(repository, "echo 'no certificates on a Friday' >&2; exit 1")
    ran = commit(repository)
    assert (ran.code, "SC863" in ran.err, "no certificates on a Friday" in ran.err) == (1, True, True)
    assert subjects(repository) == ["begin"]
    assert (repository.root / "out/park-nicollet/generation-1/server.csr").exists()
    assert git(repository, "diff", "--cached", "--name-only") == ""


def test_a_commit_is_signed_as_git_is_configured(repository: Repository, tmp_path: Path) -> None:
    """By the program that git is told to sign with."""
    program = tmp_path / "sign"
    program.write_text(
        "#!/bin/sh\ncat >/dev/null\nprintf '\\n[GNUPG:] SIG_CREATED \\n' >&2\necho 'a signature'\n"
    )
    program.chmod(0o755)
    git(repository, "config", "commit.gpgsign", "true")
    git(repository, "config", "gpg.program", str(program))
    assert commit(repository).code == 0
    assert "gpgsig a signature" in git(repository, "cat-file", "commit", "HEAD")


def test_hostile_text_says_nothing_to_a_forge(repository: Repository) -> None:
    """No mention, no issue that is closed, no trailer, nothing for a terminal."""
    repository.write(
        "sites/park-nicollet.yaml",
        PARK_NICOLLET.replace("Service Desk", f"'Signed-off-by: x <x@example.org> fixes #12 {HOSTILE}'"),
    )
    assert commit(repository).code == 0
    body = git(repository, "log", "-1", "--format=%B")
    assert "Signed-off-by" in body
    assert not any(live in body for live in ("@octocat", "#12", "#1 ", "GH-2"))
    told = subprocess.run(
        ["git", "interpret-trailers", "--parse"], input=body, capture_output=True, text=True, check=True
    )
    assert told.stdout == ""


def test_check_and_commit_exclude_each_other(repository: Repository) -> None:
    """One writes nothing, the other commits what was written."""
    assert commit(repository, "--check").code == 3


def test_a_folder_inside_a_repository_of_git(repository: Repository, tmp_path: Path) -> None:
    """Staged changes of the larger repository are foreign, too; sites are committed by their own paths."""
    outer = tmp_path / "outer"
    outer.mkdir()
    subprocess.run(["rm", "-rf", str(repository.root / ".git")], check=True)
    inner = Repository(repository.root.rename(outer / "certs"))
    top = Repository(outer)
    git(top, "init", "-q", "-b", "main")
    git(top, "config", "user.name", "A Person")
    git(top, "config", "user.email", "person@example.org")
    git(top, "add", ".")
    git(top, "commit", "-qm", "begin")
    top.write("other.txt", "mine\n")
    git(top, "add", "other.txt")
    assert "SC861" in commit(inner).err
    git(top, "commit", "-qm", "other")
    assert commit(inner).code == 0
    assert subjects(top)[0] == "chore(park-nicollet): requested"


def test_a_branch_begins_where_head_is(repository: Repository) -> None:
    """And takes the work tree along."""
    repository.write("README.md", "mine\n")
    assert begin_branch(repository.root, "renew/park-nicollet") is None
    assert git(repository, "branch", "--show-current").strip() == "renew/park-nicollet"
    assert git(repository, "status", "--porcelain") == "?? README.md\n"


@pytest.mark.parametrize("name", ["main", "-f", "a..b", "", "with blank", "@{-1}"])
def test_a_branch_that_cannot_be(repository: Repository, name: str) -> None:
    """One that is there, an option, what git takes for no name."""
    problem = begin_branch(repository.root, name)
    assert problem is not None
    assert problem.code == "SC864"
    assert git(repository, "branch", "--show-current").strip() == "main"


def test_a_renewal_is_one_branch_with_one_commit_for_each_site(repository: Repository) -> None:
    """The site's own file goes with what it compiles to; main stays where it was."""
    commit(repository)
    for site in ("park-nicollet", "lakes/st-marys"):
        assert repository.certify(site=site).code == 0
    assert commit(repository).code == 0
    git(repository, "add", ".")
    git(repository, "commit", "-q", "--allow-empty", "-m", "taken in")
    main = git(repository, "rev-parse", "HEAD")
    options = ("--branch", "renew/june", *AT)
    ran = sitecert("-C", repository.root, "renew", "park-nicollet", "lakes/st-marys", *options)
    assert ran.code == 0, ran.err
    assert git(repository, "branch", "--show-current").strip() == "renew/june"
    assert subjects(repository)[:2] == ["chore(park-nicollet): renewed", "chore(lakes/st-marys): renewed"]
    assert "sites/park-nicollet.yaml" in git(repository, "show", "--name-only", "--format=").splitlines()
    assert git(repository, "status", "--porcelain") == ""
    assert git(repository, "rev-parse", "main") == main


def test_a_renewal_needs_a_new_branch(repository: Repository) -> None:
    """It is refused before anything is written."""
    commit(repository)
    repository.certify()
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "taken in")
    ran = sitecert("-C", repository.root, "renew", "park-nicollet", "--branch", "main", *AT)
    assert (ran.code, "SC864" in ran.err) == (1, True)
    assert git(repository, "status", "--porcelain") == ""
