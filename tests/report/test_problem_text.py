"""How problems and plans are shown, to people and to programs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sitecert.model.artifact import Change, Verb
from sitecert.model.document import Place
from sitecert.problems import Problem, Severity
from sitecert.report.plan import changes_text, plan_json, total
from sitecert.report.problems import problems_github, problems_json, problems_text
from sitecert.report.style import coloured, plain
from support.commands import CONFIGURATION, repository, sitecert
from support.schemas import validator

PATH = "sites/park-nicollet.yaml"

EXAMPLE_SITE = """\
customer: Park Nicollet Health Services
version: 8.1
common_name: smartweb.parknicollet.com
subject: {country: US, state: Minnesota}
alt_names:
  - spokwb
"""
EXAMPLE = """\
sites/park-nicollet.yaml:6:5: error[SC203]: alt_names: "spokwb" is a short name; public CAs issue only for \
fully qualified names
  6 |   - spokwb
    |     ^^^^^^
  help: write the full name, set `issuer: internal`, or waive SC203 with a reason
1 error
"""


def problem(line: int = 1, column: int = 1, width: int = 1, **changes: Any) -> Problem:
    """Return a problem at a place of the one file."""
    fields = {"code": "SC203", "severity": Severity.ERROR, "message": "wrong", "hint": "", **changes}
    return Problem(place=Place(fields.pop("path", PATH), line, column, width), **fields)


def test_the_example_of_the_design_byte_for_byte(tmp_path: Path) -> None:
    """What a user sees of a short name."""
    root = repository(tmp_path / "certs", park_nicollet=EXAMPLE_SITE)
    ran = sitecert("-C", root, "validate")
    assert (ran.code, ran.out, ran.err) == (1, "", EXAMPLE)


@pytest.mark.parametrize(
    ("line", "column", "width", "shown", "carets"),
    [
        ("state: x", 8, 1, "state: x", "       ^"),
        ("state: x", 9, 1, "state: x", "        ^"),
        ("state: x", 99, 5, "state: x", "        ^"),
        ("state: xyz", 8, 99, "state: xyz", "       ^^^"),
        ("a: \u6771\u4eac x", 7, 1, "a: \u6771\u4eac x", "        ^"),
        ("a: \u6771\u4eac", 4, 2, "a: \u6771\u4eac", "   ^^^^"),
        ("a: e\u0301 x", 7, 1, "a: e\u0301 x", "     ^"),
        ("a: \x1b[31m x", 10, 1, "a: \\x1b[31m x", "            ^"),
        ("a: \x1b", 4, 1, "a: \\x1b", "   ^^^^"),
    ],
)
def test_carets_stand_below_the_place(line: str, column: int, width: int, shown: str, carets: str) -> None:
    """Wide characters take two columns, accents none, and what a terminal would obey is spelled out."""
    text = problems_text([problem(1, column, width)], {PATH: line + "\n"}, plain)
    assert text.splitlines()[1:3] == [f"  1 | {shown}", f"    | {carets}"]


@pytest.mark.parametrize("column", [1, 60, 500, 990])
def test_of_a_long_line_the_place_is_shown(column: int) -> None:
    """No terminal shows a thousand characters in a line."""
    line = "".join(chr(ord("a") + index % 26) for index in range(1000))
    _, source, carets, _ = problems_text([problem(1, column, 3)], {PATH: line}, plain).splitlines()
    assert len(source) < 140
    start = carets.index("^")
    assert source[start : start + 3] == line[column - 1 : column + 2]


def test_a_line_that_is_not_known_is_not_shown() -> None:
    """A folder, a file that could not be read, a line beyond its end."""
    for place in (problem(path="out"), problem(7)):
        assert problems_text([place], {PATH: "a\n"}, plain).splitlines()[1:] == ["1 error"]
    assert problems_text([], {}, plain) == ""


def test_a_repeated_warning_does_not_drown_the_rest() -> None:
    """The first is shown whole, three more by their place, the rest counted; `-v` shows every place."""
    same = [problem(path=f"sites/{n}.yaml", severity=Severity.WARNING, hint="mend it") for n in range(10)]
    lines = problems_text([*same, problem()], {}, plain).splitlines()
    assert [line for line in lines if "warning[" in line] == [
        f"sites/{n}.yaml:1:1: warning[SC203]: wrong" for n in range(4)
    ]
    assert lines[5:] == [
        "  and 6 more such warnings; -v shows where",
        "sites/park-nicollet.yaml:1:1: error[SC203]: wrong",
        "1 error, 10 warnings",
    ]
    assert problems_text(same, {}, plain, every=True).count("warning[") == 10


def test_no_error_is_left_out() -> None:
    """All problems at once, each with its place."""
    same = [problem(path=f"sites/{n}.yaml") for n in range(10)]
    assert problems_text(same, {}, plain).count("error[") == 10


def test_nothing_is_obeyed_by_a_terminal() -> None:
    """Paths, messages, hints and reasons are spelled out."""
    evil = "\x1b[2J\u202e\x07"
    text = problems_text([problem(path=evil, message=evil, hint=evil)], {evil: evil}, plain)
    text += changes_text([Change(Verb.MAKE, f"out/{evil}", evil)], [], plain)
    assert text.replace("\n", "").isprintable()


def test_colour_changes_nothing_but_colour() -> None:
    """The text is the same below it."""
    args = ([problem(1, 3, 2, hint="help")], {PATH: "abcdef"})
    assert re.sub(r"\x1b\[[0-9;]*m", "", problems_text(*args, coloured)) == problems_text(*args, plain)


def test_json_is_valid(tmp_path: Path) -> None:
    """Every command's JSON is what its published schema says, with problems and without."""
    root = repository(
        tmp_path / "certs", park_nicollet=EXAMPLE_SITE, right=EXAMPLE_SITE.replace("spokwb", "a.example.com")
    )
    (root / "sitecert.yaml").write_text(CONFIGURATION)
    commands = {
        ("validate",): "problems",
        ("plan",): "plan",
        ("compile", "--check"): "plan",
        ("compile",): "plan",
        ("plan", "nosuch"): "plan",
        ("intake", "right", __file__): "intake",
    }
    for command, schema in commands.items():
        document = json.loads(sitecert("-C", root, *command, "--format", "json").out)
        validator(schema).validate(document)
        assert document["problems"]
    validator("problems").validate(json.loads(problems_json([])))
    changes = [Change(verb, "out/a", "why") for verb in Verb]
    validator("plan").validate(json.loads(plan_json(changes, [problem()])))


