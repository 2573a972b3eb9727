"""Which field of a site a spreadsheet's column holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from sitecert.model.spreadsheet import Sheet
from sitecert.problems import Problem
from sitecert.problems.codes.spreadsheet import COLUMN_NOT_READ, COLUMN_TWICE, NO_COLUMN
from sitecert.problems.wording import quoted

SITE = "site"
COMMON_NAME = "common_name"

FIELDS: Mapping[str, tuple[str, ...]] = {
    SITE: ("site name", "name", "file"),
    "customer": ("customer name", "client", "hospital", "legal name"),
    "version": ("smart suite", "smart suite version", "suite version", "release"),
    COMMON_NAME: ("cn", "fqdn", "url", "host", "hostname", "domain", "dns name", "certificate name"),
    "alt_names": (
        *("san", "sans", "alt name", "alternative names", "alternative name", "alternate names"),
        *("subject alternative name", "subject alternative names", "additional names"),
    ),
    "servers": ("server", "server name", "server names", "web server", "web servers"),
    "load_balancer": ("load balanced", "lb", "load balancer vendor"),
    "install_on": ("installed on", "install"),
    "issuer": ("ca", "issued by", "issuer type"),
    "subject.country": ("c", "country code", "country name"),
    "subject.state": ("st", "state or province", "state province", "province"),
    "subject.locality": ("l", "city", "town", "locality name"),
    "subject.organization": ("o", "organisation", "organization name", "organisation name", "company"),
    "subject.organizational_unit": ("ou", "organisational unit", "department", "unit"),
    "subject.email": ("e-mail", "mail", "email address", "e-mail address"),
    "key.security": ("key security", "security"),
    "key.custody": ("key custody", "custody", "key holder"),
    "change.number": ("change", "change number", "change record", "chg"),
    "change.window": ("window", "change window"),
    "change.contact": ("contact", "change contact"),
    "change.approvers": ("approver", "approvers", "change approvers"),
    "service_manager": (),
    "ords": (),
    "ords_key": (),
}
"""Every field that a column can hold, as the site's file names it, and what else teams call it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field of a site stands: its column, counted from 0."""

    index: Mapping[str, int]

    def of_pointer(self, pointer: str) -> int:
        """Return the column that a JSON pointer of the site leads to; its name's, where it has none."""
        field = ".".join(part for part in pointer.split("/") if part)
        found = (column for name, column in self.index.items() if _is_within(field, name))
        return next(found, self.of_name)

    @property
    def of_name(self) -> int:
        """The column that names the site."""
        return self.index.get(SITE, self.index[COMMON_NAME])


def read_columns(sheet: Sheet, mapped: Mapping[str, str]) -> tuple[Columns, tuple[Problem, ...]]:
    """Return the columns of a sheet; `mapped` says of some headings which field they are."""
    chosen = {_plain(heading): field for heading, field in mapped.items()}
    index: dict[str, int] = {}
    problems: list[Problem] = []
    for column, heading in enumerate(sheet.headings):
        place = sheet.place(sheet.heading_row, column)
        field = chosen.get(_plain(heading)) or field_of(heading)
        if field is None:
            if heading or any(cell for row in sheet.rows for cell in row.cells[column : column + 1]):
                problems.append(COLUMN_NOT_READ.at(place, f"{quoted(heading)} {_meant(heading)}"))
        elif field in index:
            message = f"{quoted(heading)} and {quoted(sheet.headings[index[field]])} are both {field}"
            problems.append(COLUMN_TWICE.at(place, message))
        else:
            index[field] = column
    known = {_plain(heading) for heading in sheet.headings}
    missing = [f"there is no column {quoted(name)}" for name in mapped if _plain(name) not in known]
    if COMMON_NAME not in index:
        missing.append("no column holds the common name")
    problems += [NO_COLUMN.at(sheet.place(sheet.heading_row), message) for message in missing]
    return Columns(index), tuple(problems)


def field_of(heading: str) -> str | None:
    """Return the field that a heading names, whatever its case, spaces and punctuation; or None."""
    return NAMES.get(_plain(heading))


def _plain(heading: str) -> str:
    """Return a heading's letters and digits alone, in one case."""
    return re.sub(r"[\W_]+", "", heading).casefold()


NAMES: Mapping[str, str] = {
    _plain(name): field
    for field, aliases in FIELDS.items()
    for name in (field, field.partition(".")[2] or field, *aliases)
}


def _is_within(field: str, name: str) -> bool:
    return field == name or field.startswith(f"{name}.")


def _meant(heading: str) -> str:
    near = get_close_matches(_plain(heading), NAMES, n=1)
    return f"is no field of a site{f'; did you mean {NAMES[near[0]]}?' if near else ''}"
