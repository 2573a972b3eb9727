"""Subjects of requests: from attributes to a name and back (RFC 5280 appendix A, BR 7.1.4.2)."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509

from sitecert.model.request import SubjectAttribute, SubjectField
from sitecert.pki.errors import RequestError
from sitecert.pki.names import NameAttribute, StringType, read_name
from sitecert.pki.visible import quote_visibly

IN_PRINTABLE_STRING = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?")
NOT_IN_A_CONFIGURATION = frozenset("\0\r\n")


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What holds for one field of a subject.

    `what` is what the user calls it; lengths count characters, not octets (BR 7.1.4.2).
    `written` is the string type that OpenSSL gives it with `string_mask = utf8only`; `readable` are
    those that are taken.
    """

    oid: str
    what: str
    longest: int
    shortest: int = 1
    written: StringType = StringType.UTF8
    readable: tuple[StringType, ...] = (StringType.UTF8, StringType.PRINTABLE)

    @property
    def lengths(self) -> str:
        """The lengths that are allowed, in words."""
        if self.shortest == self.longest:
            return f"{self.longest} are needed"
        return f"{self.shortest} to {self.longest} are allowed"


FIELD_RULES = {
    SubjectField.COUNTRY: FieldRule(
        "2.5.4.6", "subject.country", 2, 2, StringType.PRINTABLE, (StringType.PRINTABLE,)
    ),
    SubjectField.STATE: FieldRule("2.5.4.8", "subject.state", 128),
    SubjectField.LOCALITY: FieldRule("2.5.4.7", "subject.locality", 128),
    SubjectField.ORGANIZATION: FieldRule("2.5.4.10", "subject.organization", 64),
    SubjectField.ORGANIZATIONAL_UNIT: FieldRule("2.5.4.11", "subject.organizational_unit", 64),
    SubjectField.COMMON_NAME: FieldRule("2.5.4.3", "common_name", 64),
    SubjectField.EMAIL: FieldRule(
        "1.2.840.113549.1.9.1", "subject.email", 128, 1, StringType.IA5, (StringType.IA5,)
    ),
}
_FIELDS_BY_OID = {rule.oid: field for field, rule in FIELD_RULES.items()}


def build_subject(attributes: tuple[SubjectAttribute, ...]) -> x509.Name:
    """Return the name with one attribute to each RDN, in the order given.

    Raises RequestError for a value that OpenSSL would refuse, so that both ways agree.
    """
    for attribute in attributes:
        _check_value(attribute)
    return x509.Name(
        x509.NameAttribute(x509.ObjectIdentifier(FIELD_RULES[each.field].oid), each.value)
        for each in attributes
    )


def read_subject(der: bytes) -> tuple[SubjectAttribute, ...]:
    """Read a DER name; raises RequestError where it says what a site can not say."""
    attributes = []
    for group in read_name(der):
        if len(group) != 1:
            raise RequestError("the subject has several fields in one RDN")
        attributes.append(_read_attribute(group[0]))
    return tuple(attributes)


def _read_attribute(found: NameAttribute) -> SubjectAttribute:
    field = _FIELDS_BY_OID.get(found.oid)
    if field is None:
        raise RequestError(f"the subject carries {found.label}, which sitecert does not ask for")
    rule = FIELD_RULES[field]
    if found.text is None or found.string_type not in rule.readable:
        allowed = " or ".join(rule.readable)
        raise RequestError(f"{rule.what} is written as {found.string_type_name}; {allowed} is allowed")
    attribute = SubjectAttribute(field, found.text)
    _check_value(attribute)
    return attribute


def _check_value(attribute: SubjectAttribute) -> None:
    rule, text = FIELD_RULES[attribute.field], attribute.value
    if not rule.shortest <= len(text) <= rule.longest:
        raise RequestError(f"{rule.what} has {len(text)} characters; {rule.lengths}")
    if NOT_IN_A_CONFIGURATION.intersection(text):
        raise RequestError(f"{rule.what} {quote_visibly(text)} holds NUL, CR or LF")
    if not _fits(text, rule.written):
        raise RequestError(f"{rule.what} {quote_visibly(text)} holds what no {rule.written} can hold")


def _fits(text: str, string_type: StringType) -> bool:
    if string_type is StringType.PRINTABLE:
        return IN_PRINTABLE_STRING.issuperset(text)
    if string_type is StringType.IA5:
        return text.isascii()
    return not any("\ud800" <= character <= "\udfff" for character in text)
