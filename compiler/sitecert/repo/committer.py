"""Commits that hold what sitecert wrote and nothing else, made by git as its user has it configured."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sitecert.model.document import Place
from sitecert.problems import Problem
from sitecert.problems.codes.review import (
    BRANCH_REFUSED,
    COMMIT_REFUSED,
    INDEX_LOCKED,
    NO_HISTORY,
    STAGED_BY_OTHERS,
)
from sitecert.problems.wording import show_path

if TYPE_CHECKING:
    from git import Git

PATHS_NAMED = 3
IN_PROGRESS = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
}
"""What git notes in its folder while a commit would mean something else."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A commit that git, or a hook of its, refused: the problem, and what it printed."""

    problem: Problem
    output: str


class Committer:
    """Makes commits in the repository that `root` lies in; hooks, author and signing are git's business."""

    def __init__(self, root: Path) -> None:
        """Work in a folder of a repository's work tree."""
        self._root = root

    def check_ready(self, own: Sequence[str]) -> tuple[Problem, ...]:
        """Return why no commit can be made here now.

        There is none: no repository of git, another program that holds its index, a merge or rebase that
        is under way, or staged changes outside of `own` (paths of files and folders), which are
        somebody else's. What was removed below `sites/` or `out/` is a site that goes.
        """
        if self._told("rev-parse", "--is-inside-work-tree") is None:
            return (NO_HISTORY.at(_GIT, "there is no work tree of git here", hint="run `git init` first"),)
        if self._git_path("index.lock").exists():
            return (INDEX_LOCKED.at(_GIT, "index.lock is there: another git is at work, or one was killed"),)
        begun = next((words for name, words in IN_PROGRESS.items() if self._git_path(name).exists()), None)
        if begun:
            return (INDEX_LOCKED.at(_GIT, f"{begun} is under way", hint="finish it, or abort it"),)
        staged = (self._told("diff", "--cached", "--name-only", "-z", "--no-renames") or "").split("\0")
        prefix = (self._told("rev-parse", "--show-prefix") or "").strip()
        foreign = [path for path in staged if path and not self._is_own(path, prefix, own)]
        return (_staged(foreign),) if foreign else ()

    def _is_own(self, path: str, prefix: str, own: Sequence[str]) -> bool:
        """Tell whether a path, from the top of the work tree, is one of ours, below one, or was a site's."""
        if not path.startswith(prefix):
            return False
        relative = path.removeprefix(prefix)
        if relative.startswith(("sites/", "out/")) and not os.path.lexists(self._root / relative):
            return True
        return any(relative == each or relative.startswith(f"{each}/") for each in own)

    def changed(self, paths: Sequence[str]) -> tuple[str, ...]:
        """Return those of the paths at or below which the work tree differs from HEAD, new files included."""
        return tuple(
            path
            for path in paths
            if (self._told("status", "--porcelain", "-z", "--untracked-files=all", "--", path) or "")
        )

    def commit(self, paths: Sequence[str], message: str) -> str | Refused:
        """Commit the paths as they stand, and return the commit's id; hooks run as for anyone.

        Where git or a hook refuses, the index is given back what it held.
        """
        from git import GitCommandError  # noqa: PLC0415 - looks for git's program when it is imported

        git = self._git()
        try:
            known = [path for path in paths if self._is_known(path)]
            if known:
                git.execute(["git", "add", "--all", "--", *known])
            git.execute(["git", "commit", "--quiet", f"--message={message}", "--only", "--", *paths])
        except GitCommandError as error:
            self._told("reset", "--quiet", "--", *paths)
            return Refused(COMMIT_REFUSED.at(_GIT, "git did not make the commit"), _output(error))
        return (self._told("rev-parse", "HEAD") or "").strip()

    def _is_known(self, path: str) -> bool:
        """Tell whether the work tree or the index has a path: `git add` refuses any other."""
        return os.path.lexists(self._root / path) or bool(self._told("ls-files", "--", path))

    def begin_branch(self, name: str) -> Problem | None:
        """Create a branch where HEAD is and go to it, or say why not; the work tree stays as it is."""
        refusal = self.check_branch(name)
        if refusal is None and self._told("checkout", "--quiet", "-b", name) is None:
            return BRANCH_REFUSED.at(_GIT, f"git did not make the branch {name}")
        return refusal

    def check_branch(self, name: str) -> Problem | None:
        """Return why no branch of this name can be begun, where that is so."""
        if name.startswith("-") or self._told("check-ref-format", "--branch", name) is None:
            return BRANCH_REFUSED.at(_GIT, f"{show_path(name)} cannot name a branch")
        if self._told("rev-parse", "--verify", "--quiet", f"refs/heads/{name}") is not None:
            return BRANCH_REFUSED.at(_GIT, f"the branch {name} is there already")
        return None

    def _git(self) -> Git:
        from git import Git  # noqa: PLC0415 - looks for git's program when it is imported

        git = Git(self._root)
        git.update_environment(GIT_LITERAL_PATHSPECS="1")
        return git

    def _git_path(self, name: str) -> Path:
        return self._root / (self._told("rev-parse", "--git-path", name) or "").strip()

    def _told(self, *command: str) -> str | None:
        """Return what git prints, or None where it refuses."""
        from git import GitCommandError  # noqa: PLC0415 - looks for git's program when it is imported

        try:
            told: str = self._git().execute(["git", *command], strip_newline_in_stdout=False)
        except GitCommandError:
            return None
        return told


_GIT = Place(".git", 1, 1)


def _staged(paths: Sequence[str]) -> Problem:
    named = ", ".join(map(show_path, paths[:PATHS_NAMED]))
    more = f" and {len(paths) - PATHS_NAMED} more" if len(paths) > PATHS_NAMED else ""
    return STAGED_BY_OTHERS.at(_GIT, f"{named}{more} is staged, and no file that this commit is about")


def _output(error: Exception) -> str:
    """Return what git and its hooks printed, without GitPython's own labels."""
    parts = (getattr(error, "stdout", ""), getattr(error, "stderr", ""))
    lines = [
        str(part).strip().removeprefix("stdout: '").removeprefix("stderr: '").removesuffix("'").strip()
        for part in parts
    ]
    return "\n".join(line for line in lines if line)
