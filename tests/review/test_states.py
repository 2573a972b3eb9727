"""Which states are compared, what is read of them, and that nothing else is touched."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from review.pull_requests import PULL_REQUESTS, append, edit
from review.states import GIT, History, a_history, dated
from sitecert.pipeline.review import Asked, Reviewed, review
from support.commands import sitecert
from support.repository import AT, TODAY


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """Return a repository with a branch `renewed` that leaves main."""
    made = a_history(tmp_path_factory.mktemp("states") / "repository")
    made.branch("renewed")
    PULL_REQUESTS["renewed"](made)
    made.commit("renewed")

    return made


def reviewed(
    root: Path, base: str | None = None, head: str | None = None, *, work_tree: bool = False
) -> Reviewed:
    """Review on the day of the tests."""
    return review(root, Asked(base, head, work_tree), TODAY)


def acts(result: Reviewed) -> dict[str, tuple[str, ...]]:
    """Return what becomes of each site."""
    assert result.review is not None, result.problems
    return {site.name: tuple(map(str, site.acts)) for site in result.review.sites}


def clone(history: History, folder: Path, *options: str) -> Path:
    """Clone the repository as CI does."""
    source = history.repository.root.as_uri()
    subprocess.run([*GIT, "clone", "-q", *options, source, str(folder)], check=True, env=dated())
    return folder


def test_the_defaults_are_main_and_head(history: History) -> None:
    """Without options the branch that is checked out is compared with main."""
    history.git("checkout", "-q", "renewed")
    assert acts(reviewed(history.repository.root)) == {"park-nicollet": ("renewed",)}


def test_what_main_did_meanwhile_is_no_change_of_the_branch(history: History) -> None:
    """Compared is the commit where the branch left, whatever came to main since."""
    history.git("checkout", "-q", "-B", "ahead", "main")
    append(history.repository, "sites/valley.yaml", "change: {contact: Night Desk}\n")
    history.commit("meanwhile")
    assert acts(reviewed(history.repository.root, "ahead", "renewed")) == {"park-nicollet": ("renewed",)}


def test_the_work_tree_is_a_state(history: History) -> None:
    """What is not committed is reviewed when asked for: changed, new and deleted files."""
    root = history.repository.root
    history.branch("work")
    append(history.repository, "sites/valley.yaml", "change: {contact: Night Desk}\n")
    history.repository.write("sites/new.yaml", "customer: x\n")
    (root / "sites/st-marys.yaml").unlink()
    assert acts(reviewed(root)) == {}
    found = acts(reviewed(root, work_tree=True))
    assert found == {"valley": ("changed",), "new": ("requested",), "st-marys": ("retired",)}


def test_nothing_is_touched(history: History) -> None:
    """Neither a file, nor the index, nor git's objects and references."""
    root = history.repository.root
    history.branch("untouched")
    append(history.repository, "sites/valley.yaml", "change: {contact: Night Desk}\n")
    history.repository.write("sites/new.yaml", "customer: x\n")

    def snapshot() -> dict[str, tuple[int, bytes]]:
        # git looks at an object that it has already by giving it a new time.
        objects = root / ".git/objects"
        files = [path for path in sorted(root.rglob("*")) if path.is_file()]
        times = [0 if path.is_relative_to(objects) else path.stat().st_mtime_ns for path in files]
        return {str(path): (time, path.read_bytes()) for path, time in zip(files, times, strict=True)}

    before = snapshot()
    reviewed(root, "main", "renewed")
    reviewed(root, "main", work_tree=True)
    assert snapshot() == before


def test_a_folder_inside_a_repository_of_git(history: History, tmp_path: Path) -> None:
    """The certificates may lie in a folder of a larger repository."""
    outer = tmp_path / "outer"
    clone(history, outer / "certs")
    subprocess.run(["rm", "-rf", str(outer / "certs/.git")], check=True)
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run([*GIT, *command], cwd=outer, check=True, env=dated())
    (outer / "certs/sites/valley.yaml").write_text("customer: x\n")
    (outer / "other.txt").write_text("x\n")
    found = reviewed(outer / "certs", work_tree=True)
    assert acts(found) == {"valley": ("changed",)}
    assert found.review is not None
    assert found.review.other_paths == ()


@pytest.mark.parametrize("base", ["origin/main", "no-such-branch", "--output=x", ""])
def test_a_base_that_is_not_there(history: History, tmp_path: Path, base: str) -> None:
    """A clone of the branch alone lacks it: a problem that says how to fetch it."""
    root = clone(history, tmp_path / "clone", "--depth=1", "--single-branch", "--branch=renewed")
    result = reviewed(root, base)
    assert [problem.code for problem in result.problems] == ["SC840"]
    assert "fetch-depth: 0" in result.problems[0].hint or "--base" in result.problems[0].hint


