"""`sitecert status`, as a person, a script, a calendar and a collector of metrics meet it."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from sitecert.load.data import read_schema
from sitecert.report.style import columns
from support.authority import ALLOWED_DAYS, NOT_BEFORE
from support.commands import Ran, sitecert
from support.packs import Bench
from support.repository import Repository, a_repository, a_site_file

END = NOT_BEFORE + timedelta(days=ALLOWED_DAYS, seconds=-1)
ACT_BY = (END - timedelta(days=30)).date()
LONG = "a-group-with-quite-a-long-name/a-site-with-an-even-longer-name-than-that"
HOSTILE = "'=cmd|A0 \U0001f600 Ünïcode; a, b \\ \"q\"'"


def status(repository: Repository, *arguments: str, at: date = date(2026, 6, 1)) -> Ran:
    """Run `status` on a day."""
    return sitecert("-C", repository.root, "status", "--at", at.isoformat(), *arguments)


def document(ran: Ran) -> dict[str, Any]:
    """Return the JSON that was written, held against the published schema."""
    schemas = [json.loads(read_schema(name)) for name in ("status", "problems")]
    registry: Registry[Any] = Registry().with_resources(
        (each["$id"], Resource.from_contents(each)) for each in schemas
    )
    Draft202012Validator.check_schema(schemas[0])
    found: dict[str, Any] = json.loads(ran.out)
    Draft202012Validator(schemas[0], registry=registry).validate(found)
    return found


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return a repository with a certified site, an open one, one with a long name and one not compiled."""
    sites = {
        "lakes": a_site_file(common_name="lakes.example.com"),
        "open": a_site_file(common_name="open.example.com", customer=HOSTILE),
        LONG.replace("/", "__").replace("-", "_"): a_site_file(common_name="long.example.com"),
    }
    repository = a_repository(tmp_path_factory.mktemp("fleet") / "certs", **sites)
    assert repository.run("compile").code == 0
    assert repository.certify(site="lakes").code == 0
    assert repository.certify(site=LONG).code == 0
    repository.site("late", common_name="late.example.com")
    return repository


def test_nothing_due_is_no_failure(fleet: Repository) -> None:
    """Exit 0, the table on standard output, one line of talk."""
    ran = status(fleet)
    assert ran.code == 0, ran.err
    assert "4 sites: 2 under way, 2 fine" in ran.err
    left = (END - datetime(2026, 6, 1, 12, tzinfo=UTC)).days
    assert re.search(rf"^lakes +certified +{END:%Y-%m-%d} +{left} +{ACT_BY}$", ran.out, re.MULTILINE)


def test_the_table_fits_a_terminal(fleet: Repository) -> None:
    """80 columns hold it; a long name stands on a line of its own; nothing is coloured in a pipe."""
    ran = status(fleet, at=date(2040, 1, 1))
    lines = ran.out.splitlines()
    assert max(columns(line) for line in lines if LONG not in line) <= 80
    assert LONG in lines
    assert "\x1b" not in ran.out
    assert f"next: sitecert renew {LONG}" in " ".join(ran.out.split())


@pytest.mark.parametrize(
    ("at", "code", "total"),
    [
        (ACT_BY - timedelta(days=1), 0, "1 fine"),
        (ACT_BY, 2, "1 due"),
        (END.date() + timedelta(days=1), 2, "1 expired"),
    ],
)
def test_what_is_due_exits_2(fleet: Repository, at: date, code: int, total: str) -> None:
    """From the day to act by on, the command to run is named."""
    ran = status(fleet, "lakes", at=at)
    assert (ran.code, f"1 site: {total}" in ran.err) == (code, True)
    assert ("next: sitecert renew lakes" in ran.out) == (code == 2)


