"""From a row of a spreadsheet to a new site."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sitecert.fleet.columns import COMMON_NAME, FIELDS, SITE, Columns
from sitecert.model.draft import SiteDraft
from sitecert.model.site import Vendor
from sitecert.model.spreadsheet import Row, Sheet
from sitecert.problems import Problem
from sitecert.problems.codes.spreadsheet import CELL, ROW_TWICE
from sitecert.problems.wording import quoted

LONGEST_NAME = 63
YES_OR_NO: Mapping[str, bool] = {
    **dict.fromkeys(("yes", "y", "true", "1", "x"), True),
    **dict.fromkeys(("no", "n", "false", "0", "none", "-"), False),
}
NAMES_APART = re.compile(r"[;,\s]+")
PEOPLE_APART = re.compile(r"[;\n]+")
LISTS = frozenset({"change.approvers"})
CHOICES = frozenset({"install_on", "issuer", "key.security", "key.custody", "service_manager"})
"""Fields with a few allowed words, which people write with capitals and spaces."""

Value: TypeAlias = str | tuple[str, ...] | bool


@dataclass(frozen=True, slots=True)
class RowSite:
    """A row, and the site that it asks for."""

    row: Row
    name: str
    draft: SiteDraft


def read_rows(sheet: Sheet, columns: Columns) -> tuple[tuple[RowSite, ...], tuple[Problem, ...]]:
    """Return the site that each row asks for, and a problem for each cell and row that cannot be one.

    A row's name is what its column `site` says, else its common name, each as a file can be called; a
    row whose name another one has already is no site. One with a problem in a cell is a site without
    that value: good for finding further problems, and must not be written.
    """
    sites: dict[str, RowSite] = {}
    problems: list[Problem] = []
    for row in sheet.rows:
        reader = _RowReader(sheet, columns, row)
        site = reader.site()
        problems += reader.problems
        if not site.name:
            continue
        if site.name in sites:
            first = sites[site.name].row.number
            message = f"row {row.number}: {quoted(site.name)} is the site of row {first} as well"
            problems.append(ROW_TWICE.at(sheet.place(row.number, columns.of_name), message))
        else:
            sites[site.name] = site
    return tuple(sites.values()), tuple(problems)


def name_of(text: str) -> str:
    """Return a text as a site's file can be called: small letters, digits and hyphens; perhaps empty."""
    group, slash, site = text.rpartition("/")
    return (f"{_slug(group)}/" if slash else "") + _slug(site)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:LONGEST_NAME].strip("-")


class _RowReader:
    """Reads one row, and collects what is wrong with its cells."""

    def __init__(self, sheet: Sheet, columns: Columns, row: Row) -> None:
        self._sheet = sheet
        self._columns = columns
        self._row = row
        self.problems: list[Problem] = []

    def site(self) -> RowSite:
        """Return the site that the row asks for, its name empty where it has none."""
        common_name = self._text(COMMON_NAME)
        name = name_of(self._text(SITE)) or name_of(common_name)
        if not name:
            self._report(COMMON_NAME, "the row names no site")
        draft = SiteDraft(
            customer=self._text("customer"),
            version=self._text("version"),
            common_name=common_name,
            alt_names=self._list("alt_names", NAMES_APART),
            servers=self._list("servers", NAMES_APART),
            load_balancer=self._load_balancer(),
            install_on=self._text("install_on") or None,
            issuer=self._text("issuer") or None,
            subject=self._texts("subject"),
            key=self._texts("key"),
            change=self._change(),
            service_manager=self._text("service_manager") or None,
            ords=self._yes_or_no("ords"),
            ords_key=self._text("ords_key") or None,
        )
        return RowSite(self._row, name, draft)

    def _text(self, field: str) -> str:
        column = self._columns.index.get(field)
        text = self._row.cells[column] if column is not None and column < len(self._row.cells) else ""
        return re.sub(r"[\s_]+", "-", text.casefold()) if field in CHOICES else text

    def _list(self, field: str, apart: re.Pattern[str]) -> tuple[str, ...]:
        return tuple(each.strip() for each in apart.split(self._text(field)) if each.strip())

    def _texts(self, parent: str) -> dict[str, str]:
        """Return the values of a field's own fields, less those that are empty."""
        fields = [field for field in FIELDS if field.startswith(f"{parent}.") and field not in LISTS]
        return {field.partition(".")[2]: text for field in fields if (text := self._text(field))}

    def _change(self) -> dict[str, str | tuple[str, ...]]:
        change: dict[str, str | tuple[str, ...]] = dict(self._texts("change").items())
        approvers = self._list("change.approvers", PEOPLE_APART)
        return {**change, "approvers": approvers} if approvers else change

    def _load_balancer(self) -> str | bool | None:
        text = self._text("load_balancer").casefold()
        return text if text in set(Vendor) else self._yes_or_no("load_balancer", *Vendor)

    def _yes_or_no(self, field: str, *others: str) -> bool | None:
        text = self._text(field)
        if text and text.casefold() not in YES_OR_NO:
            self._report(field, f"{quoted(text)} is not {_words(('yes', 'no', *others))}")
        return YES_OR_NO.get(text.casefold())

    def _report(self, field: str, clause: str) -> None:
        place = self._sheet.place(self._row.number, self._columns.index.get(field, 0))
        self.problems.append(CELL.at(place, f"row {self._row.number}: {field}: {clause}"))


def _words(allowed: Iterable[str]) -> str:
    *others, last = allowed
    return f"{', '.join(others)} or {last}"