def test_github_annotations_escape_what_ends_them() -> None:
    """A message cannot start a command of its own, nor a path another property."""
    text = problems_github([problem(path="a,b:c\n::x", message="100%\n::stop-commands::x", hint="do")])
    assert (
        text
        == "::error file=a%2Cb%3Ac%0A%3A%3Ax,line=1,col=1,title=SC203::100%25%0A::stop-commands::x - do\n"
    )
    assert problems_github([problem(severity=Severity.NOTE)]).startswith("::notice ")


def test_changes_are_grouped_by_site_with_one_reason() -> None:
    """A line gives its own reason where it has another; what no site claims stands apart."""
    changes = [
        Change(Verb.REPLACE, "out/g/a/generation-1/server.csr", "subject.state changed"),
        Change(Verb.CHANGE, "out/g/a/manifest.json", "subject.state changed"),
        Change(Verb.REMOVE, "out/g/a/old", "nothing asks for it"),
        Change(Verb.MAKE, "out/b/manifest.json", "new site"),
        Change(Verb.REMOVE, "out/c/x", "no site claims it"),
    ]
    assert changes_text(changes, ["b", "g/a"], plain) == (
        "g/a  (subject.state changed)\n"
        "  -/+ out/g/a/generation-1/server.csr\n"
        "    ~ out/g/a/manifest.json\n"
        "    - out/g/a/old  (nothing asks for it)\n"
        "b  (new site)\n"
        "    + out/b/manifest.json\n"
        "(no site)  (no site claims it)\n"
        "    - out/c/x\n"
    )


def test_the_total_is_one_line() -> None:
    """A site that a problem stops never looks like one with nothing to do."""
    made = [Change(Verb.MAKE, "out/a/x", ""), Change(Verb.REPLACE, "out/a/y", "")]
    assert total(made, [], ["a", "b"], done=False) == "2 sites: 1 to make, 1 to replace"
    assert total(made, [], ["a"], done=True) == "1 site: 1 made, 1 replaced"
    assert total([], [], ["a"], done=True) == "1 site: nothing to do"
    assert (
        total([], [problem(site="b")], ["a", "b"], done=True)
        == "2 sites: nothing to do, 1 stopped by a problem"
    )
    assert total([], [problem(site=None)], ["a", "b"], done=True) == "2 sites: 2 stopped by a problem"


@pytest.mark.parametrize(
    "secret", ["AGE-SECRET-KEY-1EXAMPLE", "-----BEGIN PRIVATE KEY-----", "age-secret-key-1e"]
)
def test_no_line_of_a_file_with_a_secret_is_shown(secret: str) -> None:
    """Who pastes a private key where a public one belongs must not find it in a log of CI."""
    problem = Problem("SC411", Severity.ERROR, Place(PATH, 3, 1), "is a private key", "")
    said = problems_text([problem], {PATH: f"recipients:\n  - {secret}\nMIIEvQIBADAN\n"}, plain)
    assert "is a private key" in said
    assert "MIIEvQIBADAN" not in said
    assert secret not in said
