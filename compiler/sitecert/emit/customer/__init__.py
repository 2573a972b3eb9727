"""What a customer is asked for: everything decided here, laid out by `templates/handoff/`."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from sitecert.emit.customer import words
from sitecert.emit.customer.needed import needed_by
from sitecert.emit.customer.view import CustomerRequest, Section
from sitecert.emit.documents.dates import validity_schedule
from sitecert.emit.documents.facts import shown_name
from sitecert.emit.documents.view import Fact, Notice, Sentence, sentence, value
from sitecert.emit.templates import Templates
from sitecert.model.generation import Generation
from sitecert.model.layout import OPENSSL_CONFIG, REQUEST
from sitecert.model.request import RequestContent, SubjectField
from sitecert.model.site import IssuerKind, Site

__all__ = ["CustomerRequest", "customer_request", "render_html", "render_mail", "render_markdown"]

_SHEET = "certificate-request.html"
_FIELDS = {
    SubjectField.COUNTRY: "Country (C)",
    SubjectField.STATE: "State (ST)",
    SubjectField.LOCALITY: "Locality (L)",
    SubjectField.ORGANIZATION: "Organization (O)",
    SubjectField.ORGANIZATIONAL_UNIT: "Organizational unit (OU)",
    SubjectField.COMMON_NAME: "Common name (CN)",
    SubjectField.EMAIL: "E-mail address",
}
_KINDS = {
    IssuerKind.PUBLIC: "a public certification authority of your choice",
    IssuerKind.INTERNAL: "your own certification authority",
    IssuerKind.SELF_SIGNED: "nobody else",
}


def customer_request(
    site: Site, generation: Generation, previous: Generation | None, at: date
) -> CustomerRequest:
    """Return what the pack for a generation's request says, on the day `at`.

    It says what the request says, parsed, and where the customer makes it what the site asks for.
    `previous` is the generation in service.
    """
    request = generation.request
    content = request.content if request else site.request
    needed = needed_by(site, previous, at)
    called = value(site.common_name.value)
    is_public = site.issuer is IssuerKind.PUBLIC
    has_ours = request is not None
    return CustomerRequest(
        title=sentence("Certificate request: {}", called),
        subject_line=sentence("Certificate request for {}", called),
        notices=(Notice("Needed by", needed),) if needed else (),
        facts=_facts(site, generation, content, at),
        short_facts=_short_facts(content, site.issuer, needed, at),
        sections=_sections(site, content, has_ours=has_ours),
        validity=validity_schedule(at) if is_public else (),
        letter=_letter(site, has_ours=has_ours),
        attached=_attached(has_ours=has_ours),
        returned=words.to_send_back(has_our_request=has_ours),
        kept=words.to_keep(site.issuer, has_our_request=has_ours),
    )


def render_markdown(templates: Templates, asked: CustomerRequest) -> str:
    """Return `certificate-request.md`: CommonMark with tables."""
    return templates.render("handoff/certificate-request.md.j2", asked=asked)


def render_html(templates: Templates, asked: CustomerRequest) -> str:
    """Return `certificate-request.html`: one page that needs nothing else and prints well."""
    return templates.render("handoff/certificate-request.html.j2", asked=asked)


def render_mail(templates: Templates, asked: CustomerRequest) -> str:
    """Return `mail.txt`: a subject and plain text, ready to be pasted."""
    return templates.render("handoff/mail.txt.j2", asked=asked)


def _facts(site: Site, generation: Generation, content: RequestContent, at: date) -> tuple[Fact, ...]:
    request = generation.request
    facts = [
        Fact("Customer", (sentence("{}", value(site.customer)),)),
        Fact("Signed by", (sentence(_KINDS[site.issuer]),)),
        Fact("Names (SAN)", tuple(shown_name(each) for each in content.alternative_names)),
        *(Fact(_FIELDS[each.field], (sentence("{}", value(each.value)),)) for each in content.subject),
        Fact("Key", (sentence(f"RSA, {content.key_bits} bits"),)),
        Fact("Signature", (sentence("SHA-256 with RSA"),)),
        Fact("Key usage (critical)", (sentence("digitalSignature, keyEncipherment"),)),
        Fact("Extended key usage", (sentence("serverAuth (TLS server), and no other"),)),
        Fact("Validity to ask for", (words.validity(site.issuer, at),)),
    ]
    if request is not None:
        facts += [
            Fact(f"SHA-256 of {REQUEST}", (sentence("{}", sha256(request.pem).hexdigest()),)),
            Fact("Public key (SPKI SHA-256)", (sentence("{}", request.spki_sha256),)),
        ]
    return tuple(facts)


def _short_facts(
    content: RequestContent, issuer: IssuerKind, needed: tuple[Sentence, ...], at: date
) -> tuple[Fact, ...]:
    names = tuple(sentence("{}", each.value) for each in content.alternative_names)
    facts = [Fact("Names", names), Fact("Validity", (words.validity(issuer, at),))]
    return (*facts, Fact("Needed by", needed)) if needed else tuple(facts)


def _sections(site: Site, content: RequestContent, *, has_ours: bool) -> tuple[Section, ...]:
    is_public = site.issuer is IssuerKind.PUBLIC
    packing = () if has_ours else (words.how_to_pack_a_key(),)
    return (
        *(() if has_ours else (words.how_to_make(content),)),
        words.how_to_ask(site.issuer),
        words.what_may_change(site.issuer, content),
        *((words.control_of_names(content),) if is_public else ()),
        Section("Send back", items=words.to_send_back(has_our_request=has_ours), commands=packing),
        Section("Send to nobody", items=words.to_keep(site.issuer, has_our_request=has_ours)),
        words.what_it_says(),
    )


def _letter(site: Site, *, has_ours: bool) -> tuple[Sentence, ...]:
    what = sentence(
        f"Smart Suite {{}} at {{}} needs a TLS certificate for {{}}, signed by {_KINDS[site.issuer]}.",
        value(site.version),
        value(site.customer),
        value(site.common_name.value),
    )
    if has_ours:
        return (
            what,
            sentence("The request is attached as {}; {} says what to ask the CA for.", REQUEST, _SHEET),
        )
    return (
        what,
        sentence(
            "You make the key and the request yourself, with the attached {}; {} says how, and what to ask"
            " the CA for.",
            OPENSSL_CONFIG,
            _SHEET,
        ),
    )


def _attached(*, has_ours: bool) -> tuple[Sentence, ...]:
    first = (
        sentence("{} (the request)", REQUEST) if has_ours else sentence("{} (the settings)", OPENSSL_CONFIG)
    )
    return (first, sentence("{} (what to ask the CA for; the same as {})", _SHEET, "certificate-request.md"))
