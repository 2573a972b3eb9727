"""A stand-in for `gh api`: it answers from a GitHub that a test describes, and keeps what is written.

The file at GH_STATE holds {"pulls": [...], "files": {number: [...]}, "artifacts": [...], "comments": [...]},
and gets in "writes" what was written, each as {"method", "path", "body"}. Only what comment.yml asks is
answered, as GitHub answers it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

STATE = Path(os.environ["GH_STATE"])
REPOSITORY = r"repos/example/certs"


def main(arguments: list[str]) -> int:
    """Answer one call."""
    assert arguments.pop(0) == "api"
    method, expression, path = "GET", ".", ""
    fields: dict[str, str] = {}
    given = iter(arguments)
    for argument in given:
        match argument:
            case "--method":
                method = next(given)
            case "--jq":
                expression = next(given)
            case "-f" | "-F":
                key, value = next(given).split("=", 1)
                from_file = argument == "-F" and value.startswith("@")
                fields[key] = Path(value[1:]).read_text() if from_file else value
            case "--paginate" | "--silent":
                pass
            case _:
                assert not path, f"an argument too many: {argument}"
                path = argument
    state = json.loads(STATE.read_text())
    if method in {"POST", "PATCH"}:
        state["writes"].append({"method": method, "path": path, "body": fields["body"]})
        STATE.write_text(json.dumps(state))
        return 0
    answer = read(state, path, fields)
    if isinstance(answer, bytes):
        sys.stdout.buffer.write(answer)
        return 0
    ran = subprocess.run(["jq", "-r", expression], input=json.dumps(answer), text=True, check=False)
    return ran.returncode


def read(state: dict[str, Any], path: str, fields: dict[str, str]) -> Any:
    """Return what GitHub has at a path."""
    if path == f"{REPOSITORY}/pulls":
        assert fields.pop("state") == "open"
        (head,) = fields.values()
        return [each for each in state["pulls"] if each["head"]["label"] == head]
    if found := re.fullmatch(rf"{REPOSITORY}/pulls/(\d+)/files\?per_page=100", path):
        return state["files"][found[1]]
    if path == f"{REPOSITORY}/actions/runs/99/artifacts?name=review":
        return {"artifacts": state["artifacts"]}
    if found := re.fullmatch(rf"{REPOSITORY}/actions/artifacts/(\d+)/zip", path):
        return STATE.with_name(f"{found[1]}.zip").read_bytes()
    assert re.fullmatch(rf"{REPOSITORY}/issues/\d+/comments\?per_page=100", path), path
    return state["comments"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
