"""comment.yml, run step by step against a stand-in for GitHub: what a pull request left behind is hostile."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.commands import RECIPIENT, sitecert
from support.workflows import Job, run_github

pytestmark = pytest.mark.system("jq", "unzip")

STAND_IN = Path(__file__).parents[1] / "support/stand_in_gh.py"
MARKER = "<!-- sitecert-review -->"
SHA = "a" * 40
BOT = {"login": "github-actions[bot]"}
HOSTILE = ["$(touch pwned)", "`touch pwned`", "x';touch pwned;'", 'x";touch${IFS}pwned;"', "@/etc/passwd"]


@pytest.fixture(scope="module")
def workflow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the workflow as `init` lays it out."""
    root = tmp_path_factory.mktemp("main") / "certs"
    assert sitecert("init", root, "--recipient", RECIPIENT).code == 0
    return root / ".github/workflows/comment.yml"


def zipped(content: bytes, name: str = "review.md") -> bytes:
    """Return an archive with one file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return made.getvalue()


def a_pull(number: int = 7, owner: str = "mallory", branch: str = "branch", **head: Any) -> dict[str, Any]:
    """Return a pull request as GitHub lists it; `head` replaces parts of its head."""
    repository = {"full_name": f"{owner}/certs"}
    return {
        "number": number,
        "head": {"label": f"{owner}:{branch}", "sha": SHA, "repo": repository, "ref": branch} | head,
    }


@dataclass
class GitHub:
    """A GitHub with one finished run of check.yml, and comment.yml to be run."""

    folder: Path
    workflow: Path
    state: dict[str, Any]
    branch: str = "branch"
    artifact: bytes = zipped(f"{MARKER}\nthe review\n".encode())

    def run(self) -> Job:
        """Run the workflow; keep what it wrote in the state."""
        (self.folder / "1.zip").write_bytes(self.artifact)
        program = self.folder / "bin/gh"
        program.parent.mkdir(exist_ok=True)
        program.write_text(
            f'#!/bin/sh\nGH_STATE={self.folder}/state.json exec {sys.executable} {STAND_IN} "$@"\n'
        )
        program.chmod(0o755)
        (self.folder / "state.json").write_text(json.dumps(self.state))
        temporary, workspace = self.folder / "temporary", self.folder / "workspace"
        temporary.mkdir()
        workspace.mkdir()
        run = {
            "id": 99,
            "event": "pull_request",
            "head_sha": SHA,
            "head_branch": self.branch,
            "head_repository": {"full_name": "mallory/certs", "owner": {"login": "mallory"}},
        }
        event = {"repository": "example/certs", "token": "t", "event": {"workflow_run": run}}
        ran = run_github(self.workflow, "comment", workspace, temporary, event, program.parent)
        assert ran is not None
        self.state = json.loads((self.folder / "state.json").read_text())
        assert not list(self.folder.rglob("pwned"))
        return ran

    @property
    def writes(self) -> list[dict[str, str]]:
        """What was written at GitHub."""
        return list(self.state["writes"])


@pytest.fixture
def github(tmp_path: Path, workflow: Path) -> GitHub:
    """Return a GitHub where everything is in order."""
    state = {
        "pulls": [a_pull()],
        "files": {"7": [{"filename": "sites/example.yaml"}]},
        "artifacts": [{"id": 1, "size_in_bytes": 500}],
        "comments": [],
        "writes": [],
    }
    return GitHub(tmp_path, workflow, state)


def test_the_review_becomes_a_comment(github: GitHub) -> None:
    """Under the marker by which it is found again."""
    assert github.run().failed == []
    path = "repos/example/certs/issues/7/comments"
    assert github.writes == [{"method": "POST", "path": path, "body": f"{MARKER}\nthe review\n"}]


def test_only_its_own_comment_is_brought_up_to_date(github: GitHub) -> None:
    """Neither another's with the same marker, nor the bot's own without it."""
    github.state["comments"] = [
        {"id": 1, "user": {"login": "mallory"}, "body": f"{MARKER}\nfair"},
        {"id": 2, "user": BOT, "body": f"something else, of {MARKER}"},
        {"id": 3, "user": BOT, "body": f"{MARKER}\nthe review before"},
        {"id": 4, "user": {"login": "mallory"}, "body": f"{MARKER}\nfair"},
    ]
    assert github.run().failed == []
    assert [(each["method"], each["path"]) for each in github.writes] == [
        ("PATCH", "repos/example/certs/issues/comments/3")
    ]


@pytest.mark.parametrize(
    "pulls",
    [
        [],
        [a_pull(sha="b" * 40)],
        [a_pull(repo={"full_name": "mallory/other"})],
        [a_pull(repo=None)],
        [a_pull(owner="alice")],
        [a_pull(7), a_pull(8)],
    ],
    ids=["none", "moved on", "another repository", "a deleted one", "another's branch", "two"],
)
def test_the_pull_request_is_the_one_that_was_judged(github: GitHub, pulls: list[dict[str, Any]]) -> None:
    """Its head is the run's, by commit and by repository, or there is no comment."""
    github.state["pulls"] = pulls
    assert github.run().failed == []
    assert github.writes == []