def test_a_clone_that_is_too_shallow(history: History, tmp_path: Path) -> None:
    """Both tips are there, but not the commit from which both come."""
    root = clone(history, tmp_path / "clone", "--depth=1", "--no-single-branch", "--branch=renewed")
    result = reviewed(root, "origin/main")
    assert [problem.code for problem in result.problems] == ["SC840"]
    assert "too shallow" in result.problems[0].message
    subprocess.run([*GIT, "fetch", "-q", "--unshallow"], cwd=root, check=True, env=dated())
    assert acts(reviewed(root, "origin/main")) == {"park-nicollet": ("renewed",)}


def test_a_shallow_clone_with_the_commits_that_matter(history: History, tmp_path: Path) -> None:
    """Older history is not needed."""
    root = clone(history, tmp_path / "clone", "--depth=2", "--no-single-branch", "--branch=renewed")
    assert acts(reviewed(root, "origin/main")) == {"park-nicollet": ("renewed",)}


def test_no_repository_of_git(tmp_path: Path) -> None:
    """A folder without git is a problem, not a fault."""
    (tmp_path / "sitecert.yaml").write_text("recipients: []\n")
    ran = sitecert("-C", tmp_path, "review", *AT)
    assert (ran.code, "SC840" in ran.err) == (1, True)


def test_unchanged_sites_are_not_read(history: History, tmp_path: Path) -> None:
    """Nothing of them is needed: the review is the same where git has lost every file of theirs."""
    root = clone(history, tmp_path / "clone", "--branch=renewed", "--no-local")
    kept = ("sitecert.yaml", "trust/root.pem", "sites/park-nicollet.yaml", "out/park-nicollet/")
    assert lose_objects(root, kept) > 30
    assert acts(reviewed(root, "origin/main")) == {"park-nicollet": ("renewed",)}


def test_a_folder_is_no_anchor(history: History, tmp_path: Path) -> None:
    """Nothing below a folder that `trust` names is read, only its name: a problem, as in `validate`."""
    history.branch("folders")
    edit(history.repository, "sitecert.yaml", r"^trust: .*", "trust: [out, sites, trust, trust/root.pem]")
    history.commit("Trust folders")
    root = clone(history, tmp_path / "clone", "--branch=folders", "--no-local")
    assert lose_objects(root, ("sitecert.yaml", "trust/root.pem", "sites/")) > 20
    found = reviewed(root, "origin/main")
    assert acts(found) == {}
    missing = [problem for problem in found.problems if problem.code == "SC568"]
    assert [problem.message.split(":")[1] for problem in missing] == [" out", " sites", " trust"]


def lose_objects(root: Path, kept: tuple[str, ...]) -> int:
    """Let git lose the files of HEAD whose paths do not begin so; return how many."""
    for pack in (root / ".git/objects/pack").glob("*.pack"):
        moved = pack.rename(root.parent / pack.name)
        subprocess.run([*GIT, "unpack-objects", "-q"], cwd=root, input=moved.read_bytes(), check=True)
    listed = subprocess.run(
        [*GIT, "ls-tree", "-r", "HEAD"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    lost = {line.split()[2] for line in listed if not line.split("\t")[1].startswith(kept)}
    lost -= {line.split()[2] for line in listed if line.split("\t")[1].startswith(kept)}
    for oid in lost:
        (root / ".git/objects" / oid[:2] / oid[2:]).unlink()
    return len(lost)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--base", "main", "--head", "renewed"), 0),
        (("--base", "main", "--head", "renewed", "--format", "json"), 0),
        (("--base", "main", "--head", "gone"), 1),
        (("--worktree", "--head", "renewed"), 3),
        (("--format", "yaml"), 3),
    ],
)
def test_exit_codes(history: History, arguments: tuple[str, ...], code: int) -> None:
    """A change is not due: 0 unless a problem is an error."""
    assert sitecert("-C", history.repository.root, "review", *arguments, *AT).code == code


def test_the_command_prints_data_and_talk_apart(history: History) -> None:
    """The review on standard output; problems and the total on standard error."""
    ran = sitecert("-C", history.repository.root, "review", "--base", "main", "--head", "renewed", *AT)
    assert ran.out.startswith("park-nicollet  renewed\n  risk: low")
    assert "to renewed" in ran.err
    assert all(len(line) <= 80 for line in ran.out.splitlines())
