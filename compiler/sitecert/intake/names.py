"""The names that a certificate answers for, against those that were asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitecert.intake.case import Case, listed
from sitecert.model.names import NameKind
from sitecert.model.verdict import Field
from sitecert.pki.coverage import missing_names
from sitecert.pki.der import DNS_NAME, IP_NAME
from sitecert.pki.extensions import SUBJECT_ALTERNATIVE_NAME, describe_general_name, read_general_names
from sitecert.pki.visible import quote_visibly
from sitecert.problems.codes import verdict as codes
from sitecert.problems.codes.certificates import NAMES_ADDED, NAMES_MISSING
from sitecert.problems.finding import Finding

LONGEST_NAME = 253
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
MATCHED = re.compile(rf"(?:\*\.)?(?:{LABEL}\.)*{LABEL}")
ADDRESS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
"""An IPv4 address; written as a DNS name it is compared with nothing (RFC 9525 section 6.4)."""


def check_names(case: Case) -> Iterator[Finding]:
    """Judge the alternative names, whose order and case do not matter, then the common name."""
    asked, came = case.question.content.alternative_names, case.facts.alternative_names
    if case.structure.extension(SUBJECT_ALTERNATIVE_NAME) is None:
        message = "it has no alternative name: browsers refuse it under every name"
        yield case.wrong(codes.NO_NAMES, Field.NAMES, listed(asked), "no name", message)
        return
    faults = list(_differences(case))
    yield from faults or [Finding(Field.NAMES, listed(asked), listed(came))]
    yield from _unmatched(case)
    yield from _other_kinds(case)
    yield from _common_name(case)


def _differences(case: Case) -> Iterator[Finding]:
    asked, came = case.question.content.alternative_names, case.facts.alternative_names
    missing = missing_names(asked, came)
    if missing:
        message = f"it does not answer for {listed(missing)}; it does for {listed(came)}"
        yield case.wrong(NAMES_MISSING, Field.NAMES, listed(asked), listed(came), message)
    added = [name for name in came if name not in asked]
    if added:
        message = f"it also answers for {listed(added)}"
        yield case.wrong(NAMES_ADDED, Field.NAMES, listed(asked), listed(came), message)


def _unmatched(case: Case) -> Iterator[Finding]:
    for name in case.facts.alternative_names:
        if name.kind is NameKind.DNS and not _is_matched(name.value):
            shown = quote_visibly(name.value)
            message = f"no client matches its alternative name {shown}"
            yield case.wrong(codes.UNMATCHED_NAME, Field.NAMES, "", shown, message)


def _is_matched(name: str) -> bool:
    return len(name) <= LONGEST_NAME and bool(MATCHED.fullmatch(name)) and not ADDRESS.fullmatch(name)


def _other_kinds(case: Case) -> Iterator[Finding]:
    value = case.structure.extension(SUBJECT_ALTERNATIVE_NAME) or b""
    others = [each for each in read_general_names(value) if each.tag not in {DNS_NAME, IP_NAME}]
    if others:
        words = ", ".join(map(describe_general_name, others))
        message = f"among its alternative names is what is no host name or address: {words}"
        yield case.wrong(codes.OTHER_KIND_OF_NAME, Field.NAMES, "", words, message)


def _common_name(case: Case) -> Iterator[Finding]:
    common = case.facts.common_name
    carried = {name.value for name in case.facts.alternative_names}
    if common is not None and common.lower() not in carried:
        shown = quote_visibly(common)
        message = f"its common name {shown} is none of its alternative names"
        yield case.wrong(codes.COMMON_NAME_ALONE, Field.NAMES, "", f"common name {shown}", message)
