"""The change-control document: complete, in order, the same in both forms, silent about what is not known."""

from __future__ import annotations

import re
import shlex
import subprocess
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise, product

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from markdown_it import MarkdownIt
from markdown_it.token import Token

from sitecert.emit.documents import ChangeDocument, change_document
from sitecert.model.generation import Generation
from sitecert.model.names import AlternativeName, NameKind
from sitecert.model.runbook import Runbook
from sitecert.model.site import (
    Change,
    Custody,
    InstallOn,
    IssuerKind,
    KeyPolicy,
    KeySecurity,
    OmittedName,
)
from support.documents import (
    CHANGE,
    INTERIM,
    NOT_BEFORE,
    SCRIPT,
    STEPS,
    a_balanced_site,
    a_document,
    a_waiver,
    balanced_runbooks,
    certified,
    html,
    issued,
    markdown,
    requested,
    runbook,
)
from support.sites import a_server, a_site, dns

PARSER = MarkdownIt("commonmark").enable("table")
SECTIONS = [
    "Summary and affected systems",
    "Change record",
    "Justification",
    "Prerequisites",
    "Implementation plan",
    "Test plan",
    "Backout plan",
    "Risk and impact analysis",
    "Communication",
    "Approvals",
    "Post-implementation review",
    "Artefact digests",
]


def _key(custody: Custody) -> KeyPolicy:
    return KeyPolicy(KeySecurity.STANDARD, custody, generation=1, passphrase=False)


def _every_document() -> list[ChangeDocument]:
    """Return documents of all custodies, issuers and stages, and of every place of installation."""
    found = []
    for custody, issuer in product(Custody, IssuerKind):
        site = a_site(key=_key(custody), issuer=issuer)
        request = Runbook("spokwb.parknicollet.com", STEPS[:1], ())
        scripts = {f"{request.target}/request.sh": SCRIPT, f"{request.target}/install.sh": SCRIPT}
        books = (request,) if custody is Custody.SERVER else ()
        found += [
            change_document(site, Generation(1), books, scripts, None),
            change_document(site, requested(site), (), {}, None),
            change_document(site, requested(site, sealed=True), (), {}, None),
            a_document(site),
        ]
    for install_on in InstallOn:
        found.append(a_document(a_balanced_site(install_on), certified(), *balanced_runbooks()))
    return found


DOCUMENTS = _every_document()


def headings(text: str, tag: str = "h2") -> list[str]:
    """Return the text of the headings of one level."""
    tokens = PARSER.parse(text)
    return [
        "".join(child.content for child in following.children or [])
        for token, following in pairwise(tokens)
        if token.type == "heading_open" and token.tag == tag
    ]


def section(text: str, title: str) -> str:
    """Return the Markdown of one section, to the next heading of its level."""
    return re.split(r"^## ", text, flags=re.MULTILINE)[SECTIONS.index(title) + 1]


def fences(text: str) -> list[str]:
    """Return what the code blocks hold."""
    return [token.content for token in PARSER.parse(text) if token.type == "fence"]


def words(tokens: list[Token]) -> list[str]:
    """Return what a reader of the Markdown reads, word by word."""
    found = []
    for token in tokens:
        if token.type in {"fence", "code_block"}:
            found.append(token.content)
        elif token.children:
            found.append("".join(child.content for child in token.children if child.content != "<!-- -->"))
    return " ".join(found).replace("[ ]", "").replace("_" * 20, "").split()