def test_json_says_all_of_it(fleet: Repository) -> None:
    """As the published schema lays down, the most urgent first."""
    found = document(status(fleet, "--format", "json", at=ACT_BY))
    assert [each["site"] for each in found["sites"]] == [LONG, "lakes", "late", "open"]
    lakes = found["sites"][1]
    assert lakes["in_service"]["not_after"] == f"{END:%Y-%m-%dT%H:%M:%SZ}"
    assert lakes["in_service"]["act_by"] == found["at"] == ACT_BY.isoformat()
    assert (lakes["due"], lakes["days_left"], lakes["next"]) == (True, 30, "sitecert renew lakes")
    assert found["sites"][2]["stage"] == "not compiled"


def test_json_without_a_repository_is_json(tmp_path: Path) -> None:
    """A script reads what is wrong as it reads everything else."""
    found = document(sitecert("-C", tmp_path, "status", "--format", "json"))
    assert [each["code"] for each in found["problems"]] == ["SC901"]


def test_csv_is_read_back_and_obeyed_by_no_spreadsheet(fleet: Repository) -> None:
    """A customer's name that begins like a formula is a text."""
    rows = list(csv.DictReader(io.StringIO(status(fleet, "--format", "csv").out)))
    by_site = {row["site"]: row for row in rows}
    assert by_site["open"]["customer"].startswith("'=cmd|A0")
    assert (by_site["lakes"]["act_by"], by_site["lakes"]["due"]) == (ACT_BY.isoformat(), "no")
    assert by_site["open"]["days_left"] == ""
    late = list(
        csv.DictReader(io.StringIO(status(fleet, "lakes", "--format", "csv", at=date(2040, 1, 1)).out))
    )
    assert int(late[0]["days_left"]) < 0


def events(text: str) -> list[dict[str, str]]:
    """Return the events of a calendar: lines unfolded (RFC 5545 3.1), values unescaped (3.3.11)."""
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    lines = text.replace("\r\n ", "").split("\r\n")
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
    found: list[dict[str, str]] = []
    for line in lines[:-1]:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found:
            found[-1][name] = re.sub(r"\\(.)", lambda match: {"n": "\n"}.get(match[1], match[1]), value)
    return found


def test_a_calendar_has_an_event_for_each_certificate(fleet: Repository) -> None:
    """A whole day, the day to act by; sites that serve nothing have none."""
    found = events(status(fleet, "--format", "ics").out)
    assert [each["DTSTART;VALUE=DATE"] for each in found] == [f"{ACT_BY:%Y%m%d}"] * 2
    assert all(each["DTSTAMP"] == "20260601T120000Z" for each in found)
    assert found[1]["SUMMARY"] == f"Replace the certificate of lakes.example.com (ends {END:%Y-%m-%d})"
    assert {UUID(each["UID"]).version for each in found} == {5}


def test_an_event_keeps_its_uid_as_long_as_the_certificate(fleet: Repository) -> None:
    """So a calendar that reads it again moves nothing and doubles nothing."""
    first, later = (events(status(fleet, "--format", "ics", at=day).out) for day in (ACT_BY, END.date()))
    assert [each["UID"] for each in first] == [each["UID"] for each in later]
    assert len({each["UID"] for each in first}) == 2


def test_a_text_is_escaped_in_a_calendar(tmp_path: Path) -> None:
    """Commas, semicolons, backslashes and a long line come back as they were."""
    customer = "Ünï, Çlinic; \\ " + "é" * 40
    repository = a_repository(tmp_path / "certs", lakes=a_site_file(customer=f"'{customer}'"))
    assert repository.run("compile").code == 0
    assert repository.certify(site="lakes").code == 0
    (event,) = events(status(repository, "--format", "ics").out)
    assert event["DESCRIPTION"] == f"lakes: {customer}"


