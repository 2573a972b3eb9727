"""`sitecert import`: a team's spreadsheet becomes sites, all of it or nothing."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from sitecert.fleet.columns import FIELDS, NAMES, field_of
from sitecert.load.data import read_schema
from sitecert.load.strict_yaml import parse
from sitecert.model.document import Mapping, Node, Sequence
from sitecert.problems.codes.files import NAME_CLASH
from sitecert.write import files as write_files
from support.commands import Ran, files, repository, sitecert

HEAD = "Site;CN;SANs;Version;Customer;State;Country\n"
LAKES = "Lakes Clinic;web.lakes.example.com;dr.lakes.example.com;8.1;Lakes Clinic;Minnesota;US\n"
VALLEY = ";web.valley.example.com;;7.x;Valley Health;Minnesota;US\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with one site."""
    return repository(tmp_path / "certs")


def imported(root: Path, text: str, *arguments: str) -> Ran:
    """Import a spreadsheet that a person saved."""
    path = root.parent / "t.csv"
    path.write_text(text)
    return sitecert("-C", root, "import", path, *arguments)


def sites(root: Path) -> dict[str, bytes]:
    """Return the sites' files by their path below sites/."""
    return files(root / "sites")


def said(root: Path, name: str) -> object:
    """Return what a site's file says."""
    document, problems = parse("x", (root / f"sites/{name}.yaml").read_bytes())
    assert document is not None
    assert problems == ()
    return plain(document.root)


def plain(node: Node) -> object:
    """Return a node's texts, lists and mappings."""
    if isinstance(node, Mapping):
        return {each.key.text: plain(each.value) for each in node.entries}
    return [plain(each) for each in node.items] if isinstance(node, Sequence) else node.text


def test_a_spreadsheet_becomes_sites(root: Path) -> None:
    """Names come from their column, else from the common name; what was made compiles."""
    ran = imported(root, HEAD + LAKES + VALLEY)
    assert ran.code == 0, ran.err
    assert "+ sites/lakes-clinic.yaml" in ran.out
    assert "2 rows: 2 site files made" in ran.err
    assert said(root, "lakes-clinic") == {
        "customer": "Lakes Clinic",
        "version": "8.1",
        "common_name": "web.lakes.example.com",
        "alt_names": ["dr.lakes.example.com"],
        "subject": {"country": "US", "state": "Minnesota"},
    }
    assert (root / "sites/web-valley-example-com.yaml").exists()
    assert sitecert("-C", root, "validate").code == 0


def test_every_field_of_a_site_can_be_given(root: Path) -> None:
    """A column for each field; the schema knows no other, save what a row cannot hold."""
    values = {
        "site": "clinics/lakes",
        "customer": "Lakes Clinic",
        "version": "6.x",
        "common_name": "web.lakes.example.com",
        "alt_names": "a.lakes.example.com b.lakes.example.com; c.lakes.example.com\n10.1.2.3",
        "servers": "one.lakes.example.com,two.lakes.example.com",
        "load_balancer": "F5",
        "install_on": "Load Balancer",
        "issuer": "Internal",
        "subject.country": "US",
        "subject.state": "Minnesota",
        "subject.locality": "Edina",
        "subject.organization": "Lakes",
        "subject.organizational_unit": "IT",
        "subject.email": "it@lakes.example.com",
        "key.security": "High",
        "key.custody": "Repository",
        "change.number": "CHG0031337",
        "change.window": "2026-12-05T22:00-06:00/PT2H",
        "change.contact": "Ann Lee, +1 555 0100",
        "change.approvers": "Ann Lee, IT; Bo Li",
        "service_manager": "SystemD",
        "ords": "yes",
        "ords_key": "server.key",
    }
    assert list(values) == list(FIELDS)
    row = "\t".join(f'"{value}"' for value in values.values())
    ran = imported(root, "\t".join(values) + "\n" + row + "\n")
    assert ran.code == 0, ran.err
    found = said(root, "clinics/lakes")
    assert isinstance(found, dict)
    assert found["alt_names"] == [*(f"{each}.lakes.example.com" for each in "abc"), "10.1.2.3"]
    assert found["load_balancer"] == {"vendor": "f5"}
    assert (found["install_on"], found["issuer"]) == ("load-balancer", "internal")
    assert found["subject"]["organizational_unit"] == "IT"
    assert found["key"] == {"security": "high", "custody": "repository"}
    assert found["change"]["approvers"] == ["Ann Lee, IT", "Bo Li"]
    assert (found["service_manager"], found["ords"], found["ords_key"]) == ("systemd", "true", "server.key")
    known = set(json.loads(read_schema("site"))["properties"])
    assert {each.partition(".")[0] for each in FIELDS} == (known - {"waive"}) | {"site"}