@pytest.mark.parametrize(
    "changed",
    [
        [{"filename": ".github/workflows/check.yml"}],
        [{"filename": "harmless", "previous_filename": ".github/workflows/check.yml"}],
        [{"filename": "sites/a.yaml"}, {"filename": "requirements.txt"}],
        [{"filename": f"sites/site-{number}.yaml"} for number in range(3000)],
    ],
    ids=["a workflow", "a workflow renamed away", "what is installed", "more than GitHub lists"],
)
def test_a_pull_request_does_not_judge_itself(github: GitHub, changed: list[dict[str, str]]) -> None:
    """Where it changes what judges it, its own review is not shown; the comment says why."""
    github.state["files"]["7"] = changed
    assert github.run().failed == []
    (written,) = github.writes
    assert "changes how it is judged" in written["body"]
    assert "the review\n" not in written["body"]


@pytest.mark.parametrize(
    "artifact",
    [
        zipped(f"{MARKER}\n".encode() + b"x" * 65536),
        zipped(b"fair"),
        zipped(b"\0" * 50_000_000),
        zipped(f"{MARKER}\n".encode(), "other.md"),
        zipped(f"{MARKER}\n".encode(), "../review.md"),
        zipped(b""),
        b"fair",
        b"",
    ],
    ids=[
        "too large",
        "without its first line",
        "a bomb",
        "another name",
        "another folder",
        "empty",
        "no archive",
        "nothing",
    ],
)
def test_an_artefact_that_is_no_review_is_refused(github: GitHub, artifact: bytes) -> None:
    """The run fails, and nothing is written."""
    github.artifact = artifact
    assert github.run().failed == ["Take the review, unless the pull request changes how it is judged"]
    assert github.writes == []


@pytest.mark.parametrize("artifacts", [[], [{"id": 1, "size_in_bytes": 100_001}]], ids=["none", "too large"])
def test_an_artefact_that_is_missing_or_large_is_not_taken(github: GitHub, artifacts: list[Any]) -> None:
    """Nothing is downloaded, nothing is written: the run may have been cancelled."""
    github.state["artifacts"] = artifacts
    assert github.run().failed == []
    assert github.writes == []


def test_the_newest_artefact_counts(github: GitHub) -> None:
    """A run that was repeated has one for each attempt."""
    github.state["artifacts"] = [{"id": 1, "size_in_bytes": 9}, {"id": 0, "size_in_bytes": 9}]
    assert github.run().failed == []
    assert len(github.writes) == 1


@pytest.mark.parametrize("branch", HOSTILE)
def test_a_branch_name_is_data(github: GitHub, branch: str) -> None:
    """It is compared, never run."""
    github.branch = branch
    github.state["pulls"] = [a_pull(branch=branch)]
    assert github.run().failed == []
    assert len(github.writes) == 1


@pytest.mark.parametrize("text", [*HOSTILE, "a=b\nnumber=1\n", "%s\\n"])
def test_the_text_is_data(github: GitHub, text: str) -> None:
    """It is posted as it is, and nothing in it is run or read."""
    github.artifact = zipped(f"{MARKER}\n{text}".encode())
    assert github.run().failed == []
    assert github.writes[0]["body"] == f"{MARKER}\n{text}"
