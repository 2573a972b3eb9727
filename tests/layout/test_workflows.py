"""The CI workflows that `init` lays out: lean by the linters' judgement, and run step by step."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.hazmat.primitives import serialization

from support.authority import rsa_key
from support.commands import RECIPIENT, sitecert
from support.workflows import Job, run_github, run_gitlab

PROGRAMS = Path(sys.executable).parent
WORKFLOWS = ("check", "comment")
GIT = ("git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
PULL_REQUEST = {
    "event_name": "pull_request",
    "repository": "example/certs",
    "ref": "refs/pull/7/merge",
    "event": {"pull_request": {"number": 7}},
}
PUSH = PULL_REQUEST | {"event_name": "push", "ref": "refs/heads/main"}


def git(folder: Path, *arguments: str) -> str:
    """Run git, and return what it says."""
    ran = subprocess.run([*GIT, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def commit(folder: Path, message: str) -> None:
    """Commit everything."""
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", message)


@pytest.fixture(scope="module")
def main(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a laid-out repository whose main branch is compiled and committed."""
    root = tmp_path_factory.mktemp("main") / "certs"
    assert sitecert("init", root, "--recipient", RECIPIENT).code == 0
    assert sitecert("-C", root, "compile").code == 0
    git(root, "init", "-q")
    commit(root, "Begin")
    return root


@pytest.fixture
def clone(main: Path, tmp_path: Path) -> Path:
    """Return a clone of it, on the branch of a pull request."""
    git(tmp_path, "clone", "-q", str(main), "certs")
    git(tmp_path / "certs", "switch", "-qc", "branch")
    return tmp_path / "certs"


def edit(clone: Path, old: str, new: str) -> None:
    """Change the example site."""
    site = clone / "sites/example.yaml"
    text = site.read_text()
    assert old in text
    site.write_text(text.replace(old, new))


def merged(clone: Path) -> Path:
    """Check out what GitHub checks out for a pull request: its merge with the main branch."""
    git(clone, "checkout", "-q", "--detach", "origin/main")
    git(clone, "merge", "-q", "--no-ff", "-m", "Merge", "branch")
    return clone


def run(clone: Path, job: str, event: dict[str, Any]) -> Job | None:
    """Run one job of check.yml."""
    temporary = clone.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    return run_github(clone / ".github/workflows/check.yml", job, clone, temporary, event)


@pytest.mark.parametrize(
    "command",
    [
        ("actionlint", "-no-color", "-shellcheck", PROGRAMS / "shellcheck", "-pyflakes", ""),
        ("zizmor", "--offline", "--pedantic", "--no-progress"),
    ],
    ids=lambda command: command[0],
)
def test_the_linters_find_nothing(main: Path, command: tuple[object, ...]) -> None:
    """Actionlint, with shellcheck over each script, and zizmor at its most pedantic."""
    files = [main / f".github/workflows/{name}.yml" for name in WORKFLOWS]
    if command[0] == "zizmor":
        files.append(main / ".github/dependabot.yml")
    ran = subprocess.run(
        [PROGRAMS / str(command[0]), *map(str, command[1:]), *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("name", WORKFLOWS)
def test_least_permissions(main: Path, name: str) -> None:
    """Nothing by default; each job names what it needs; a pull request's own jobs can only read."""
    workflow = yaml.safe_load((main / f".github/workflows/{name}.yml").read_text())
    assert workflow["permissions"] == {}
    granted = [job["permissions"] for job in workflow["jobs"].values()]
    assert (
        granted
        == {
            "check": [{"contents": "read"}, {"contents": "read"}],
            "comment": [{"actions": "read", "pull-requests": "write"}],
        }[name]
    )
    assert "secrets." not in (main / f".github/workflows/{name}.yml").read_text()
    assert set(workflow[True]) <= {"pull_request", "push", "workflow_run"}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actions_are_pinned_by_commit(main: Path, name: str) -> None:
    """A whole commit, its version beside it, the same one everywhere; no credential stays for later steps."""
    text = (main / f".github/workflows/{name}.yml").read_text()
    used = re.findall(r"uses: (.+)", text)
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each) for each in used)
    assert len(set(used)) == len({each.split("@")[0] for each in used})
    assert text.count("persist-credentials: false") == text.count("actions/checkout@")


