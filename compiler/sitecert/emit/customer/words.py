"""What the customer and the CA are told, by who signs and who has the key."""

from __future__ import annotations

import shlex
from datetime import date

from sitecert.emit.customer.view import Commands, Section
from sitecert.emit.documents.view import Sentence, sentence
from sitecert.model.layout import OPENSSL_CONFIG, REQUEST
from sitecert.model.names import AlternativeName, NameKind
from sitecert.model.request import RequestContent, SubjectField
from sitecert.model.site import IssuerKind
from sitecert.pki.self_signing import LONGEST_DAYS
from sitecert.pki.validity import longest_validity

APPLE_LONGEST_DAYS = 825
"""Apple's systems refuse a server certificate that is valid for longer, whoever signed it (103769)."""

_FIELDS_NOT_KEPT = {
    SubjectField.ORGANIZATIONAL_UNIT: "organizational unit",
    SubjectField.EMAIL: "e-mail address",
}
"""What a subject may ask for and no public CA certifies (BR 7.1.4.2, ballot SC-047)."""


def validity(issuer: IssuerKind, at: date) -> Sentence:
    """Return what validity to ask for on a day."""
    if issuer is IssuerKind.PUBLIC:
        longest = longest_validity(at)
        return sentence(f"{longest - 1} days; {longest} are the most that is allowed for one issued now")
    return sentence(f"{LONGEST_DAYS} days at most; Apple's systems refuse more than {APPLE_LONGEST_DAYS}")


def how_to_make(content: RequestContent) -> Section:
    """Return how the customer makes key and request."""
    return Section(
        "Make the key and the request",
        items=(
            sentence("Make them on a computer of yours that only its administrators can use."),
            sentence("{} holds every answer; change nothing in it.", OPENSSL_CONFIG),
            sentence("The key is new: a key that had a certificate before is not used again."),
        ),
        commands=(
            Commands(
                sentence("In the folder of this pack, in a shell of Linux:"),
                (
                    "umask 077",
                    (
                        f"openssl req -new -config {OPENSSL_CONFIG} -newkey rsa:{content.key_bits} -nodes"
                        f" -sha256 -keyout server.key -out {REQUEST}"
                    ),
                ),
            ),
        ),
    )


def how_to_ask(issuer: IssuerKind) -> Section:
    """Return how the CA is asked."""
    if issuer is IssuerKind.PUBLIC:
        return Section(
            "Ask the certification authority",
            items=(
                sentence("Order a TLS (SSL) server certificate that carries every name listed above."),
                sentence(
                    "Give the CA {} alone, as a file or pasted as text with its first and last line.", REQUEST
                ),
                sentence("Where the order form asks for the server software, choose Apache or Other."),
                sentence("Domain validation is enough for Smart Suite; your own rules may ask for more."),
            ),
        )
    return Section(
        "Ask the certification authority",
        items=(
            sentence("Any CA that signs a PKCS#10 request can sign {}.", REQUEST),
            sentence(
                "Microsoft's CA (AD CS) needs the name of a template: {} is the name that certreq takes, not"
                " the display name Web Server. Without it the CA answers 0x80094801, no certificate template"
                " information.",
                "WebServer",
            ),
            sentence("The template takes the subject from the request (Supply in the request)."),
            sentence(
                "The names are in the request. Do not add the attribute {}: it works only where"
                " EDITF_ATTRIBUTESUBJECTALTNAME2 is set, which lets anyone who may enrol be certified as"
                " anyone.",
                "SAN:",
            ),
            sentence(
                "On the CA's web page (certsrv), choose Base 64 encoded, and download the chain as well."
            ),
        ),
        commands=(
            Commands(
                sentence("At a Windows command prompt; {} lists the CAs:", "certutil"),
                (
                    (
                        'certreq -submit -config "CAHOST\\CA NAME" -attrib "CertificateTemplate:WebServer"'
                        f" {REQUEST} server.cer chain.p7b"
                    ),
                ),
                "bat",
            ),
            Commands(
                sentence("Where a manager has to approve it, after that, with the number that was printed:"),
                ('certreq -retrieve -config "CAHOST\\CA NAME" NUMBER server.cer chain.p7b',),
                "bat",
            ),
        ),
    )