def test_every_problem_is_told_at_its_row_and_column(root: Path) -> None:
    """Those of cells, of the sites that the rows would be, and between them; and nothing is written."""
    before = sites(root)
    rows = (
        "CN;SANs;Version;Customer;State;Country;LB",
        "web.one.example.com;spokwb;8.1;One;Minnesota;US;maybe",
        "web.two.example.com;;9.9;Two;Minnesota;Usa;",
        "web.three.example.com;;8.1;;Minnesota;US;",
        "smartweb.parknicollet.com;;8.1;Four;Minnesota;US;",
        "web.good.example.com;;8.1;Good;Minnesota;US;no",
        "WEB.good.example.com;;8.1;Good;Minnesota;US;no",
        ";;8.1;Nameless;Minnesota;US;no",
    )
    text = "\n".join(rows)
    ran = imported(root, text, "--format", "json")
    assert ran.code == 1
    found = json.loads(ran.out)
    assert found["changes"] == []
    places = [(each["line"], each["column"], each["code"]) for each in found["problems"]]
    assert places == [
        (2, 2, "SC203"),
        (2, 7, "SC824"),
        (3, 3, "SC302"),
        (4, 4, "SC301"),
        (5, 1, "SC215"),
        (7, 1, "SC826"),
        (8, 1, "SC824"),
    ]
    assert all(each["message"].startswith(f"row {each['line']}: ") for each in found["problems"])
    assert sites(root) == before


def test_good_rows_can_be_had_alone(root: Path) -> None:
    """`--keep-going` writes them; the exit code still says that others were not."""
    ran = imported(root, HEAD + LAKES + VALLEY.replace("7.x", "9.9"), "--keep-going")
    assert ran.code == 1
    assert "2 rows: 1 site file made" in ran.err
    assert (root / "sites/lakes-clinic.yaml").exists()
    assert not (root / "sites/web-valley-example-com.yaml").exists()


def test_a_dry_run_writes_nothing(root: Path) -> None:
    """And says what would be written."""
    before = files(root)
    ran = imported(root, HEAD + LAKES, "--dry-run")
    assert (ran.code, files(root)) == (0, before)
    assert "+ sites/lakes-clinic.yaml" in ran.out
    assert "1 row: 1 site file to make" in ran.err


def test_a_site_that_is_there_is_never_touched(root: Path) -> None:
    """By its file, or as a group; a second import of the same rows refuses them all."""
    assert imported(root, HEAD + LAKES + "clinics/one" + VALLEY).code == 0
    before = sites(root)
    assert "t.csv:2:1: error[SC825]" in imported(root, HEAD + LAKES, "--keep-going").err
    other, third = (VALLEY.replace("valley", each) for each in ("other", "third"))
    ran = imported(root, f"{HEAD}clinics{other}lakes-clinic/two{third}", "--keep-going")
    assert f"t.csv:2:1: error[{NAME_CLASH.code}]: row 2: clinics is a group already" in ran.err
    assert f"t.csv:3:1: error[{NAME_CLASH.code}]: row 3: lakes-clinic is a site already" in ran.err
    assert sites(root) == before