class Reader(HTMLParser):
    """Reads what a page shows, and the second-level headings."""

    BLOCKS = frozenset({"p", "li", "dt", "dd", "td", "th", "h1", "h2", "h3", "h4", "pre"})

    def __init__(self, text: str) -> None:
        """Read a whole page."""
        super().__init__(convert_charrefs=True)
        self.shown = ""
        self.blocks: list[str] = []
        self._within: list[str] = []
        self.feed(text)
        self.close()
        assert not self._within

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Part the words of two blocks."""
        del attrs
        if tag != "meta":
            self._within.append(tag)
        if tag in self.BLOCKS:
            self.shown += " "
        if tag == "pre":
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        """Leave the innermost tag; fails where tags are not nested."""
        assert self._within.pop() == tag

    def handle_data(self, data: str) -> None:
        """Collect what the body shows."""
        if "body" in self._within:
            self.shown += data
        if "pre" in self._within:
            self.blocks[-1] += data


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_section_is_there_in_the_order_of_a_change_board(document: ChangeDocument) -> None:
    """One title, and the same twelve sections whatever the site and the stage."""
    text = markdown(document)
    assert len(headings(text, "h1")) == 1
    assert headings(text) == SECTIONS


@pytest.mark.parametrize("document", DOCUMENTS)
def test_both_forms_say_the_same(document: ChangeDocument) -> None:
    """HTML and Markdown are read word by word: neither says more than the other."""
    assert Reader(html(document)).shown.split() == words(PARSER.parse(markdown(document)))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_both_forms_show_the_same_commands(document: ChangeDocument) -> None:
    """Code blocks agree byte for byte, tabs and line ends included."""
    assert Reader(html(document)).blocks == fences(markdown(document))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_nothing_is_left_over_from_the_making(document: ChangeDocument) -> None:
    """No placeholder, no Python value, no double escape, no second blank line, a line end at the end."""
    for text in (markdown(document), html(document)):
        assert not re.search(r"TBD|\bNone\b(?! yet)|\bTrue\b|<Kind|Undefined|&amp;(amp|lt|#)|\(\)", text)
        assert text.endswith("\n")
    assert "\n\n\n" not in markdown(document)
    assert not re.search(r"[ \t]$", markdown(document), re.MULTILINE)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_tables_are_well_formed(document: ChangeDocument) -> None:
    """Every row of a table has the cells of its head, and every table is one."""
    rows = [line for line in markdown(document).splitlines() if line.startswith("|")]
    tables = [line for line in rows if set(line) <= set("| -") and "---" in line]
    tokens = [token.type for token in PARSER.parse(markdown(document))]
    assert tokens.count("table_open") == len(tables)
    assert tokens.count("tr_open") == len(rows) - len(tables)
    cells = 0
    for line, following in zip(rows, [*rows[1:], ""], strict=True):
        cells = line.count("|") if following in tables else cells
        assert line.count("|") == cells, line


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_short_description_fits_servicenow(document: ChangeDocument) -> None:
    """ServiceNow's field holds 160 characters."""
    assert 0 < len(document.short_description) <= 160


def test_a_long_name_is_cut_in_the_short_description_alone() -> None:
    """What does not fit is cut visibly; the summary has the whole name."""
    customer = "Saint " * 40
    document = a_document(a_site(customer=customer.strip()))
    assert len(document.short_description) <= 160
    assert document.short_description.endswith("…")
    assert customer.strip() in markdown(document)


def test_commands_stand_byte_for_byte_in_the_implementation_plan() -> None:
    """Each step's commands and checks are code blocks, in order, with nothing changed."""
    plan = section(markdown(a_document()), "Implementation plan")
    expected = [("\n".join(lines) + "\n") for step in STEPS for lines in (step.do, step.check)]
    assert fences(plan) == ["sh install.sh check\nsh install.sh apply\nsh install.sh verify\n", *expected]
    assert headings(plan, "h4") == [f"Step {number}: {step.title}" for number, step in enumerate(STEPS, 1)]


def test_the_backout_plan_undoes_in_reverse() -> None:
    """First the script's own rollback, then what each step undoes, the last step first."""
    plan = section(markdown(a_document()), "Backout plan")
    undone = ["\n".join(step.undo) + "\n" for step in reversed(STEPS) if step.undo]
    assert fences(plan) == ["sh install.sh rollback\n", *undone]


def test_targets_are_backed_out_last_one_first() -> None:
    """What was changed last is put back first."""
    text = markdown(a_document(a_balanced_site(), certified(), *balanced_runbooks()))
    servers = ["spokwb1.parknicollet.com", "spokwb2.parknicollet.com"]
    assert headings(text, "h3")[:3] == [*(f"Server {name}" for name in servers), "Load balancer"]
    backout = headings(section(text, "Backout plan"), "h3")
    assert backout == ["Back out: the load balancer", *(f"Back out: {name}" for name in reversed(servers))]


def test_several_servers_are_changed_one_at_a_time() -> None:
    """Behind a load balancer each is drained first; a single server needs no such rule."""
    several = section(
        markdown(a_document(a_balanced_site(), certified(), *balanced_runbooks())), "Implementation plan"
    )
    assert "One server at a time" in several
    assert "take it out of the load balancer's pool" in several
    assert "One server" not in section(markdown(a_document()), "Implementation plan")