def what_may_change(issuer: IssuerKind, content: RequestContent) -> Section:
    """Return what a CA may change of the request, and what must stay."""
    stays = (
        sentence(
            "Every name listed above must be in the certificate, and the public key must be the request's."
        ),
        sentence(
            "The certificate must be for a server (serverAuth), with digitalSignature among its key usages."
        ),
    )
    if issuer is not IssuerKind.PUBLIC:
        own = (
            sentence("The CA sets the validity, and may set the subject by its own template."),
            sentence("Short and internal names are fine: your own CA may certify them."),
        )
        return Section("What the CA may change", items=(*own, *stays))
    dropped = [_FIELDS_NOT_KEPT[each.field] for each in content.subject if each.field in _FIELDS_NOT_KEPT]
    changes = (
        *(sentence(f"The {field} is dropped: no public certificate carries one.") for field in dropped),
        sentence(
            "The subject becomes what the CA has verified: with domain validation only the name, else the"
            " organization as it is registered."
        ),
        sentence(
            "The CA sets the validity, the key usages and the policies itself, and may add a name with www."
        ),
    )
    return Section("What the CA may change", items=(*changes, *stays))


def control_of_names(content: RequestContent) -> Section:
    """Return what a public CA wants proved (BR 3.2.2.4, 3.2.2.8, 4.2.1)."""
    names = content.alternative_names
    hosts = dict.fromkeys(_without_wildcard(name) for name in names if name.kind is NameKind.DNS)
    items = [
        sentence("Have somebody at hand who can change DNS: the CA asks for proof of control of every name."),
        sentence(
            "A record in DNS proves any name. Proof by phone ends on 2027-03-15 and by e-mail on 2028-03-15;"
            " WHOIS counts no longer."
        ),
        sentence(
            "A proof counts for 200 days, from 2027-03-15 on for 100, from 2029-03-15 on for 10: a renewal"
            " usually needs a new one."
        ),
        sentence(
            "Where there is a CAA record, at a name or at the nearest domain above that has one, it must name"
            " the CA. A broken DNSSEC signature blocks the certificate."
        ),
    ]
    if any(name.is_wildcard for name in names):
        items.append(sentence("A wildcard is proved in DNS alone, not by a file on the web server."))
    if any(name.kind is NameKind.IP for name in names):
        items.append(
            sentence("An IP address is proved on the web server that answers at it; few CAs certify one.")
        )
    lines = tuple(f"dig +short CAA {shlex.quote(host)}" for host in hosts)
    commands = (
        Commands(sentence("What CAA says today; no answer means that the domain above decides:"), lines),
    )
    return Section("Control of the names", items=tuple(items), commands=commands if lines else ())


def what_it_says() -> Section:
    """Return how a person sees that the request says what the sheet says."""
    return Section(
        "See for yourself",
        commands=(
            Commands(
                sentence("With openssl, which must print {}:", "verify OK"),
                (f"openssl req -in {REQUEST} -noout -text -verify",),
            ),
            Commands(sentence("With Windows:"), (f"certutil -dump {REQUEST}",), "bat"),
        ),
    )


def to_send_back(*, has_our_request: bool) -> tuple[Sentence, ...]:
    """Return what comes back, and in which form."""
    if has_our_request:
        return (
            sentence("The certificate, at best as PEM (Base 64); DER, {} or a zip will do.", ".p7b"),
            sentence("The certificates of its issuers (intermediates); the root is not needed."),
            sentence("By e-mail is fine: certificates are public. A private key is not part of it."),
        )
    return (
        sentence(
            "One file {} with the private key, the certificate and its issuers' certificates; the root is not"
            " needed.",
            "server.pfx",
        ),
        sentence(
            "It is protected by a passphrase of 20 characters or more that a generator made. The passphrase"
            " goes another way: by phone, not by e-mail."
        ),
        sentence("A key that comes in the clear counts as disclosed, and a new one must be made."),
    )


def how_to_pack_a_key() -> Commands:
    """Return how the customer puts key and certificates into one protected file."""
    return Commands(
        sentence("openssl asks for the passphrase; {} holds the issuers' certificates, as PEM:", "chain.pem"),
        ("openssl pkcs12 -export -inkey server.key -in server.cer -certfile chain.pem -out server.pfx",),
    )


def to_keep(issuer: IssuerKind, *, has_our_request: bool) -> tuple[Sentence, ...]:
    """Return what is sent to nobody."""
    if has_our_request:
        kept = sentence(
            "No private key: no {}, nothing that says {}. It is not in this pack, although KB39324 step 6"
            " sends it along.",
            "server.key",
            "PRIVATE KEY",
        )
    else:
        kept = sentence("{} as it is: it leaves its computer only inside {}.", "server.key", "server.pfx")
    if issuer is not IssuerKind.PUBLIC:
        return (kept, sentence("A CA never needs a private key."))
    return (
        kept,
        sentence(
            "A CA never needs a private key, and one that learns of it must revoke the certificate within 24"
            " hours (Baseline Requirements 4.9.1.1)."
        ),
    )


def _without_wildcard(name: AlternativeName) -> str:
    return name.value.removeprefix("*.")
