"""When a request is linted, and what comes of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sitecert.policy.requests import SAID_BEFORE
from sitecert.problems.registry import all_rules
from support.repository import Repository, a_repository, a_site_file

WAIVED = "[{code: SC204, reason: their own resolver, until: 2027-03-01}%s]"
ONION = {"issuer": "public", "alt_names": "[spok.onion]"}
IMPORTED = """\
import sys
from sitecert.cli.commands import run
code = run(sys.argv[1:])
print(sorted(name for name in sys.modules if name == "pkilint"), code, file=sys.stderr)
"""


def with_onion(tmp_path: Path, *, also_waived: str = "", policy: str = "") -> Repository:
    """Return a site with a name that its file excuses, and that a CA's lint refuses for another reason."""
    site = a_site_file(**ONION, waive=WAIVED % also_waived)
    repository = a_repository(
        tmp_path / "certs", park_nicollet=site, regions=a_site_file(common_name="r.org")
    )
    repository.configure(policy)
    return repository


def test_what_a_ca_would_refuse_is_not_written(tmp_path: Path) -> None:
    """An error at the name in the site's file; the other site is compiled."""
    repository = with_onion(tmp_path)
    done = repository.run("compile")
    assert done.code == 1
    [problem] = [each for each in done.problems if each["code"] == "SC430"]
    assert problem["message"] == (
        'alt_names: Invalid Tor v3 domain name: "spok.onion" '
        "(pkilint: cabf.serverauth.invalid_tor_v3_domain_name)"
    )
    line = repository.read("sites/park-nicollet.yaml").decode().splitlines()[problem["line"] - 1]
    assert line[problem["column"] - 1 :].startswith("spok.onion")
    assert {path.split("/")[1] for path in repository.tree()} == {"regions"}


def test_it_may_be_waived(tmp_path: Path) -> None:
    """Then it is a note, and the request is written."""
    waived = ", {code: SC430, reason: the CA said yes, until: 2027-03-01}"
    repository = with_onion(tmp_path, also_waived=waived, policy="policy: {severity: {SC430: error}}\n")
    done = repository.run("compile")
    [problem] = [each for each in done.problems if each["code"] == "SC430"]
    assert (done.code, problem["severity"]) == (0, "note")
    assert "waived until 2027-03-01: the CA said yes" in problem["message"]
    assert repository.request()


def test_it_may_be_softened(tmp_path: Path) -> None:
    """Then it is a warning, and the request is written."""
    repository = with_onion(tmp_path, policy="policy: {severity: {SC430: warning}}\n")
    done = repository.run("compile")
    assert [each["severity"] for each in done.problems if each["code"] == "SC430"] == ["warning"]
    assert done.code == 0
    assert repository.run("compile").codes == set(), "said where the request was made"


@pytest.mark.parametrize(
    ("arguments", "is_imported"),
    [
        (("--version",), False),
        (("plan",), False),
        (("validate",), False),
        (("compile", "--check"), False),
        (("compile",), False),
        (("compile", "--jobs", "1"), True),
    ],
)
def test_pkilint_is_imported_only_where_a_request_is_made(
    tmp_path: Path,
    arguments: tuple[str, ...],
    is_imported: bool,  # noqa: FBT001 - pytest's way
) -> None:
    """It costs half a second: a run with nothing to do, and one that only looks, do not pay it."""
    repository = a_repository(tmp_path / "certs")
    if not is_imported:
        repository.run("compile")
    before = ("-C", str(repository.root)) if arguments != ("--version",) else ()
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *before, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines()[-1] == (f"['pkilint'] {0}" if is_imported else f"[] {0}")


def test_what_is_not_said_twice_is_said_once() -> None:
    """Every code that a finding is passed over for is one of the rules for a site's file."""
    named = {code for codes in SAID_BEFORE.values() for code in codes.split(", ")}
    assert named <= set(all_rules())
    assert max(named) < "SC4", "a rule of another stage"