def test_on_the_load_balancer_alone_no_server_is_touched() -> None:
    """The servers are named as standing behind it; no test connects to them."""
    site = a_balanced_site(InstallOn.LOAD_BALANCER)
    text = markdown(a_document(site, certified(), balanced_runbooks()[-1]))
    assert section(text, "Summary and affected systems").count("| not changed |") == 2
    assert "spokwb1" not in section(text, "Test plan")
    assert "-connect smartweb.parknicollet.com:443" in section(text, "Test plan")
    assert "install.sh" not in text


def test_a_load_balancer_with_a_script_is_changed_by_it() -> None:
    """Where the vendor allows a script, it is run and rolled back as on a server."""
    site = a_balanced_site(InstallOn.LOAD_BALANCER)
    scripts = {"load-balancer/load-balancer.sh": SCRIPT, "load-balancer/load-balancer.md": "ee" * 32}
    text = markdown(change_document(site, certified(), balanced_runbooks()[-1:], scripts, CHANGE))
    assert "sh load-balancer.sh apply\n" in fences(section(text, "Implementation plan"))[0]
    assert fences(section(text, "Backout plan"))[0] == "sh load-balancer.sh rollback\n"
    assert f"`runbooks/load-balancer/load-balancer.md`: `{'ee' * 32}`" in text


def test_every_place_that_serves_is_tested() -> None:
    """Apache and ORDS of each server by their own ports, and the name of the users on the load balancer."""
    servers = (
        a_server("a.example.org", https_port=4443, ords_port=9443),
        a_server("b.example.org", ords=False),
    )
    text = markdown(a_document(a_balanced_site(servers=servers), certified(), *balanced_runbooks()))
    commands = fences(section(text, "Test plan"))
    ends = [shlex.split(command)[3] for command in commands]
    assert ends == [
        "a.example.org:4443",
        "a.example.org:9443",
        "b.example.org:443",
        "smartweb.parknicollet.com:443",
    ]
    assert all("-servername smartweb.parknicollet.com" in command for command in commands)


def test_a_wildcard_or_an_address_is_never_asked_for_by_name() -> None:
    """SNI carries neither (RFC 6066 section 3)."""
    address = AlternativeName(NameKind.IP, "2001:db8::1")
    site = a_balanced_site(common_name=dns("*.example.org")[0], alternative_names=(address,))
    certificate = replace(issued(), leaf=replace(issued().leaf, alternative_names=(address,)))
    text = markdown(a_document(site, certified(certificate=certificate), *balanced_runbooks()))
    assert "-servername" not in text
    assert "-connect '[2001:db8::1]:443'" in text
    assert "https://[2001:db8::1]/" in text


def test_the_commands_of_the_test_plan_are_shell() -> None:
    """A shell reads what it is to run; nothing is executed."""
    document = a_document(a_balanced_site(), certified(), *balanced_runbooks())
    for command in fences(section(markdown(document), "Test plan")):
        subprocess.run(["sh", "-n"], input=command, text=True, check=True)


def test_openssl_shows_the_fingerprint_and_serial_of_the_test_plan() -> None:
    """What the document expects is what openssl prints for the certificate."""
    generation = certified()
    assert generation.certificate is not None
    shown = subprocess.run(
        ["openssl", "x509", "-noout", "-serial", "-fingerprint", "-sha256"],
        input=generation.certificate.leaf_pem,
        capture_output=True,
        check=True,
    ).stdout.decode()
    plan = section(markdown(a_document(generation=generation)), "Test plan")
    for line in shown.split():
        if "=" in line:
            assert line.partition("=")[2] in plan


def test_the_digests_are_those_that_were_given() -> None:
    """Change digest, scripts, files, certificate and key are all there to compare."""
    generation = certified()
    assert generation.certificate is not None
    leaf = generation.certificate.leaf
    digests = section(markdown(a_document(generation=generation)), "Artefact digests")
    wanted = (CHANGE, SCRIPT, "aa" * 32, leaf.fingerprint, leaf.serial, leaf.spki_sha256)
    assert all(value in digests for value in wanted)
    assert generation.certificate.chain[0].fingerprint in digests


def test_what_is_given_for_the_record_is_shown_and_the_rest_is_blank() -> None:
    """A board fills in what the site does not say."""
    given = section(
        markdown(a_document(a_balanced_site(), certified(), *balanced_runbooks())), "Change record"
    )
    assert "CHG0031337" in given
    assert "Saturday 2026-12-05 22:00 to Sunday 2026-12-06 00:00, UTC-06:00" in given
    assert given.count("_" * 20) == 3
    empty = section(markdown(a_document(a_site(change=Change()))), "Change record")
    assert empty.count("_" * 20) == 7


