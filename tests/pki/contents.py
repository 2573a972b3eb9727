"""What requests ask for, made to order and drawn by hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sitecert.model.names import AlternativeName, NameKind
from sitecert.model.request import RequestContent, SubjectAttribute, SubjectField

PRINTABLE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
HOSTILE = (
    "St. Mary's Hospital",
    "O'Brien & O'Neil",
    'the "best" clinic',
    "$ENV::HOME",
    "${ENV::HOME}",
    "price $5",
    "A # B",
    "A; B, C = D",
    "@alt_names",
    ".include /etc/passwd",
    "copy",
    "C:\\new\\table\\",
    "\\",
    '"',
    "`id` $(id)",
    " blanks at both ends ",
    "\ttab\t",
    ".",
    "{{ 7*7 }} {% raw %}",
    "Hôpital Sainte-Thérèse",
    "병원 医院 مستشفى",
    "\U0001f3e5\U0001f691",
    "%s %n \\n \\x41",
    "a\x0bb\x0cc\x1b[31m",
    "a\u2028b\u202ec",
)


def a_content(*, subject: dict[SubjectField, str] | None = None, **changes: Any) -> RequestContent:
    """Return what a small site asks for, its subject's fields and the rest changed as told."""
    fields = {
        SubjectField.COUNTRY: "US",
        SubjectField.STATE: "Minnesota",
        SubjectField.ORGANIZATION: "Park Nicollet Health Services",
        SubjectField.COMMON_NAME: "hospital.example.org",
    }
    content = {
        "subject": a_subject({**fields, **(subject or {})}),
        "alternative_names": names("hospital.example.org", "10.20.30.40", "2001:db8::1"),
        "key_bits": 2048,
    }
    return RequestContent(**{**content, **changes})


def a_subject(fields: dict[SubjectField, str]) -> tuple[SubjectAttribute, ...]:
    """Return a subject's attributes in the order of the model."""
    return tuple(SubjectAttribute(field, fields[field]) for field in SubjectField if field in fields)


def names(*values: str) -> tuple[AlternativeName, ...]:
    """Return alternative names; those that hold a colon or only digits and dots are IP addresses."""
    return tuple(
        AlternativeName(NameKind.IP if ":" in each or each.replace(".", "").isdigit() else NameKind.DNS, each)
        for each in values
    )


def free_text(longest: int) -> st.SearchStrategy[str]:
    """Draw text that a subject may hold: anything but NUL, CR and LF, hostile examples among it."""
    anything = st.text(
        st.characters(exclude_characters="\0\r\n", exclude_categories=["Cs"]), min_size=1, max_size=longest
    )
    quoting = st.text(st.sampled_from("\"'\\$#;,=@ é\U0001f3e5a"), min_size=1, max_size=longest)
    return anything | quoting | st.sampled_from([each for each in HOSTILE if len(each) <= longest])


LABELS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789"), min_size=1, max_size=12)
DNS_NAMES = st.lists(LABELS, min_size=2, max_size=4).map(".".join)
IP_ADDRESSES = st.ip_addresses().map(str)
ALTERNATIVE_NAMES = st.builds(AlternativeName, st.just(NameKind.DNS), DNS_NAMES) | st.builds(
    AlternativeName, st.just(NameKind.IP), IP_ADDRESSES
)
FIELD_TEXTS = {
    SubjectField.COUNTRY: st.text(st.sampled_from(PRINTABLE), min_size=2, max_size=2),
    SubjectField.STATE: free_text(128),
    SubjectField.LOCALITY: free_text(128),
    SubjectField.ORGANIZATION: free_text(64),
    SubjectField.ORGANIZATIONAL_UNIT: free_text(64),
    SubjectField.COMMON_NAME: DNS_NAMES,
    SubjectField.EMAIL: st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=128),
}
CONTENTS = st.builds(
    RequestContent,
    st.fixed_dictionaries(
        {SubjectField.COMMON_NAME: FIELD_TEXTS[SubjectField.COMMON_NAME]},
        optional={
            field: text for field, text in FIELD_TEXTS.items() if field is not SubjectField.COMMON_NAME
        },
    ).map(a_subject),
    st.lists(ALTERNATIVE_NAMES, min_size=1, max_size=6).map(tuple),
    st.just(2048),
)
"""Every content that a site may ask for, and many that no site ever will."""
