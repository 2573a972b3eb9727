"""Sites, generations, steps and templates for the tests of the change document."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sitecert.emit.documents import ChangeDocument, change_document, render_html, render_markdown
from sitecert.emit.templates import Templates
from sitecert.model.certificate import CertificateFacts, IssuedCertificate
from sitecert.model.document import Place
from sitecert.model.generation import Generation, Request
from sitecert.model.runbook import Constant, Payload, Runbook, Step
from sitecert.model.site import (
    Change,
    InstallOn,
    LoadBalancer,
    OmittedName,
    Site,
    Vendor,
    Waiver,
)
from support.authority import Authority, pem, rsa_key
from support.sites import SOURCE, a_server, a_site, dns

NOT_BEFORE = datetime(2026, 12, 1, tzinfo=UTC)
SCRIPT = "c0ffee" + "0" * 58
CHANGE = "beef" + "0" * 60
ROOT = Path(__file__).parents[2]

STEPS = (
    Step(
        id="back_up",
        title="Back up the two directories",
        why="Everything that the change replaces can be put back.",
        article="7",
        do=('cp -a /opt/amcom/apache/conf/ssl.crt "$BACKUP"', "\tcp -a '/opt/amcom/a`b' \"$BACKUP\""),
        check=('test -d "$BACKUP/ssl.crt"',),
        undo=(),
        impact="",
    ),
    Step(
        id="install",
        title="Install the certificate",
        why="Apache & ORDS read it.",
        article="8, 9",
        do=("cp server.crt /opt/amcom/apache/conf/ssl.crt/server.crt", "```", "echo '| a | b |' # <b>"),
        check=("cmp server.crt /opt/amcom/apache/conf/ssl.crt/server.crt",),
        undo=('cp -a "$BACKUP/ssl.crt" /opt/amcom/apache/conf/',),
        impact="",
    ),
    Step(
        id="restart",
        title="Restart Apache",
        why="Apache reads its certificate when it starts.",
        article="10",
        do=("systemctl restart amcom_httpd.service",),
        check=("openssl s_client -connect localhost:443 </dev/null",),
        undo=("systemctl restart amcom_httpd.service # the certificate of before",),
        impact="The pages cannot be reached for some seconds.",
    ),
)


TEMPLATES = Templates(
    {
        path.relative_to(ROOT / "templates").as_posix(): path.read_text()
        for room in ("documents", "handoff")
        for path in (ROOT / "templates" / room).rglob("*.j2")
    }
)
INTERIM = pem(Authority().root)
"""A self-signed certificate."""


def markdown(document: ChangeDocument) -> str:
    """Render a document as Markdown."""
    return render_markdown(TEMPLATES, document)


def html(document: ChangeDocument) -> str:
    """Render a document as HTML."""
    return render_html(TEMPLATES, document)


def facts(certificate: x509.Certificate) -> CertificateFacts:
    """Return the facts of a real certificate."""
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        carried = dns(*extension.value.get_values_for_type(x509.DNSName))
    except x509.ExtensionNotFound:
        carried = ()
    spki = hashes.Hash(hashes.SHA256())
    spki.update(certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return CertificateFacts(
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        common_name=carried[0].value if carried else None,
        alternative_names=carried,
        serial=f"{certificate.serial_number:x}",
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        spki_sha256=spki.finalize().hex(),
        key_bits=2048,
        self_signed=False,
    )


def issued(*names: str, days: int = 199, not_before: datetime = NOT_BEFORE) -> IssuedCertificate:
    """Return a certificate for names, with its intermediate."""
    authority = Authority()
    leaf = authority.issue(
        rsa_key().public_key(), list(names) or ["smartweb.parknicollet.com"], not_before=not_before, days=days
    )
    return IssuedCertificate(
        facts(leaf), (facts(authority.intermediate),), pem(leaf), pem(authority.intermediate)
    )


def certified(number: int = 1, **changes: Any) -> Generation:
    """Return a generation that has a certificate."""
    return replace(Generation(number, certificate=issued(), sealed=True), **changes)


def requested(site: Site, *, sealed: bool = False) -> Generation:
    """Return a generation whose request is made."""
    return Generation(1, request=Request(b"", site.request, "ab" * 32), sealed=sealed)


def runbook(target: str = "spokwb.parknicollet.com", steps: tuple[Step, ...] = STEPS) -> Runbook:
    """Return a runbook of our own: the document must not depend on the wording of steps."""
    return Runbook(
        target,
        steps,
        (Payload("server.crt", "aa" * 32), Payload("server.key", "bb" * 32)),
        (Constant("BACKUP", "/root/backup of | today", "where | the backup lies"),),
    )


def a_document(
    site: Site | None = None, generation: Generation | None = None, *runbooks: Runbook
) -> ChangeDocument:
    """Return the document of a site whose certificate is there, or of what is given."""
    books = runbooks or (runbook(),)
    scripts = {f"{book.target}/install.sh": SCRIPT for book in books if book.target != "load-balancer"}
    return change_document(site or a_site(), generation or certified(), books, scripts, CHANGE)


def a_waiver(reason: str = "The CA answers only to the short name.") -> Waiver:
    """Return a waiver."""
    return Waiver("SC204", reason, date(2027, 3, 1), Place(SOURCE, 1, 1))


def a_balanced_site(install_on: InstallOn = InstallOn.BOTH, **changes: Any) -> Site:
    """Return a site with two servers behind a load balancer."""
    return a_site(
        **{
            "load_balancer": LoadBalancer(Vendor.F5, "smartweb-vip"),
            "install_on": install_on,
            "servers": (
                a_server("spokwb1.parknicollet.com", role="web"),
                a_server("spokwb2.parknicollet.com", role="enotify", ords=False),
            ),
            "omitted_names": (OmittedName("spokwb1", "spokwb1.parknicollet.com"),),
            "waivers": (a_waiver(),),
            "change": Change(
                "CHG0031337",
                "2026-12-05T22:00-06:00/PT2H",
                "Smart Suite support, ops@hospital.example.org",
                ("Change manager", "Clinical lead"),
            ),
            **changes,
        }
    )


def balanced_runbooks() -> tuple[Runbook, ...]:
    """Return the runbooks of `a_balanced_site`, servers first."""
    return (
        runbook("spokwb1.parknicollet.com"),
        runbook("spokwb2.parknicollet.com"),
        runbook("load-balancer", STEPS[1:2]),
    )


NAUGHTY = (
    "# x",
    "#1",
    "GH-12",
    "org/repo#7",
    "[a](http://evil.example)",
    "[a]: http://evil.example",
    "[^1]",
    "![x](y)",
    "<script>alert(1)</script>",
    "<http://evil.example>",
    "<!-- hidden",
    "-->",
    "@everyone",
    "ops@hospital.example.org",
    "| a |",
    "a | b",
    "a \\| b",
    "trailing \\",
    "`code` and ``more`` and ```",
    "{{7*7}}",
    "{% raw %}",
    "http://evil.example",
    "www.evil.example",
    "\u202egnp.exe",
    "\u05d0\u05d1\u05d2",
    "&lt;b&gt; &amp; &#35;",
    "1. one",
    "2) two",
    "- item",
    "+ item",
    "***",
    "---",
    "===",
    "- [ ] task",
    "*em* _em_ **strong** ~~del~~",
    "snake_case_name",
    "> quote",
    "    indented",
    "~~~",
    ":smile: $x^2$",
    ":--",
    "first\n\n# second\n- third",
    "\ttab at both ends\t",
    "  spaces at both ends  ",
    "St. Mary's Hospital & Clinics (North), #300",
    "\"quoted\" 'quoted'",
    "</title></style></code></pre>",
)
"""Texts that want to be more than text."""