def test_the_next_dates_come_from_the_certificate() -> None:
    """Its end, the day thirty days before, and what the schedule allows on that day."""
    review = section(markdown(a_document()), "Post-implementation review")
    assert "2027-06-17 23:59:59 UTC" in review
    assert "**Renew by:** 2027-05-18" in review
    assert "issued on 2027-05-18 may be valid for at most 100 days" in review


@pytest.mark.parametrize("issuer", [IssuerKind.INTERNAL, IssuerKind.SELF_SIGNED])
def test_the_public_schedule_is_not_shown_for_other_issuers(issuer: IssuerKind) -> None:
    """The Baseline Requirements bind public certificates alone."""
    assert "Baseline Requirements" not in markdown(a_document(a_site(issuer=issuer)))


@pytest.mark.parametrize(
    ("custody", "issuer", "generation", "awaited"),
    [
        (Custody.REPOSITORY, IssuerKind.PUBLIC, "open", "not yet handed to the customer"),
        (Custody.REPOSITORY, IssuerKind.PUBLIC, "sealed", "was handed to the customer"),
        (Custody.REPOSITORY, IssuerKind.PUBLIC, "sealed", "from the public certification authority"),
        (
            Custody.REPOSITORY,
            IssuerKind.INTERNAL,
            "sealed",
            "from the customer's own certification authority",
        ),
        (Custody.REPOSITORY, IssuerKind.SELF_SIGNED, "open", "from a holder of the private key"),
        (
            Custody.REPOSITORY,
            IssuerKind.SELF_SIGNED,
            "open",
            "`sitecert self-sign park-nicollet -i IDENTITY`",
        ),
        (Custody.SERVER, IssuerKind.PUBLIC, "empty", "The request (CSR), from `spokwb.parknicollet.com`"),
        (Custody.CUSTOMER, IssuerKind.PUBLIC, "empty", "The private key, which the customer makes"),
        (
            Custody.CUSTOMER,
            IssuerKind.INTERNAL,
            "empty",
            "which the customer's own certification authority issues",
        ),
    ],
)
def test_before_the_certificate_it_says_what_is_awaited_and_from_whom(
    custody: Custody, issuer: IssuerKind, generation: str, awaited: str
) -> None:
    """Who owes what depends on who has the key and who signs."""
    site = a_site(key=_key(custody), issuer=issuer)
    stages = {"empty": Generation(1), "open": requested(site), "sealed": requested(site, sealed=True)}
    text = markdown(change_document(site, stages[generation], (), {}, None))
    assert "Awaited before the change can be made" in text
    assert awaited in text


def test_before_the_certificate_nothing_is_said_that_only_it_can_tell() -> None:
    """No empty fingerprint, no date, no installation step of an earlier generation."""
    site = a_site()
    text = markdown(
        change_document(site, requested(site), (), {"spokwb.parknicollet.com/install.sh": SCRIPT}, None)
    )
    assert not re.search(r"Fingerprint|Serial|Valid:|Renew by|Technical tests|install\.sh", text)
    assert SCRIPT not in text


def test_a_key_born_on_the_server_has_its_own_steps_first() -> None:
    """While its request is awaited, the plan is that of request.sh, and nothing else."""
    site = a_site(key=_key(Custody.SERVER))
    book = runbook(steps=STEPS[:1])
    scripts = {
        f"{book.target}/{name}": digest
        for name, digest in (("request.sh", SCRIPT), ("install.sh", "ee" * 32))
    }
    text = markdown(change_document(site, Generation(1), (book,), scripts, None))
    assert fences(section(text, "Implementation plan"))[0] == "sh request.sh make\nsh request.sh show\n"
    assert f"request.sh`: `{SCRIPT}`" in section(text, "Artefact digests")
    assert "ee" * 32 not in text
    assert "rollback" not in text


def test_what_is_unusual_is_said_before_the_first_section() -> None:
    """A disclosed key, an interim certificate, names left out and waivers stand above the summary."""
    site = a_site(
        omitted_names=(OmittedName("spokwb", "spokwb.parknicollet.com"),),
        waivers=(a_waiver("Known & accepted."),),
    )
    text = markdown(a_document(site, certified(disclosed=True, interim_pem=INTERIM)))
    top = text.partition("## Summary")[0]
    assert "**The private key was disclosed**" in top
    assert "within 24 hours" in top
    assert "**Interim certificate**" in top
    assert "`spokwb` (server `spokwb.parknicollet.com`)" in top
    assert "`SC204` until 2027-03-01: Known &amp; accepted." in top


