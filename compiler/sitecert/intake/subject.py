"""What a CA made of the subject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sitecert.intake.case import Case
from sitecert.model.request import SubjectField
from sitecert.model.verdict import Field
from sitecert.pki.names import NameAttribute, describe_name, read_name
from sitecert.pki.subjects import FIELD_RULES, build_subject
from sitecert.pki.visible import quote_visibly
from sitecert.problems.codes import verdict as codes
from sitecert.problems.finding import Finding


def check_subject(case: Case) -> Iterator[Finding]:
    """Judge each field: left out, changed, added; case and runs of blanks do not matter (RFC 5280 7.1)."""
    wanted = case.question.content.subject
    asked = describe_name(build_subject(wanted).public_bytes())
    came = case.facts.subject or "nothing"
    found = [attribute for group in read_name(case.structure.subject) for attribute in group]
    faults = [
        *_changed(case, found),
        *_dropped(case, found),
        *_added(case, found),
    ]
    yield from faults or [Finding(Field.SUBJECT, asked, came)]


def _changed(case: Case, found: Sequence[NameAttribute]) -> Iterator[Finding]:
    for field, asked in _asked(case).items():
        came = _values(found, field)
        if came and _folded(came) != _folded(asked):
            what, words = FIELD_RULES[field].what, _quoted(came)
            message = f"{what}: the CA wrote {words}, not {_quoted(asked)}"
            yield case.wrong(
                codes.SUBJECT_CHANGED, Field.SUBJECT, f"{field}={_quoted(asked)}", f"{field}={words}", message
            )


def _dropped(case: Case, found: Sequence[NameAttribute]) -> Iterator[Finding]:
    asked = _asked(case)
    dropped = [field for field in asked if not _values(found, field)]
    if dropped:
        words = ", ".join(f"{field}={_quoted(asked[field])}" for field in dropped)
        message = f"the CA left out {', '.join(FIELD_RULES[field].what for field in dropped)}"
        yield case.wrong(codes.SUBJECT_DROPPED, Field.SUBJECT, words, "nothing", message)


def _added(case: Case, found: Sequence[NameAttribute]) -> Iterator[Finding]:
    known = {FIELD_RULES[field].oid for field in _asked(case)}
    added = [each for each in found if each.oid not in known]
    if added:
        words = ", ".join(f"{each.label}={each.shown}" for each in added)
        yield case.wrong(codes.SUBJECT_ADDED, Field.SUBJECT, "nothing", words, f"the CA added {words}")


def _asked(case: Case) -> dict[SubjectField, list[str]]:
    fields: dict[SubjectField, list[str]] = {}
    for each in case.question.content.subject:
        fields.setdefault(each.field, []).append(each.value)
    return fields


def _values(found: Sequence[NameAttribute], field: SubjectField) -> list[str]:
    return [each.text or "" for each in found if each.oid == FIELD_RULES[field].oid]


def _folded(values: Sequence[str]) -> list[str]:
    return [" ".join(value.split()).casefold() for value in values]


def _quoted(values: Sequence[str]) -> str:
    return " and ".join(map(quote_visibly, values))
