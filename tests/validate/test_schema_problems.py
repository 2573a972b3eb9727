"""The schema's judgement: one problem for each slip, in the user's words, where it stands."""

from __future__ import annotations

import pytest

from sitecert.load.data import read_schema
from sitecert.load.strict_yaml import parse
from sitecert.problems import Problem
from sitecert.validate.schema import MOST_SHOWN, Validator

VALIDATOR = Validator({name: read_schema(name) for name in ("site", "repository")})
SITE = "common_name: smartweb.parknicollet.com\n"
REPOSITORY = "recipients: [age1example]\n"


def check(text: str, schema: str = "site") -> tuple[Problem, ...]:
    """Return the problems of a text that is fine as YAML."""
    document, problems = parse("sites/a.yaml", text.encode())
    assert problems == ()
    assert document is not None
    return VALIDATOR.check(document, schema, site="a" if schema == "site" else None)


def places(problems: tuple[Problem, ...]) -> list[tuple[str, str, int, int, int]]:
    """Return code, pointer, line, column and width of each problem."""
    return [
        (each.code, each.pointer, each.place.line, each.place.column, each.place.width) for each in problems
    ]


@pytest.mark.parametrize(
    "text",
    [
        "version: 8.10\nsubject: {country: NO}\n",
        "version: '8'\ncustomer: 12\nchange: {number: 0012, contact: 1:30}\n",
        "load_balancer: true\n",
        "load_balancer: {vendor: f5}\n",
        "servers: [a, {name: b, https_port: 65535, ords: false, ords_port: 1}, 'true', 12]\n",
        "alt_names: []\nords: false\nservice_manager: sysv\nords_key: server.key\n",
        "change: {window: 2026-12-05T22:00-06:00/PT2H}\n",
        "change: {window: '2026-12-05T22:00:00Z/2026-12-06T00:00+05:30'}\n",
        "change: {window: 2026-12-05T22:00Z/P1DT12H30M}\n",
        "waive: [{code: SC204, reason: x, until: 2027-03-01}]\n",
        "key: {security: high, custody: server, generation: 2, passphrase: true}\n",
    ],
)
def test_good_sites_have_no_problem(text: str) -> None:
    """Numbers that are text stay text, and each form that the design names is taken."""
    assert check(SITE + text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("altnames: [a]\n", [("SC101", "/altnames", 2, 1, 8)]),
        ("country: US\n", [("SC101", "/country", 2, 1, 7)]),
        ("key: {bits: 2048}\n", [("SC101", "/key/bits", 2, 7, 4)]),
        (
            "servers: [{role: web, a/b~c: 1}]\n",
            [("SC102", "/servers/0", 2, 11, 21), ("SC101", "/servers/0/a~1b~0c", 2, 23, 5)],
        ),
        ("waive:\n  - code: SC204\n", [("SC102", "/waive/0", 3, 5, 11), ("SC102", "/waive/0", 3, 5, 11)]),
        ("alt_names: a\n", [("SC103", "/alt_names", 2, 12, 1)]),
        (
            "alt_names: [[a], {b: c}]\n",
            [("SC103", "/alt_names/0", 2, 13, 3), ("SC103", "/alt_names/1", 2, 18, 6)],
        ),
        ("version: true\n", [("SC103", "/version", 2, 10, 4)]),
        ("ords: 'true'\n", [("SC103", "/ords", 2, 7, 6)]),
        ("ords: yes\n", [("SC103", "/ords", 2, 7, 3)]),
        ("ords: True\n", [("SC103", "/ords", 2, 7, 4)]),
        ("load_balancer: f5\n", [("SC103", "/load_balancer", 2, 16, 2)]),
        ("servers: [[a]]\n", [("SC103", "/servers/0", 2, 11, 3)]),
        ("key: {generation: '2'}\n", [("SC103", "/key/generation", 2, 19, 3)]),
        ("key: {generation: 02}\n", [("SC103", "/key/generation", 2, 19, 2)]),
        ("key: {generation: 1.0}\n", [("SC103", "/key/generation", 2, 19, 3)]),
        (f"key: {{generation: {'9' * 5000}}}\n", [("SC103", "/key/generation", 2, 19, 5000)]),
        ("issuer: Public\n", [("SC104", "/issuer", 2, 9, 6)]),
        ("load_balancer: {vendor: F5}\n", [("SC104", "/load_balancer/vendor", 2, 25, 2)]),
        ("servers: []\n", [("SC105", "/servers", 2, 10, 2)]),
        ("customer: ''\n", [("SC105", "/customer", 2, 11, 2)]),
        (f"customer: {'x' * 256}\n", [("SC105", "/customer", 2, 11, 256)]),
        ("customer: ' x'\n", [("SC106", "/customer", 2, 11, 4)]),
        ("customer: |\n  x\n", [("SC106", "/customer", 2, 11, 1)]),
        ('customer: "a\\nb"\n', [("SC106", "/customer", 2, 11, 6)]),
        ("change: {window: tomorrow}\n", [("SC106", "/change/window", 2, 18, 8)]),
        ("change: {window: 2026-12-05T22:00/PT2H}\n", [("SC106", "/change/window", 2, 18, 21)]),
        ("change: {window: 2026-12-05T22:00Z/P}\n", [("SC106", "/change/window", 2, 18, 19)]),
        ("change: {window: 2026-12-05T22:00Z/PT}\n", [("SC106", "/change/window", 2, 18, 20)]),
        ("change: {window: 2026-13-05T22:00Z/PT1H}\n", [("SC106", "/change/window", 2, 18, 22)]),
        ("servers: [{name: a, https_port: 0}]\n", [("SC107", "/servers/0/https_port", 2, 33, 1)]),
        ("servers: [{name: a, https_port: 65536}]\n", [("SC107", "/servers/0/https_port", 2, 33, 5)]),
        ("version:\n", [("SC109", "/version", 2, 1, 7)]),
        ("load_balancer: ~\n", [("SC109", "/load_balancer", 2, 1, 13)]),
        ("subject: {country: null}\n", [("SC109", "/subject/country", 2, 11, 7)]),
        ("alt_names: [a, null]\n", [("SC109", "/alt_names/1", 2, 16, 4)]),
        ("servers: [{name: , role: web}]\n", [("SC109", "/servers/0/name", 2, 12, 4)]),
        ("nosuch:\n", [("SC101", "/nosuch", 2, 1, 6), ("SC109", "/nosuch", 2, 1, 6)]),
    ],
)
def test_each_slip_is_one_problem_at_its_place(
    text: str, expected: list[tuple[str, str, int, int, int]]
) -> None:
    """The place is the key's where a key is wrong, else the value's."""
    assert places(check(SITE + text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("requires: '1'\n", [("SC102", "", 1, 1, 1)]),
        ("recipients: []\n", [("SC105", "/recipients", 1, 13, 2)]),
        ("recipients: [a, b, a]\n", [("SC108", "/recipients/2", 1, 20, 1)]),
        (REPOSITORY + "defaults: {common_name: a}\n", [("SC101", "/defaults/common_name", 2, 12, 11)]),
        (
            REPOSITORY + "defaults: {key: {generation: 1}}\n",
            [("SC101", "/defaults/key/generation", 2, 18, 10)],
        ),
        (REPOSITORY + "policy: {severity: {sc1: error}}\n", [("SC101", "/policy/severity/sc1", 2, 21, 3)]),
        (REPOSITORY + "policy: {severity: {SC204: warn}}\n", [("SC104", "/policy/severity/SC204", 2, 28, 4)]),
        (REPOSITORY + "policy: {x-ours: {any: [thing]}}\n", []),
        (REPOSITORY + "defaults: {key: {security: high}}\ntrust: [a.pem]\n", []),
    ],
)
def test_the_repositorys_file_is_judged_too(
    text: str, expected: list[tuple[str, str, int, int, int]]
) -> None:
    """Defaults hold neither names nor generations."""
    assert places(check(text, "repository")) == expected


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "altnames: [a]\n",
            '"altnames" is not a key here; allowed are customer, ',
            "did you mean alt_names?",
        ),
        ("Alt-Names: [a]\n", '"Alt-Names" is not a key here; allowed are ', "did you mean alt_names?"),
        ("country: US\n", '"country" is not a key here; allowed are ', "country belongs under subject"),
        (
            "key: {servers: [a]}\n",
            '"servers" is not a key of key; allowed are security, ',
            "servers belongs at the top level",
        ),
        (
            "servers: [{}]\n",
            "servers[0].name is missing",
            "add it, for example `name: spokwb1.parknicollet.com`",
        ),
        ("alt_names: a\n", 'alt_names must be a list, not "a"', "write a list, even of one: [a]"),
        ("customer: true\n", "customer must be text, not true", "put it in quotes if it is text: 'true'"),
        ("ords: yes\n", 'ords must be true or false, not "yes"', "write true or false, without quotes"),
        (
            "subject: US\n",
            'subject must be a mapping, not "US"',
            "write it as in {country: US, state: Minnesota}",
        ),
        (
            "load_balancer: []\n",
            "load_balancer must be true or false or a mapping, not a list",
            "write it as in true",
        ),
        (
            "issuer: Public\n",
            'issuer must be public, internal or self-signed, not "Public"',
            "did you mean public?",
        ),
        ("servers: []\n", "servers must have at least one item", "add an item, or remove the key"),
        ("customer: ''\n", "customer must not be empty", "write a value, or remove the key"),
        (
            "key: {generation: 0}\n",
            "key.generation must be from 1 to 99999, not 0",
            "write a number within the bounds",
        ),
        (
            "version:\n",
            "version has no value",
            "write a value or remove the line; put it in quotes if it is text",
        ),
        (
            "change: {window: tomorrow}\n",
            "change.window must be START/DURATION or START/END as in ISO 8601, each time with an offset ",
            "write it as in 2026-12-05T22:00-06:00/PT2H",
        ),
    ],
)
def test_messages_speak_in_the_users_keys(text: str, message: str, hint: str) -> None:
    """What is wrong and what is allowed, then what to do."""
    (problem,) = check(SITE + text)
    assert problem.message.startswith(message)
    assert problem.hint == hint


def test_problems_stop_their_site_only() -> None:
    """A site's problem carries the site's name, the repository's none."""
    assert {each.site for each in check("a: b\n")} == {"a"}
    assert {each.site for each in check("a: b\n", "repository")} == {None}


def test_all_problems_come_at_once_in_the_order_of_their_places() -> None:
    """One run shows them all."""
    found = check("version: true\nkey: {generation: 0, bits: 1}\nservers: [{}, [], ~]\n")
    assert [each.code for each in found] == ["SC102", "SC103", "SC107", "SC101", "SC102", "SC103", "SC109"]


def test_a_flood_is_cut_off_and_says_so() -> None:
    """A thousand slips are not a thousand problems."""
    found = check(SITE + "".join(f"key-{number}: 1\n" for number in range(1000)))
    assert len(found) == MOST_SHOWN + 1
    assert [each.code for each in found].count("SC017") == 1
