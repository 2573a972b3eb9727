"""What two requests ask for differently, in the words of a site's YAML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sitecert.model.names import AlternativeName
from sitecert.model.request import RequestContent, SubjectField
from sitecert.pki.subjects import FIELD_RULES
from sitecert.pki.visible import quote_visibly

NOTHING = "nothing"
KEY_SECURITY = {2048: "standard (RSA 2048)", 4096: "high (RSA 4096)"}
NAME_POINTERS = ("/alt_names", "/servers", "/common_name", "/load_balancer", "/issuer")
SUBJECT_POINTERS = {
    SubjectField.COMMON_NAME: ("/common_name",),
    SubjectField.ORGANIZATION: ("/subject/organization", "/customer"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which two requests differ.

    `what` is the field as the YAML calls it (`subject.state`), `asked` and `found` are readable text.
    `pointers` are the JSON pointers of a site that decide the field, the first that is written first.
    """

    what: str
    asked: str
    found: str
    pointers: tuple[str, ...]


def request_differences(asked: RequestContent, found: RequestContent) -> tuple[Difference, ...]:
    """Return every field in which `found` is not what was `asked`; none where the two are equal."""
    return (
        *_subject_differences(asked, found),
        *_name_differences(asked, found),
        *_key_differences(asked, found),
    )


def _subject_differences(asked: RequestContent, found: RequestContent) -> Iterator[Difference]:
    differing = 0
    for field, rule in FIELD_RULES.items():
        wanted, actual = _values(asked, field), _values(found, field)
        if wanted != actual:
            differing += 1
            pointers = SUBJECT_POINTERS.get(field, (f"/{rule.what.replace('.', '/')}",))
            yield Difference(rule.what, _quoted(wanted), _quoted(actual), pointers)
    if not differing and asked.subject != found.subject:
        yield Difference("subject", _order(asked), _order(found), ("/subject",))


def _name_differences(asked: RequestContent, found: RequestContent) -> Iterator[Difference]:
    if asked.alternative_names != found.alternative_names:
        wanted, actual = _listed(asked.alternative_names), _listed(found.alternative_names)
        yield Difference("alt_names", wanted, actual, NAME_POINTERS)


def _key_differences(asked: RequestContent, found: RequestContent) -> Iterator[Difference]:
    if asked.key_bits != found.key_bits:
        wanted, actual = _security(asked.key_bits), _security(found.key_bits)
        yield Difference("key.security", wanted, actual, ("/key/security",))


def _values(content: RequestContent, field: SubjectField) -> tuple[str, ...]:
    return tuple(each.value for each in content.subject if each.field is field)


def _quoted(values: tuple[str, ...]) -> str:
    return " and ".join(quote_visibly(value) for value in values) or NOTHING


def _order(content: RequestContent) -> str:
    return "the order " + ", ".join(each.field for each in content.subject)


def _listed(names: tuple[AlternativeName, ...]) -> str:
    return ", ".join(name.value for name in names) or NOTHING


def _security(bits: int) -> str:
    return KEY_SECURITY.get(bits, f"RSA {bits}")