def test_metrics_are_in_the_text_format(fleet: Repository) -> None:
    """Each family has its help and type before its samples; times are seconds since 1970."""
    text = status(fleet, "--format", "prometheus").out
    sample = re.compile(r'([a-z_]+)(?:\{site="([^"]*)"(?:,stage="([^"]*)")?\})? (-?[0-9]+)')
    family, values = "", {}
    for line in text.splitlines():
        if line.startswith("# HELP "):
            family = line.split()[2]
        elif line.startswith("# TYPE "):
            assert line.split()[2:] == [family, "gauge"]
        else:
            match = sample.fullmatch(line)
            assert match is not None, line
            assert match[1] == family
            values[match[1], match[2], match[3]] = int(match[4])
    assert values["sitecert_sites", None, None] == 4
    assert values["sitecert_certificate_not_after_timestamp_seconds", "lakes", None] == int(END.timestamp())
    act_by = datetime(ACT_BY.year, ACT_BY.month, ACT_BY.day, tzinfo=UTC)
    assert values["sitecert_act_by_timestamp_seconds", "lakes", None] == int(act_by.timestamp())
    assert values["sitecert_site_stage", "open", "open"] == 1
    assert ("sitecert_act_by_timestamp_seconds", "open", None) not in values
    assert text.endswith("\n")


@pytest.mark.parametrize("output", ["table", "csv", "ics", "prometheus", "json"])
def test_no_text_of_a_file_is_obeyed_by_a_terminal(fleet: Repository, output: str) -> None:
    """Names are checked when they are read, and what is shown is escaped once more."""
    ran = status(fleet, "--format", output)
    assert all(each.isprintable() or each in "\r\n" for each in ran.out + ran.err)


@pytest.mark.parametrize("damaged", ["out/lakes/generation-1/leaf.crt", "sites/lakes.yaml"])
def test_a_damaged_site_is_shown_as_such(tmp_path: Path, damaged: str) -> None:
    """Exit 1 even where others are due; a certificate that can be read is told although the file cannot."""
    repository = a_repository(
        tmp_path / "certs",
        lakes=a_site_file(),
        other=a_site_file(common_name="other.example.com"),
    )
    assert repository.run("compile").code == 0
    assert repository.certify(site="lakes").code == 0
    assert repository.certify(site="other").code == 0
    repository.write(damaged, "hello\n")
    ran = status(repository, at=ACT_BY)
    assert ran.code == 1
    assert re.search(r"^lakes +stopped", ran.out, re.MULTILINE)
    assert f"error[SC{'401' if damaged.startswith('out') else '0'}" in ran.err
    assert ("git checkout" in ran.out) == damaged.startswith("out")
    found = document(status(repository, "--format", "json", at=ACT_BY))
    lakes = next(each for each in found["sites"] if each["site"] == "lakes")
    assert (lakes["in_service"] is None) == damaged.startswith("out")
    assert found["sites"][1]["due"]


def test_an_interim_certificate_is_not_forgotten(tmp_path: Path) -> None:
    """It is due from its first day, until the real one is filed; one that is damaged stops the site."""
    repository = a_repository(tmp_path / "certs")
    assert repository.run("compile").code == 0
    identity = Bench(repository, tmp_path).identity
    assert sitecert("-C", repository.root, "self-sign", "park-nicollet", "-i", identity).code == 0
    today = datetime.now(UTC).date()
    ran = status(repository, at=today)
    assert ran.code == 2
    assert "due, an interim certificate stands in for generation 1" in " ".join(ran.out.split())
    (site,) = document(status(repository, "--format", "json", at=today))["sites"]
    assert (site["stage"], site["marks"], site["in_service"]["interim"]) == ("open", ["interim"], True)
    path = "out/park-nicollet/generation-1/interim.crt"
    whole = repository.read(path).decode()
    repository.write(path, "hello\n")
    assert status(repository, at=today).code == 1
    repository.write(path, whole)
    assert repository.certify().code == 0
    assert "interim" not in status(repository, at=date(2026, 6, 1)).out


def test_a_mistyped_site_is_a_problem(fleet: Repository) -> None:
    """It must not look like a run with nothing due."""
    ran = status(fleet, "lakse")
    assert ran.code == 1
    assert "did you mean lakes" in ran.err


def test_status_changes_nothing(fleet: Repository) -> None:
    """Whatever the day."""
    before = fleet.tree("")
    for output in ("table", "csv", "ics", "prometheus", "json"):
        status(fleet, "--format", output, at=END.date() + timedelta(days=1))
    assert fleet.tree("") == before
