"""SC32x: the fields of the subject."""

from __future__ import annotations

from sitecert.problems.problem import Severity
from sitecert.problems.rule import Rule

SUBJECT_LENGTH = Rule(
    code="SC321",
    title="a subject field that is too long",
    rule=(
        "At most 128 characters in state, locality and email, 64 in organization and organizational unit; "
        "characters, not bytes."
    ),
    why="OpenSSL refuses to write more, and a CA to issue it.",
    source="RFC 5280 appendix A (upper bounds); BR 7.1.4.2",
    fix="shorten it as the organisation does in its registration",
)
SUBJECT_PLACEHOLDER = Rule(
    code="SC322",
    title="a subject field that says nothing",
    rule="A subject field is left out rather than filled with `.`, `-`, `n/a` or blanks.",
    why=(
        "The article's full stop leaves a field empty only at openssl's prompt: in a configuration file it "
        "is written into the certificate, and a CA must refuse it."
    ),
    source="BR 7.1.2.7.4; kb39324 step 4",
    fix="remove the line",
)
SUBJECT_BLANKS = Rule(
    code="SC323",
    title="blanks around a subject field, or two in a row",
    rule="A subject field begins and ends with a visible character, and has single blanks.",
    why="The CA compares it with the registered name; a blank more is another name.",
    source="RFC 4518 2.6.1; BR 3.2.2.1",
    fix="remove the blanks",
)
SUBJECT_CHARACTER = Rule(
    code="SC324",
    title="a character that does not belong in a subject",
    rule="A subject field holds assigned, visible characters; no control or direction marks, no U+FFFD.",
    why=(
        "It shows differently, or not at all, where people compare it; U+FFFD says that a letter was lost "
        "on the way."
    ),
    source="RFC 5280 4.1.2.4; UTS 39; docs/facts.md, configuration",
    fix="type the value anew",
)
COUNTRY = Rule(
    code="SC325",
    title="a country code that is not assigned",
    rule="`subject.country` is an assigned ISO 3166-1 code of two capital letters.",
    why="The field holds two letters; a CA looks them up.",
    source="ISO 3166-1; RFC 5280 appendix A; BR 7.1.4.2",
    fix="write the two capital letters, such as US",
)
ORGANIZATIONAL_UNIT = Rule(
    code="SC326",
    title="an organizational unit with a public issuer",
    rule="With `issuer: public` there is no `subject.organizational_unit`.",
    why=(
        "CAs must not issue certificates with one since 2022-09-01; some refuse the request, others drop "
        "the field."
    ),
    source="BR 7.1.2.7.4 (ballot SC-047); against kb39324 step 4",
    fix="remove it, set `issuer: internal`, or waive SC326 with a reason",
    waivable=True,
    softenable=True,
)
EMAIL = Rule(
    code="SC327",
    title="an e-mail address in the subject with a public issuer",
    rule="With `issuer: public` there is no `subject.email`.",
    why=(
        "CAs are advised against it and must verify it if they issue it: it delays the certificate, or is "
        "dropped."
    ),
    source="BR 7.1.2.7.4 and 7.1.4.4; kb39324 step 4 (leave the field blank)",
    fix="remove it",
    severity=Severity.WARNING,
    waivable=True,
    softenable=True,
)
STATE_ABBREVIATED = Rule(
    code="SC328",
    title="an abbreviated state",
    rule="`subject.state` is the state's full name: Minnesota, not MN.",
    why=(
        "A public CA compares it with the organisation's registration; the article itself writes Minnesota "
        "in one place and MN in another, which makes two different subjects."
    ),
    source="BR 3.2.2.1; kb39324 step 4 and the alternate method",
    fix="write the full name",
    severity=Severity.WARNING,
    waivable=True,
    softenable=True,
)
