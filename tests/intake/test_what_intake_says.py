"""What `sitecert intake` says: the table, the document, what a dry run foresees, what may be overruled."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from intake.taking import NAMES, codes, take
from support.authority import ALLOWED_DAYS, ARTICLE_USAGE, Authority
from support.commands import answer, files, given, sitecert
from support.schemas import validator


@pytest.mark.parametrize(("days", "code"), [(ALLOWED_DAYS, 0), (-1, 1)])
def test_a_dry_run_judges_and_files_nothing(
    root: Path, tmp_path: Path, authority: Authority, days: int, code: int
) -> None:
    """The exit code is that of the intake; the lock is not asked for."""
    path = given(tmp_path, "a.pem", answer(root, authority, days=abs(days)), authority.intermediate)
    before = files(root)
    ran = take(root, path, "--dry-run")
    assert (ran.code, files(root)) == (code, before)
    assert "validity" in ran.out
    assert ("+ out/park-nicollet/generation-1/leaf.crt" in ran.out) is (code == 0)
    told = "this may be filed; nothing was" if code == 0 else "nothing was filed"
    assert f"park-nicollet: {told}" in ran.err.splitlines()[-1]


def test_a_dry_run_stops_where_the_policy_stops_the_real_one(
    root: Path, tmp_path: Path, authority: Authority
) -> None:
    """What a real run would say of the policy is said before it, and nobody overrules it by `--accept`."""
    path = given(tmp_path, "a.pem", answer(root, authority), authority.intermediate)
    with (root / "sitecert.yaml").open("a") as file:
        file.write("policy: {validity: {internal: 100}}\n")
    dry, real = take(root, path, "--dry-run"), take(root, path)
    assert (dry.code, real.code) == (1, 1)
    assert dry == real
    assert "error[SC347]" in dry.err
    assert dry.err.endswith("park-nicollet: nothing was filed\n")


def test_the_table_names_each_field_and_what_differs(
    root: Path, tmp_path: Path, authority: Authority
) -> None:
    """As plain text off a terminal; what was asked for stands beside what came."""
    request = x509.load_pem_x509_csr((root / "out/park-nicollet/generation-1/server.csr").read_bytes())
    key = request.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    leaf = authority.issue(key, NAMES[:1], days=800, usage=ARTICLE_USAGE)
    ran = take(root, given(tmp_path, "a.pem", leaf, authority.intermediate), "--dry-run")
    lines = ran.out.splitlines()
    assert "\x1b" not in ran.out
    assert lines[1].split()[:2] == ["key", "ok"]
    names = next(index for index, line in enumerate(lines) if line.startswith("names"))
    assert lines[names].split() == ["names", "error", "SC504", "asked:", f"{NAMES[0]},"]
    assert lines[names + 1].strip() == NAMES[1]
    assert lines[names + 2].strip() == "came:  smartweb.parknicollet.com"
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("key usage") and "error SC570" in line for line in lines)


def test_the_json_is_what_the_schema_says(root: Path, tmp_path: Path, authority: Authority) -> None:
    """Each field with what was asked, what came and the code; the files that changed; all problems."""
    path = given(tmp_path, "a.pem", answer(root, authority), authority.intermediate)
    document = json.loads(take(root, path, "--format", "json").out)
    validator("intake").validate(document)
    assert (document["site"], document["generation"], document["filed"]) == ("park-nicollet", 1, True)
    assert {"field": "names", "asked": ", ".join(NAMES), "came": ", ".join(NAMES)} | {
        "verdict": "ok",
        "code": None,
    } in document["fields"]
    assert any(each["path"].endswith("generation-1/leaf.crt") for each in document["changes"])
    told = {each["code"] for each in document["fields"]} - {None}
    assert told == {each["code"] for each in document["problems"] if each["code"].startswith("SC5")}


def test_what_a_person_accepts_is_told_as_accepted(root: Path, tmp_path: Path, authority: Authority) -> None:
    """In the table and in the document; a severity that the repository sets counts for the rest."""
    request = x509.load_pem_x509_csr((root / "out/park-nicollet/generation-1/server.csr").read_bytes())
    key = request.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    leaf = authority.issue(key, [*NAMES, "www.example.org"], days=800, usage=ARTICLE_USAGE)
    path = given(tmp_path, "a.pem", leaf, authority.intermediate)
    assert codes(root, path) == (1, ["SC505", "SC570"])
    ran = take(root, path, "--accept", "SC570", "--format", "json", "--dry-run")
    assert ran.code == 0
    (usage,) = (each for each in json.loads(ran.out)["fields"] if each["field"] == "key usage")
    assert (usage["verdict"], usage["code"]) == ("accepted", "SC570")
    with (root / "sitecert.yaml").open("a") as file:
        file.write("policy: {severity: {SC505: error}}\n")
    assert codes(root, path, "--accept", "SC570") == (1, ["SC505", "SC570"])
    assert take(root, path, "--accept", "SC505").code == 3


def test_usage(root: Path, tmp_path: Path, authority: Authority) -> None:
    """No such file, and a code that nobody may overrule, are the command line's fault."""
    path = given(tmp_path, "a.pem", answer(root, authority))
    assert take(root, tmp_path / "absent").code == 3
    assert take(root, "-", "-").code == 3
    ran = take(root, path, "--accept", "SC503")
    assert ran.code == 3
    assert "SC503 cannot be overruled; allowed are SC504" in ran.err
    assert sitecert("-C", root, "intake", "*", path).code == 0
    ran = sitecert("-C", root, "intake", "park-nicolet", path)
    assert ran.code == 1
    assert "did you mean park-nicollet?" in ran.err
