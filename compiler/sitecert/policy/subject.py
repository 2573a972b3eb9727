"""Rules for the subject of a certificate."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from sitecert.model.request import SubjectAttribute, SubjectField
from sitecert.model.site import SUBJECT_POINTERS
from sitecert.policy.case import Case, Check
from sitecert.policy.places import COUNTRIES, MEANT_COUNTRIES, STATES_OF_THE_US
from sitecert.problems import Problem, Severity
from sitecert.problems.codes.subject import (
    COUNTRY,
    EMAIL,
    ORGANIZATIONAL_UNIT,
    STATE_ABBREVIATED,
    SUBJECT_BLANKS,
    SUBJECT_CHARACTER,
    SUBJECT_LENGTH,
    SUBJECT_PLACEHOLDER,
)
from sitecert.problems.wording import quoted

# RFC 5280 appendix A and BR 7.1.4.2, in characters; the country and the common name have rules of their own.
LONGEST = {
    SubjectField.STATE: 128,
    SubjectField.LOCALITY: 128,
    SubjectField.ORGANIZATION: 64,
    SubjectField.ORGANIZATIONAL_UNIT: 64,
    SubjectField.EMAIL: 128,
}
PLACEHOLDERS = frozenset({"n/a", "unknown", "tbd", "todo", "not applicable"})
NO_TEXT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
REPLACEMENT_CHARACTER = "\ufffd"


def _texts(case: Case) -> Iterator[tuple[SubjectAttribute, str]]:
    """Yield the fields that hold free text, with the pointer of where each is written."""
    for attribute in case.site.subject:
        if attribute.field in LONGEST:
            yield attribute, _pointer(case, attribute.field)


def _pointer(case: Case, field: SubjectField) -> str:
    """Return where a field is written: the organization comes from the customer unless given."""
    pointer = SUBJECT_POINTERS[field]
    is_customer = field is SubjectField.ORGANIZATION and pointer not in case.site.places
    return "/customer" if is_customer else pointer


def _value(case: Case, field: SubjectField) -> str | None:
    return next((each.value for each in case.site.subject if each.field is field), None)


def check_length(case: Case) -> Iterator[Problem]:
    """Refuse a field that is longer than its upper bound, in characters."""
    for attribute, pointer in _texts(case):
        longest = LONGEST[attribute.field]
        if len(attribute.value) > longest:
            clause = f"has {len(attribute.value)} characters; {attribute.field} has at most {longest}"
            hint = (
                "give the shorter registered name as `subject.organization`" if pointer == "/customer" else ""
            )
            yield case.at(SUBJECT_LENGTH, pointer, clause, hint)


def check_placeholder(case: Case) -> Iterator[Problem]:
    """Refuse a field that says nothing: it is to be left out."""
    for attribute, pointer in _texts(case):
        if not any(c.isalnum() for c in attribute.value) or attribute.value.casefold() in PLACEHOLDERS:
            clause = f"{quoted(attribute.value)} says nothing; a field without a value is left out"
            yield case.at(SUBJECT_PLACEHOLDER, pointer, clause)


def check_blanks(case: Case) -> Iterator[Problem]:
    """Refuse blanks at the ends, or two in a row: they make another name."""
    for attribute, pointer in _texts(case):
        if attribute.value != " ".join(attribute.value.split()):
            yield case.at(SUBJECT_BLANKS, pointer, f"{quoted(attribute.value)} has blanks to no purpose")


def check_characters(case: Case) -> Iterator[Problem]:
    """Refuse characters that do not show, or that the field cannot hold."""
    for attribute, pointer in _texts(case):
        if attribute.value.isascii() and attribute.value.isprintable():
            continue
        strange = next((c for c in attribute.value if _is_strange(c)), None)
        if strange is not None:
            name = unicodedata.name(strange, "unnamed").lower()
            yield case.at(SUBJECT_CHARACTER, pointer, f"has the character U+{ord(strange):04X} ({name})")
        elif attribute.field is SubjectField.EMAIL:
            clause = f"{quoted(attribute.value)} has letters that an e-mail address in a subject cannot hold"
            yield case.at(SUBJECT_CHARACTER, pointer, clause, "write an address in ASCII, or remove the line")


def _is_strange(character: str) -> bool:
    return unicodedata.category(character) in NO_TEXT or character == REPLACEMENT_CHARACTER


def check_country(case: Case) -> Iterator[Problem]:
    """Refuse a country that is no assigned code of ISO 3166-1."""
    country = _value(case, SubjectField.COUNTRY)
    if country is None or country in COUNTRIES:
        return
    meant = MEANT_COUNTRIES.get(country.upper(), country.upper())
    hint = f"write {meant}" if meant in COUNTRIES else ""
    clause = f"{quoted(country)} is no assigned country code of two capital letters"
    yield case.at(COUNTRY, "/subject/country", clause, hint)


def check_state(case: Case) -> Iterator[Problem]:
    """Warn of an abbreviated state of the USA; what a private CA makes of it is its own affair."""
    state = _value(case, SubjectField.STATE) or ""
    name = STATES_OF_THE_US.get(state.rstrip(".").upper())
    if name is None or _value(case, SubjectField.COUNTRY) != "US":
        return
    problem = case.at(
        STATE_ABBREVIATED, "/subject/state", f"{quoted(state)} is an abbreviation", f"write {name}"
    )
    yield problem if case.is_public else replace(problem, severity=Severity.NOTE)


def check_organizational_unit(case: Case) -> Iterator[Problem]:
    """Refuse an organizational unit: a public CA must not issue it."""
    unit = _value(case, SubjectField.ORGANIZATIONAL_UNIT)
    if case.is_public and unit is not None:
        clause = f"{quoted(unit)} cannot be in the subject; public CAs must not issue an organizational unit"
        yield case.at(ORGANIZATIONAL_UNIT, "/subject/organizational_unit", clause)


def check_email(case: Case) -> Iterator[Problem]:
    """Warn of an e-mail address: a public CA had better not issue it."""
    email = _value(case, SubjectField.EMAIL)
    if case.is_public and email is not None:
        clause = f"{quoted(email)} delays the certificate or is dropped; public CAs are advised against it"
        yield case.at(EMAIL, "/subject/email", clause)


SUBJECT_CHECKS: tuple[Check, ...] = (
    check_length,
    check_placeholder,
    check_blanks,
    check_characters,
    check_country,
    check_state,
    check_organizational_unit,
    check_email,
)
