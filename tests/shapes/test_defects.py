"""What cannot be read is refused with its own code, at its file, and nothing is filed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from shapes.defects import DEFECTS, Defect
from shapes.giving import give
from shapes.returned import PASSWORD, Returned
from support.commands import files

pytestmark = pytest.mark.system("openssl")


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_defective_return_is_refused(
    template: Path, returned: Returned, tmp_path: Path, defect: Defect
) -> None:
    """The code is its own, the message names what is wrong, the place is the file; out/ stays as it was."""
    root = tmp_path / "certs"
    shutil.copytree(template, root)
    before = files(root)
    ran = give(root, defect.make(returned), "--format", "json", needs_password=defect.needs_password)
    assert ran.code == 1
    assert files(root) == before
    problems = [each for each in json.loads(ran.out)["problems"] if each["code"] == defect.code]
    assert problems, ran.out
    assert problems[0]["severity"] == "error"
    assert defect.clause in problems[0]["message"]
    assert problems[0]["path"].startswith(str(tmp_path / "inbox"))
    assert PASSWORD not in ran.out + ran.err
