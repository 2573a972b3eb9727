"""SC559 to SC569, SC582 to SC592: who issued a certificate, and the chain to a root that is known."""

from __future__ import annotations

from sitecert.problems.problem import Severity
from sitecert.problems.rule import Rule

INTERIM_RETURNED = Rule(
    code="SC559",
    title="the interim certificate in the place of a CA's",
    rule="An interim certificate stays `interim.crt`, and never becomes the certificate of its generation.",
    why="No client trusts it by itself; filed as the real one, nobody would go on waiting for the CA.",
    source="docs/decisions/0006-self-signed-sites.md",
    fix="send `server.csr` to the CA, and take in what comes back",
)
NOT_PUBLIC = Rule(
    code="SC560",
    title="the issuer is no public CA",
    rule="With `issuer: public` the chain leads to a root that browsers carry.",
    why="Every browser that was not told about that root warns its user.",
    source="docs/design.md section 2 (issuer, trust)",
    fix="ask a public CA, or write `issuer: internal` and list the root under `trust`",
    acceptable=True,
)
IS_PUBLIC = Rule(
    code="SC561",
    title="the issuer is a public CA",
    rule="With `issuer: internal` the certificate comes from the customer's own CA.",
    why="Public certificates have other rules: shorter lives, no short names.",
    source="docs/design.md section 2 (issuer)",
    fix="write `issuer: public` if that is what the customer wants",
    severity=Severity.WARNING,
    softenable=True,
)
SELF_SIGNED = Rule(
    code="SC562",
    title="the certificate is signed with its own key",
    rule="A site whose `issuer` is `public` or `internal` gets a certificate from a CA.",
    why="Every client that was not told to trust it warns its user.",
    source="docs/design.md section 2 (issuer)",
    fix="send `server.csr` to the CA; for a self-signed certificate write `issuer: self-signed`",
    acceptable=True,
)
NOT_SELF_SIGNED = Rule(
    code="SC563",
    title="the certificate is a CA's, not self-signed",
    rule="With `issuer: self-signed` nobody else signs.",
    why="A CA's certificate is better, but the site's file should say so.",
    source="docs/design.md section 2 (issuer)",
    fix="write `issuer: internal` or `issuer: public`",
    severity=Severity.WARNING,
    softenable=True,
)
UNKNOWN_ROOT = Rule(
    code="SC564",
    title="the chain leads to no root that is known",
    rule="The chain leads to a root of `trust`, or of the public ones where `issuer` is `public`.",
    why="Clients that trust those roots refuse the certificate; it may be another CA's, or anybody's.",
    source="RFC 5280 6.1.1; docs/design.md section 2 (trust)",
    fix="give the intermediates that are missing, or list the CA's root under `trust`",
    acceptable=True,
)
CANNOT_TELL = Rule(
    code="SC565",
    title="it cannot be told whether the chain leads to a known root",
    rule="Without a root under `trust`, or without its issuers, a certificate's chain is not proved.",
    why="Any CA could have signed it.",
    source="RFC 5280 6.1.1; docs/design.md section 2 (trust)",
    fix="list the root of the customer's CA under `trust`, or give the missing issuers",
    severity=Severity.NOTE,
)
ISSUER_CHANGED = Rule(
    code="SC566",
    title="another CA issued it than the one before",
    rule="A reviewer should know when the CA, or its intermediate, is another one.",
    why="Clients that pin or know only the old one fail; CAA records may name it too.",
    source="docs/design.md, the life of a generation",
    fix="nothing to do if the customer has a new CA",
    severity=Severity.NOTE,
)
ISSUERS_NAMESAKE = Rule(
    code="SC567",
    title="a certificate bears the issuer's name, but did not sign",
    rule="An issuer is proved by its signature.",
    why="CAs renew intermediates under the same name with a new key: a chain through the wrong one breaks.",
    source="RFC 5280 6.1.3; docs/facts.md, what CAs send back",
    fix="ask the CA for the intermediate that signed this certificate",
    severity=Severity.WARNING,
    softenable=True,
)
TRUST_MISSING = Rule(
    code="SC568",
    title="a file of `trust` cannot be read",
    rule="Each file of `trust` is an ordinary file of the repository.",
    why="Without the root nobody can tell whether an internal CA's certificate is the right one.",
    source="docs/design.md section 2 (trust)",
    fix="put the CA's root certificate there, or correct the path, which starts at the repository's root",
)
TRUST_NOT_ROOT = Rule(
    code="SC569",
    title="a file of `trust` holds no root",
    rule="Each file of `trust` holds PEM certificates of CAs, or one that is signed with its own key.",
    why="Only such a certificate can be what a chain leads to.",
    source="RFC 5280 6.1.1; docs/design.md section 2 (trust)",
    fix="ask the customer for the root certificate of their CA, in PEM (Base64) form",
)
ISSUER_BROKEN_HASH = Rule(
    code="SC582",
    title="an issuer is signed with a broken hash",
    rule="Every certificate that is sent is signed with SHA-256 or better.",
    why="Browsers and OpenSSL 3 refuse a chain with SHA-1 or MD5 in it.",
    source="BR 7.1.3.2",
    fix="ask the CA for the intermediate that is signed with SHA-256",
    acceptable=True,
)
ISSUER_EXPIRED = Rule(
    code="SC583",
    title="an issuer in the chain has expired",
    rule="Every certificate of the chain is valid when it is taken in.",
    why=(
        "Clients refuse the chain; AddTrust's expiry on 2020-05-30 took down sites whose own "
        "certificates were good."
    ),
    source="RFC 5280 6.1.3; docs/facts.md, what CAs send back",
    fix="ask the CA for the intermediate that it uses today",
    acceptable=True,
)
ISSUER_TOO_EARLY = Rule(
    code="SC584",
    title="an issuer in the chain is not valid yet",
    rule="Every certificate of the chain is valid when it is taken in.",
    why="Clients refuse the chain until then.",
    source="RFC 5280 6.1.3",
    fix="plan the change for that day or later",
    severity=Severity.WARNING,
    softenable=True,
)
ISSUER_ENDS_FIRST = Rule(
    code="SC585",
    title="an issuer in the chain ends before the certificate",
    rule="The issuers are valid for as long as the certificate.",
    why="On that day the site goes down, though the certificate's own last day has not come.",
    source="RFC 5280 6.1.3",
    fix="ask the CA for a newer intermediate, or renew before that day",
    severity=Severity.WARNING,
    softenable=True,
)
ISSUER_NO_AUTHORITY = Rule(
    code="SC586",
    title="what signed the certificate is no CA",
    rule="Each issuer's basicConstraints says CA:TRUE.",
    why="A server's certificate that signs another is the mark of an attack: every client refuses it.",
    source="RFC 5280 4.2.1.9 and 6.1.4",
    fix="ask the CA what happened, and for a certificate from one of its own intermediates",
)
ISSUER_MAY_NOT_SIGN = Rule(
    code="SC587",
    title="an issuer's keyUsage does not allow it to issue",
    rule="The keyUsage of each issuer includes keyCertSign.",
    why="Clients refuse what such an issuer signed.",
    source="RFC 5280 4.2.1.3 and 6.1.4",
    fix="ask the CA for a proper intermediate",
    acceptable=True,
)
PATH_TOO_LONG = Rule(
    code="SC588",
    title="there are more CAs below an issuer than it allows",
    rule="No more CAs stand below an issuer than the path length in its basicConstraints.",
    why="Clients refuse the chain.",
    source="RFC 5280 4.2.1.9",
    fix="ask the CA: one of its intermediates was not to issue for others",
)
NAME_FORBIDDEN = Rule(
    code="SC589",
    title="an issuer may not issue for these names",
    rule="Every name lies within the name constraints of each issuer.",
    why="Clients refuse the chain under every name.",
    source="RFC 5280 4.2.1.10",
    fix="ask the CA to issue it from an intermediate that may issue for the customer's domains",
)
ISSUER_NOT_FOR_SERVERS = Rule(
    code="SC590",
    title="an issuer may not issue for servers",
    rule="Where an issuer has extendedKeyUsage, that includes serverAuth.",
    why="Windows and browsers refuse a server's certificate from an intermediate for mail or code.",
    source="BR 7.1.2.10.6; RFC 5280 4.2.1.12",
    fix="ask the CA to issue it from an intermediate for servers",
    acceptable=True,
)
VARIANT_LEFT_OUT = Rule(
    code="SC591",
    title="a cross-signed variant was left out",
    rule=(
        "Of an authority that came in several certificates, the one on the shortest way to a known "
        "root is filed."
    ),
    why="A longer chain costs bytes in each handshake, and more can expire in it.",
    source="docs/facts.md, what CAs send back",
    fix="nothing to do",
    severity=Severity.NOTE,
)
EXPIRED_VARIANT = Rule(
    code="SC592",
    title="an expired cross certificate was left out",
    rule="Of an authority that came in several certificates, one that is valid is filed.",
    why="Old clients follow the expired one, as with AddTrust in 2020.",
    source="docs/facts.md, what CAs send back",
    fix="nothing to do; tell the CA that its bundle is out of date",
    severity=Severity.NOTE,
)
