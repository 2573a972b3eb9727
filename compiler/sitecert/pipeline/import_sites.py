"""New sites from a spreadsheet: every row is judged as the site that it would be, then all are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sitecert.fleet.columns import FIELDS, Columns, field_of, read_columns
from sitecert.fleet.rows import RowSite, read_rows
from sitecert.load.sites import check_site_name
from sitecert.load.spreadsheet import read_sheet
from sitecert.model.layout import SITES, site_path
from sitecert.model.spreadsheet import Sheet
from sitecert.pipeline.layout import new_site_files
from sitecert.pipeline.survey import survey
from sitecert.problems import Problem, errors
from sitecert.problems.codes.files import NAME_CLASH, NO_SITES
from sitecert.problems.codes.spreadsheet import SITE_EXISTS

__all__ = ["FIELDS", "Import", "field_of", "plan_import"]


@dataclass(frozen=True, slots=True)
class Import:
    """What a spreadsheet asks for: the good rows' files by their sites' names, and its problems.

    `rows` is how many there are; `encoding` and `delimiter` are how it was read, empty where it was not.
    """

    files: Mapping[str, bytes]
    problems: tuple[Problem, ...]
    rows: int = 0
    encoding: str = ""
    delimiter: str = ""


def plan_import(root: Path, path: str, content: bytes, mapped: Mapping[str, str]) -> Import:
    """Read a spreadsheet and judge each row as the site that it would be; writes nothing.

    `mapped` says of some headings which field they are. A problem stands at its row and column, also
    where it is one of the site that the row asks for.
    """
    sheet, unread = read_sheet(path, content)
    if sheet is None:
        return Import({}, unread)
    columns, unfit = read_columns(sheet, mapped)
    files: Mapping[str, bytes] = {}
    problems = {*unread, *unfit}
    if not errors(unfit):
        sites, faults = read_rows(sheet, columns)
        judged, own = _judge(root, sheet, columns, sites)
        problems |= {*faults, *own}
        spoilt = {problem.place.line for problem in errors([*unread, *faults])}
        good = {each.name for each in sites if each.row.number not in spoilt}
        files = {name: content for name, content in judged.items() if name in good}
    told = sorted(problems, key=lambda problem: problem.order)
    return Import(files, tuple(told), len(sheet.rows), sheet.encoding, sheet.delimiter)


def _judge(
    root: Path, sheet: Sheet, columns: Columns, sites: Sequence[RowSite]
) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the files of those sites that have no error, and every problem of all."""
    names = frozenset(each.name for each in sites)
    problems = [each for site in sites for each in _cannot_be_made(root, sheet, columns, site, names)]
    taken = {problem.site for problem in problems}
    new = {each.name: each for each in sites if each.name not in taken}
    files = new_site_files({name: each.draft for name, each in new.items()})
    found = survey(root, drafts={site_path(name): content for name, content in files.items()})
    for problem in found.problems:
        if problem.site in new:
            problems.append(_in_its_cell(problem, sheet, columns, new[problem.site]))
        elif problem.site is None and problem.code != NO_SITES.code:
            problems.append(problem)
    stopped = {problem.site for problem in errors(problems)}
    return {n: each for n, each in files.items() if not stopped & {None, n}}, problems


def _cannot_be_made(
    root: Path, sheet: Sheet, columns: Columns, site: RowSite, names: frozenset[str]
) -> Iterator[Problem]:
    """Yield why a site of this name cannot be made here, if it cannot; `names` are all that are asked for."""
    place, row = sheet.place(site.row.number, columns.of_name), f"row {site.row.number}: "
    wrong = check_site_name(site.name)
    group = site.name.rpartition("/")[0]
    if wrong is not None:
        yield replace(wrong, place=place, message=row + wrong.message, site=site.name)
    elif (root / site_path(site.name)).exists():
        yield SITE_EXISTS.at(place, f"{row}{site_path(site.name)} is there already", site=site.name)
    elif (root / SITES / site.name).is_dir() or any(each.startswith(f"{site.name}/") for each in names):
        yield NAME_CLASH.at(place, f"{row}{site.name} is a group already", site=site.name)
    elif group and (group in names or (root / site_path(group)).exists()):
        yield NAME_CLASH.at(place, f"{row}{group} is a site already", site=site.name)


def _in_its_cell(problem: Problem, sheet: Sheet, columns: Columns, site: RowSite) -> Problem:
    """Return a problem of a site that is not written yet, at the cell that it comes from."""
    place = sheet.place(site.row.number, columns.of_pointer(problem.pointer))
    return replace(problem, place=place, message=f"row {site.row.number}: {problem.message}")