def test_an_interim_certificate_in_service_is_said_while_the_real_one_is_awaited() -> None:
    """Clients that were not told to trust it warn until the certificate comes."""
    site = a_site()
    generation = replace(requested(site), interim_pem=INTERIM)
    text = markdown(change_document(site, generation, (), {}, None))
    assert "`out/park-nicollet/generation-1/interim.crt` is a self-signed stand-in until" in text
    root = x509.load_pem_x509_certificate(INTERIM)
    assert f"It ends on {root.not_valid_after_utc:%Y-%m-%d %H:%M:%S} UTC." in text
    assert f"`{root.fingerprint(hashes.SHA256()).hex()}`" in text


def test_a_disclosed_key_of_an_internal_issuer_has_no_public_duty() -> None:
    """The rule of 24 hours binds public authorities; the new key is needed all the same."""
    top = markdown(a_document(a_site(issuer=IssuerKind.INTERNAL), certified(disclosed=True)))
    assert "within 24 hours" not in top
    assert "raise `key.generation` in `sites/park-nicollet.yaml`" in top


def test_a_wildcard_alone_gives_no_address_to_open() -> None:
    """Nobody can open `*.example.org`: the clinician opens the usual page."""
    site = a_site(common_name=dns("*.example.org")[0], alternative_names=dns("*.example.org"))
    text = markdown(a_document(site, certified(certificate=issued("*.example.org"))))
    assert "Open the usual page: no warning." in text
    assert "https://" not in text
    assert "-connect spokwb.parknicollet.com:443 </dev/null" in text


def test_an_ordinary_change_has_no_notice() -> None:
    """Nothing unusual, nothing said: notices keep their weight."""
    assert not a_document().notices


@pytest.mark.parametrize(
    ("window", "said"),
    [
        ("2026-11-30T22:00Z/PT1H", "opens before the certificate is valid"),
        ("2027-06-17T22:00Z/PT4H", "before the window closes"),
        ("2026-12-05T22:00Z/PT4H", None),
    ],
)
def test_a_window_outside_the_certificate_is_said(window: str, said: str | None) -> None:
    """Both are known from the files: no clock is needed to see that they do not fit."""
    notices = a_document(a_site(change=Change(window=window))).notices
    assert [said in str(notice) for notice in notices] == ([True] if said else [])


def test_a_name_that_the_certificate_lacks_is_said() -> None:
    """An edit after the certificate was issued changes nothing in service: the document says so."""
    site = a_site(
        alternative_names=dns("smartweb.parknicollet.com", "new.parknicollet.com", "a.wild.example.org")
    )
    generation = certified(certificate=issued("smartweb.parknicollet.com", "*.wild.example.org"))
    (notice,) = a_document(site, generation).notices
    assert "new.parknicollet.com" in str(notice)
    assert "a.wild" not in str(notice)


def test_an_international_name_is_shown_in_both_forms() -> None:
    """A reader recognises the name; the certificate carries its A-labels."""
    site = a_site(common_name=dns("xn--mnchen-3ya.example.org")[0])
    assert "`xn--mnchen-3ya.example.org` (münchen.example.org)" in markdown(a_document(site))
    broken = a_site(common_name=dns("xn--zz.example.org")[0])
    assert "`xn--zz.example.org`\n" in markdown(a_document(broken))


def test_the_certificate_is_believed_and_not_the_site() -> None:
    """Names, issuer and dates are read from the certificate, whatever the site asks for today."""
    site = a_site(alternative_names=dns("smartweb.parknicollet.com", "later.parknicollet.com"))
    summary = section(markdown(a_document(site)), "Summary and affected systems")
    assert "later.parknicollet.com" not in summary
    assert str((NOT_BEFORE + timedelta(days=198)).date()) in summary


def test_the_same_input_gives_the_same_bytes() -> None:
    """Neither clock nor machine goes into it."""
    generation, site = certified(), a_balanced_site()
    made = [a_document(site, generation, *balanced_runbooks()) for _ in range(2)]
    assert markdown(made[0]) == markdown(made[1])
    assert html(made[0]) == html(made[1])