def test_columns_are_found_by_what_teams_call_them() -> None:
    """Case, spaces and punctuation aside; no name has two meanings."""
    names = ("COMMON NAME", "Subject Alternative Name(s)", " s_t ", "Smart-Suite Version", "E-Mail", "O")
    assert [field_of(each) for each in names] == [
        "common_name",
        "alt_names",
        "subject.state",
        "version",
        "subject.email",
        "subject.organization",
    ]
    counts = Counter(name for field, aliases in FIELDS.items() for name in {field, *aliases})
    assert [name for name, count in counts.items() if count > 1] == []
    assert {NAMES["cn"], NAMES["commonname"]} == {"common_name"}


def test_columns_can_be_named(root: Path) -> None:
    """What a team calls otherwise is mapped; what is left over is told and passed over."""
    text = HEAD.replace("CN", "Web = Address").replace("\n", ";Remarks\n") + LAKES
    refused = imported(root, text)
    assert "error[SC821]: no column holds the common name" in refused.err
    ran = imported(root, text, "--map", "web = address=CN")
    assert ran.code == 0, ran.err
    assert 't.csv:1:8: warning[SC822]: "Remarks" is no field of a site' in ran.err


def test_two_columns_for_one_field_are_refused(root: Path) -> None:
    """Nobody chooses between two values for you."""
    ran = imported(root, HEAD.replace("State", "City").replace("SANs", "Locality") + LAKES)
    assert 't.csv:1:6: error[SC823]: "City" and "Locality" are both subject.locality' in ran.err


@pytest.mark.parametrize("value", ["CN", "=CN", "X=nothing"])
def test_a_wrong_map_is_usage(root: Path, value: str) -> None:
    """The fields that there are stand in the message."""
    assert imported(root, HEAD + LAKES, "--map", value).code == 3
    assert "error[SC821]" in imported(root, HEAD + LAKES, "--map", "Nowhere=CN").err


def test_a_broken_configuration_stops_all(root: Path) -> None:
    """Without it nobody can judge the rows."""
    (root / "sitecert.yaml").write_text("recipients: []\nnonsense: 1\n")
    ran = imported(root, HEAD + LAKES, "--keep-going")
    assert ran.code == 1
    assert not (root / "sites/lakes-clinic.yaml").exists()


def test_other_sites_problems_stop_nothing(root: Path) -> None:
    """They are theirs."""
    (root / "sites/broken.yaml").write_text("hello\n")
    assert imported(root, HEAD + LAKES).code == 0


def test_a_full_disk_leaves_none(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All or nothing, there too."""
    before = sites(root)
    real = write_files.write_new

    def full(path: Path, content: bytes, mode: int = 0o644) -> None:
        if path.name.startswith("web-valley"):
            raise OSError(28, "No space left on device", str(path))
        real(path, content, mode)

    monkeypatch.setattr(write_files, "write_new", full)
    ran = imported(root, HEAD + LAKES + VALLEY)
    assert ran.code == 1
    assert "no space left on device" in ran.err
    assert sites(root) == before


def test_formulas_are_texts(root: Path) -> None:
    """Nothing is computed; the strict loader reads back what stood in the cell."""
    ran = imported(root, HEAD + LAKES.replace(";Lakes Clinic;", ";=1+1 'a' #b: {c};"))
    assert ran.code == 0, ran.err
    found = said(root, "lakes-clinic")
    assert isinstance(found, dict)
    assert found["customer"] == "=1+1 'a' #b: {c}"


def test_standard_input_is_read_too(root: Path) -> None:
    """As with every command that takes a file."""
    ran = sitecert("-C", root, "import", "-", piped=(HEAD + LAKES).encode())
    assert ran.code == 0, ran.err
    assert isinstance(said(root, "lakes-clinic"), dict)
