"""A small interpreter of the CI workflows that `init` lays out: each `run` and `script`, by bash.

It knows the expressions that ours use and refuses any other. Actions do not run: what is checked out is the
given folder, and an upload keeps its file. `pip install` does not run either, for no index is reached: the
sitecert of this environment stands first on the path instead.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

EXPRESSION = re.compile(r"\$\{\{ *(.+?) *\}\}")
COMPARISON = re.compile(r"([\w.]+) (==|!=) '([^']*)'")
PASSED_OVER = ("actions/checkout@", "actions/setup-python@")
NOT_CANCELLED = "!cancelled()"


@dataclass(frozen=True)
class Step:
    """A step that ran: its name, exit code, and what it wrote."""

    name: str
    code: int
    out: str


@dataclass
class Job:
    """A job that ran: its steps in order, by name; what it uploaded; the summary that it left."""

    steps: dict[str, Step] = field(default_factory=dict)
    uploads: dict[str, bytes] = field(default_factory=dict)
    summary: str = ""

    @property
    def failed(self) -> list[str]:
        """The names of the steps that failed."""
        return [step.name for step in self.steps.values() if step.code]

    @property
    def out(self) -> str:
        """All that was written."""
        return "".join(step.out for step in self.steps.values())


def run_github(
    workflow: Path, job: str, folder: Path, temporary: Path, event: dict[str, Any], path: Path | None = None
) -> Job | None:
    """Run one job of a GitHub workflow in `folder`; None where its `if` says no.

    `event` is the context `github`, `path` a folder whose programs come first.
    """
    text = yaml.safe_load(workflow.read_text())
    description = text["jobs"][job]
    context: dict[str, Any] = {"github": event, "runner": {"temp": str(temporary)}, "steps": {}}
    if not _holds(description.get("if", NOT_CANCELLED), context):
        return None
    environment = _environment(folder, path) | {
        "RUNNER_TEMP": str(temporary),
        "GITHUB_REPOSITORY": event["repository"],
        "GITHUB_OUTPUT": str(temporary / "output"),
        "GITHUB_STEP_SUMMARY": str(temporary / "summary"),
    }
    environment |= _filled(description.get("env", {}), context)
    ran = Job()
    for step in description["steps"]:
        condition = step.get("if", "")
        if (ran.failed and NOT_CANCELLED not in condition) or not _holds(condition or NOT_CANCELLED, context):
            continue
        if "uses" in step:
            _use(step, context, ran)
            continue
        (temporary / "output").write_text("")
        name = step["name"]
        assert not EXPRESSION.search(step["run"]), f"{name}: an expression in a script is an injection"
        ran.steps[name] = _bash(
            name, step["run"], folder, environment | _filled(step.get("env", {}), context)
        )
        lines = (temporary / "output").read_text().splitlines()
        context["steps"][step.get("id", name)] = {"outputs": dict(line.split("=", 1) for line in lines)}
    summary = temporary / "summary"
    ran.summary = summary.read_text() if summary.exists() else ""
    return ran


def run_gitlab(pipeline: Path, folder: Path, variables: Mapping[str, str]) -> dict[str, Step]:
    """Run each job of a GitLab pipeline in `folder`; returns them by name."""
    text = yaml.safe_load(pipeline.read_text())
    before = text["default"]["before_script"]
    jobs = {name: job for name, job in text.items() if "script" in job and not name.startswith(".")}
    environment = _environment(folder, None) | variables
    return {
        name: _bash(name, "\n".join([*before, *job["script"]]), folder, environment)
        for name, job in jobs.items()
    }


def _environment(folder: Path, path: Path | None) -> dict[str, str]:
    programs = [str(Path(sys.executable).parent), "/usr/bin", "/bin"]
    return {"PATH": ":".join([str(path), *programs] if path else programs), "HOME": str(folder.parent)}


def _bash(name: str, script: str, folder: Path, environment: Mapping[str, str]) -> Step:
    lines = [line for line in script.splitlines() if not line.startswith("pip install ")]
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", "\n".join(lines)]
    ran = subprocess.run(
        command, cwd=folder, env=dict(environment), capture_output=True, text=True, check=False
    )
    return Step(name, ran.returncode, ran.stdout + ran.stderr)


def _use(step: dict[str, Any], context: dict[str, Any], ran: Job) -> None:
    """Keep what is uploaded; pass over what prepares the machine."""
    if step["uses"].startswith("actions/upload-artifact@"):
        given = _filled(step["with"], context)
        ran.uploads[given["name"]] = Path(given["path"]).read_bytes()
    else:
        assert step["uses"].startswith(PASSED_OVER), step["uses"]


def _filled(values: Mapping[str, Any], context: dict[str, Any]) -> dict[str, str]:
    return {
        key: EXPRESSION.sub(lambda found: _looked_up(found[1], context), str(value))
        for key, value in values.items()
    }


def _looked_up(path: str, context: dict[str, Any]) -> str:
    """Return the value at a dotted path; what is not there is empty, as at GitHub."""
    assert re.fullmatch(r"[\w.]+", path), f"an expression that this interpreter does not know: {path}"
    found: Any = context
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return "" if found is None else str(found)


def _holds(condition: str, context: dict[str, Any]) -> bool:
    inside = EXPRESSION.fullmatch(condition)
    condition = inside[1] if inside else condition
    if condition == NOT_CANCELLED:
        return True
    comparison = COMPARISON.fullmatch(condition)
    assert comparison, f"a condition that this interpreter does not know: {condition}"
    path, operator, value = comparison.groups()
    return (_looked_up(path, context) == value) == (operator == "==")