def test_the_workflow_that_may_write_runs_nothing_of_a_pull_request(main: Path) -> None:
    """It uses no action and checks nothing out."""
    steps = yaml.safe_load((main / ".github/workflows/comment.yml").read_text())["jobs"]["comment"]["steps"]
    assert all("uses" not in step and not re.search(r"\bgit\b", step["run"]) for step in steps)


def test_a_fair_pull_request_passes(clone: Path) -> None:
    """Every step of every job, at GitHub; the review is uploaded and stands in the summary."""
    edit(clone, "state: Minnesota", "state: Iowa")
    assert sitecert("-C", clone, "compile").code == 0
    commit(clone, "Move to Iowa")
    merged(clone)
    check, review = run(clone, "check", PULL_REQUEST), run(clone, "review", PULL_REQUEST)
    assert check is not None
    assert review is not None
    assert (check.failed, review.failed) == ([], []), check.out + review.out
    assert "Iowa" in review.uploads["review"].decode()
    assert "Iowa" in review.summary


def test_a_push_is_checked_and_not_reviewed(clone: Path) -> None:
    """There is nothing to compare it with."""
    check = run(clone, "check", PUSH)
    assert check is not None
    assert check.failed == [], check.out
    assert run(clone, "review", PUSH) is None


def test_a_stale_or_wrong_branch_fails_and_hides_nothing(clone: Path) -> None:
    """A wrong site fails its step, and the later steps run all the same."""
    edit(clone, "smartweb.hospital.example.org", "smart_web")
    commit(clone, "Misspell")
    check = run(merged(clone), "check", PULL_REQUEST)
    assert check is not None
    assert check.failed == ["The sites are right", "out/ is what the sites say"]
    assert "::error file=sites/example.yaml,line=7" in check.out
    assert list(check.steps)[-1] == "No private key lies in the open"


def test_what_was_not_compiled_is_refused(clone: Path) -> None:
    """A site's edit without its out/ is stale."""
    edit(clone, "state: Minnesota", "state: Iowa")
    commit(clone, "Forget to compile")
    check = run(merged(clone), "check", PULL_REQUEST)
    assert check is not None
    assert check.failed == ["out/ is what the sites say"]


def test_a_key_that_was_committed_and_removed_is_found(clone: Path) -> None:
    """The tree is clean by then, and a commit of the branch is not; the review is there all the same."""
    key = rsa_key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (clone / "notes.txt").write_bytes(key)
    commit(clone, "Note")
    (clone / "notes.txt").unlink()
    commit(clone, "Forget")
    review = run(merged(clone), "review", PULL_REQUEST)
    assert review is not None
    assert review.failed == ["No commit brings a private key"], review.out
    assert "notes.txt" in review.out
    assert review.uploads


def test_gitlab_runs_the_same(clone: Path) -> None:
    """Each job of the pipeline passes on a fair merge request, and fails on a wrong one."""
    base = git(clone, "rev-parse", "HEAD")
    variables = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base}
    pipeline = clone / ".gitlab-ci.yml"
    edit(clone, "state: Minnesota", "state: Iowa")
    assert sitecert("-C", clone, "compile").code == 0
    commit(clone, "Move to Iowa")
    jobs = run_gitlab(pipeline, clone, variables)
    assert {name: job.code for name, job in jobs.items()} == dict.fromkeys(
        ("validate", "check", "leaks", "leaks in commits", "review"), 0
    ), jobs
    assert "Iowa" in (clone / "review.md").read_text()
    edit(clone, "state: Iowa", "state: Ohio")
    commit(clone, "Forget to compile")
    assert run_gitlab(pipeline, clone, variables)["check"].code == 2
