"""SC54x to SC59x: what the server's certificate says, against what was asked for; its issuers: issuers.py."""

from __future__ import annotations

from sitecert.problems.problem import Severity
from sitecert.problems.rule import Rule

OLDER_KEY = Rule(
    code="SC540",
    title="the certificate is for an older generation's key",
    rule="The certificate's public key is the one in the current generation's request.",
    why="The CA answered an older request: the key that is installed now would not fit.",
    source="docs/facts.md, servers; docs/design.md, the life of a generation",
    fix="send the CA the current `server.csr`",
)
OTHER_SITES_KEY = Rule(
    code="SC541",
    title="the certificate is for another site's key",
    rule="The certificate's public key is the one in this site's request.",
    why="Two sites' files were mixed up: this site would not start with it (AH02565).",
    source="docs/facts.md, servers",
    fix="take it in for the site that it belongs to, and ask for this site's own",
)
OLD_CERTIFICATE = Rule(
    code="SC542",
    title="the certificate before was sent again",
    rule="What is taken in is a new certificate, not the one of an older generation.",
    why="It would expire on its old day, and does not fit the new key.",
    source="docs/design.md, the life of a generation",
    fix="ask for the certificate that the CA issued from the current `server.csr`",
)
KEY_NOT_RSA = Rule(
    code="SC543",
    title="the key is not RSA",
    rule="The certificate's key is RSA.",
    why="The formats that are made for the servers, of every version, are tried with RSA alone.",
    source="docs/design.md section 2 (key)",
    fix="ask for a certificate for an RSA key",
)
KEY_WEAK = Rule(
    code="SC544",
    title="the certificate's key is weak",
    rule="An RSA key has at least 2048 bits, a multiple of 8, the exponent 65537, and no known weakness.",
    why="Anyone can compute the private key of a weak one; a CA must refuse or revoke it.",
    source="BR 4.9.1.1, 6.1.1.3, 6.1.5 and 6.1.6",
    fix="have a new key made, and a new certificate for it",
)
KEY_REUSED = Rule(
    code="SC545",
    title="the customer used an older key again",
    rule="Each generation has a key of its own.",
    why="Whoever learnt the old key has the new one too.",
    source="docs/design.md section 2; BR 6.1.1.3",
    fix="ask the customer for a new key and a certificate for it",
)
NO_NAMES = Rule(
    code="SC546",
    title="the certificate has no alternative name",
    rule="The names that a certificate answers for stand in subjectAltName.",
    why="Browsers do not look at the common name: they refuse it under every name.",
    source="RFC 9525 section 6.3; BR 7.1.2.7.12",
    fix="have the CA issue it again with the request's alternative names",
    acceptable=True,
)
COMMON_NAME_ALONE = Rule(
    code="SC547",
    title="the common name is no alternative name",
    rule="The common name, where there is one, is a copy of an alternative name.",
    why="Clients that look at alternative names alone, as browsers do, refuse it under that name.",
    source="BR 7.1.4.3",
    fix="have the CA issue it again with that name among the alternative names, if it is used",
    severity=Severity.WARNING,
    softenable=True,
)
OTHER_KIND_OF_NAME = Rule(
    code="SC548",
    title="an alternative name that is no host name or address",
    rule="A server's alternative names are DNS names and IP addresses.",
    why="A public CA must not issue others; a mail address or a user's name tells who else may use it.",
    source="BR 7.1.2.7.12",
    fix="ask the CA which template it used, if the name is not meant",
    severity=Severity.WARNING,
    softenable=True,
)
UNMATCHED_NAME = Rule(
    code="SC549",
    title="an alternative name that no client matches",
    rule=(
        "A DNS name is made of letters, digits and hyphens, with dots between; an address is of the kind IP."
    ),
    why="Clients compare names as they stand: the server does not answer by such a one.",
    source="RFC 5280 4.2.1.6; RFC 9525 section 6.3; BR 7.1.2.7.12",
    fix="have the CA issue it again if the name is needed",
    severity=Severity.WARNING,
    softenable=True,
)
LEAF_DAMAGED = Rule(
    code="SC550",
    title="a certificate that cannot be understood",
    rule="Every field that is compared reads as RFC 5280 lays it down.",
    why="What cannot be read cannot be judged; clients refuse it in their own words.",
    source="RFC 5280 4.1 and 4.2",
    fix="ask the CA to issue it again",
)
SUBJECT_DROPPED = Rule(
    code="SC551",
    title="the CA left out a field of the subject",
    rule="A CA writes into the subject what it has validated, and leaves out the rest.",
    why="With domain validation the common name alone is left: nobody need be alarmed by that.",
    source="BR 7.1.2.7.2 to 7.1.2.7.5; ballot SC-047 (organizational unit)",
    fix="nothing to do",
    severity=Severity.NOTE,
)
SUBJECT_CHANGED = Rule(
    code="SC552",
    title="the CA changed the subject",
    rule="What the subject says is what was asked for.",
    why="A certificate for another organization, or another common name, may be another customer's.",
    source="BR 7.1.4.2",
    fix="check that it is the customer's own name, and write it into the site's file for the next one",
    severity=Severity.WARNING,
    softenable=True,
)
SUBJECT_ADDED = Rule(
    code="SC553",
    title="the CA added a field to the subject",
    rule="A CA may add what it has validated, such as a registration number.",
    why="A reviewer should know.",
    source="BR 7.1.4.2; EV Guidelines 7.1.4.2",
    fix="nothing to do",
    severity=Severity.NOTE,
)
TOO_LONG = Rule(
    code="SC554",
    title="the certificate lives longer than a public one may",
    rule=(
        "A public certificate lives 398 days if issued before 2026-03-15, then 200, 100 from "
        "2027-03-15, 47 from 2029-03-15."
    ),
    why="Browsers refuse public certificates that live too long, and the CA has to revoke it.",
    source="BR 6.3.2",
    fix="have the CA issue it again; with a CA of the customer's own, say `issuer: internal`",
    softenable=True,
    acceptable=True,
)
AT_THE_LIMIT = Rule(
    code="SC555",
    title="the certificate lives longer than a public one should",
    rule="A public certificate stays a day below the limit of its time.",
    why="A second more, or a clock that is wrong, and it is over the limit.",
    source="BR 6.3.2",
    fix="nothing to do; a CA that issues for a day less is on the safe side",
    severity=Severity.WARNING,
    softenable=True,
)
OVER_PRIVATE_LIMIT = Rule(
    code="SC556",
    title="the certificate lives longer than Apple's systems allow",
    rule="A server certificate of any CA lives at most 825 days.",
    why="iPhones, iPads and Macs refuse it, whichever root it leads to.",
    source="Apple 103769",
    fix="have the CA issue it for 825 days or fewer",
    severity=Severity.WARNING,
    softenable=True,
)
ENDS_BEFORE_IT_BEGINS = Rule(
    code="SC557",
    title="the certificate ends before it begins",
    rule="A certificate's last second comes after its first.",
    why="It is valid at no time.",
    source="RFC 5280 4.1.2.5",
    fix="ask the CA for a new one",
)
OTHER_PRIVATE_KEY = Rule(
    code="SC558",
    title="the private key that came is not the certificate's",
    rule="With `key.custody: customer` the private key that comes is the certificate's own.",
    why="Apache starts with such a pair only to fail: the site would be down (AH02565).",
    source="docs/facts.md, servers; kb39324 step 9",
    fix="ask the customer for the key that the request was made with",
)
NO_DIGITAL_SIGNATURE = Rule(
    code="SC570",
    title="keyUsage does not allow digitalSignature",
    rule="A server's keyUsage includes digitalSignature.",
    why=(
        "TLS 1.3 and every ECDHE suite sign with the key: Chromium and Java refuse, while openssl "
        "and Firefox do not."
    ),
    source="BR 7.1.2.7.11; docs/facts.md, certificates",
    fix="have the CA issue it with digitalSignature and keyEncipherment, as the request asks",
    acceptable=True,
)
FURTHER_USAGE = Rule(
    code="SC571",
    title="keyUsage allows more than a server needs",
    rule="A server's keyUsage is digitalSignature and keyEncipherment.",
    why=(
        "dataEncipherment is on its way out for public CAs; keyCertSign in a server's certificate "
        "is refused by some clients."
    ),
    source="BR 7.1.2.7.11",
    fix="ask the CA to use its template for servers",
    severity=Severity.WARNING,
    softenable=True,
)
NOT_FOR_SERVERS = Rule(
    code="SC572",
    title="the certificate is not for servers",
    rule="extendedKeyUsage includes serverAuth.",
    why="Every client refuses it: it was made for signing, mail or clients.",
    source="RFC 5280 4.2.1.12; BR 7.1.2.7.10",
    fix="have the CA issue it again from its template for servers",
    acceptable=True,
)
FOR_CLIENTS = Rule(
    code="SC573",
    title="the certificate is for clients too",
    rule=(
        "A server's certificate is for servers alone; from 2027-03-15 on no public one is for "
        "clients as well."
    ),
    why="Something that uses it as a client will stop working with the next certificate.",
    source="Chrome Root Program Policy 1.8; docs/facts.md, certificates",
    fix="find out whether anything authenticates with this certificate as a client",
    severity=Severity.NOTE,
)
LEAF_IS_AUTHORITY = Rule(
    code="SC574",
    title="the server's certificate is that of a CA",
    rule="basicConstraints of a server's certificate says CA:FALSE.",
    why=(
        "Firefox and Apple's systems refuse a CA's certificate from a server; whoever has the key "
        "could issue more."
    ),
    source="RFC 5280 4.2.1.9; BR 7.1.2.7.8",
    fix="have it issued with CA:FALSE, as the request asks (`openssl req -x509` says CA:TRUE by itself)",
    acceptable=True,
)
UNKNOWN_CRITICAL = Rule(
    code="SC575",
    title="a critical extension that clients do not know",
    rule="Every critical extension is one that clients understand.",
    why="A client has to refuse a certificate with a critical extension that it does not know.",
    source="RFC 5280 4.2",
    fix="ask the CA to leave it out, or to mark it as not critical",
    acceptable=True,
)
PRECERTIFICATE = Rule(
    code="SC576",
    title="a precertificate came, not the certificate",
    rule="What is installed is the certificate itself, which the CA issues after the logs have signed.",
    why="Every client refuses a precertificate: its poison extension is critical.",
    source="RFC 6962 section 3.1",
    fix="ask the CA for the final certificate",
)
MUST_STAPLE = Rule(
    code="SC577",
    title="the certificate demands OCSP stapling",
    rule="A certificate that demands stapling (tlsfeature) is served with a stapled answer.",
    why="Firefox refuses it from a server that does not staple; the article's Apache is not set up to.",
    source="RFC 7633",
    fix="ask the CA for a certificate without it, or set up stapling first",
    severity=Severity.WARNING,
    softenable=True,
)
OLD_VERSION = Rule(
    code="SC578",
    title="the certificate is not of version 3",
    rule="A server's certificate is X.509 version 3.",
    why="Older versions have no extensions: no alternative names, and nothing that says what it is for.",
    source="RFC 5280 4.1.2.1; BR 7.1.1",
    fix="ask the CA to issue it from the request, with its extensions",
)
NO_PURPOSE = Rule(
    code="SC579",
    title="the certificate does not say what it is for",
    rule="A server's certificate has extendedKeyUsage with serverAuth.",
    why="Apple's systems refuse a server's certificate without it.",
    source="Apple 103769; BR 7.1.2.7.6",
    fix="have the CA issue it with extendedKeyUsage serverAuth",
    severity=Severity.WARNING,
    softenable=True,
)
BROKEN_HASH = Rule(
    code="SC580",
    title="the certificate is signed with a broken hash",
    rule="The signature uses SHA-256 or better.",
    why="SHA-1 and MD5 can be forged: every browser refuses, and so does OpenSSL 3.",
    source="BR 7.1.3.2; ballot SC-097",
    fix="have the CA issue it with SHA-256",
)
UNUSUAL_SIGNATURE = Rule(
    code="SC581",
    title="the certificate is signed in an unusual way",
    rule="The signature is RSA with PKCS#1 v1.5, or ECDSA, over SHA-256, SHA-384 or SHA-512.",
    why="RSASSA-PSS, EdDSA and others are refused by old clients, and by some new ones in certificates.",
    source="BR 7.1.3.2",
    fix="ask the CA for a certificate that is signed with sha256WithRSAEncryption",
    severity=Severity.WARNING,
    softenable=True,
)
NO_TIMESTAMPS = Rule(
    code="SC593",
    title="a public certificate without signed certificate timestamps",
    rule="A public certificate carries SCTs of at least two logs.",
    why="Chrome and Apple's systems refuse a public certificate that was not logged.",
    source="RFC 6962 section 3.3; Chrome's and Apple's Certificate Transparency policies",
    fix="ask the CA for a certificate with embedded SCTs",
    softenable=True,
    acceptable=True,
)
LINT_ERRORS = Rule(
    code="SC594",
    title="the certificate breaks the Baseline Requirements",
    rule="A public certificate is what its CA may issue; pkilint, which CAs use themselves, judges it.",
    why="The CA has to revoke a certificate that it should not have issued, within five days.",
    source="BR 4.9.1.1 and 7.1; pkilint",
    fix="tell the CA: it will want to issue it again",
    severity=Severity.WARNING,
    softenable=True,
)
LINT_WARNINGS = Rule(
    code="SC595",
    title="the certificate is not what the Baseline Requirements recommend",
    rule="A public certificate follows the recommendations too; pkilint judges it.",
    why="What is not recommended today is often forbidden tomorrow.",
    source="BR 7.1; pkilint",
    fix="nothing to do for this certificate",
    severity=Severity.WARNING,
    softenable=True,
)
