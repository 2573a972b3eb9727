"""SC6xx: what is served where a site's certificate is installed."""

from __future__ import annotations

from sitecert.problems.problem import Severity
from sitecert.problems.rule import Rule

NOTHING_TO_VERIFY = Rule(
    code="SC601",
    title="the site has no certificate yet",
    rule="`verify` needs a generation that has its certificate.",
    why="What is served can only be compared with what was filed.",
    source="docs/design.md, the life of a generation",
    fix="file what the CA returned with `sitecert intake`, then install it",
)
STILL_BEFORE = Rule(
    code="SC602",
    title="the certificate before is still served",
    rule="Every place serves the certificate of the newest generation that has one.",
    why="Nothing has failed yet: the old certificate works until it expires, and then the site is down.",
    source="kb39324 step 12; docs/design.md section 5 (exit codes)",
    fix="run the runbook there; if it was run, restart what serves there: it reads its files when it starts",
    severity=Severity.WARNING,
)
INTERIM_SERVED = Rule(
    code="SC603",
    title="the interim certificate is served",
    rule="A self-signed certificate stands in until the CA's is installed, and no longer.",
    why="Every client that was not told to trust it warns its user.",
    source="docs/design.md section 5 (self-sign)",
    fix="take in the CA's certificate if it is not filed yet, and run the runbook",
    severity=Severity.WARNING,
)
OTHER_SERVED = Rule(
    code="SC604",
    title="another certificate is served",
    rule="Every place serves, for every name, a certificate that the repository knows.",
    why="Somebody installed it by other ways, or another service answers there: the change was not made.",
    source="kb39324 step 12; docs/facts.md, servers",
    fix="see which service answers there; run the runbook, or file the certificate if it is the right one",
)
SENT_UNREADABLE = Rule(
    code="SC605",
    title="a certificate that cannot be read is served",
    rule="What a server sends are X.509 certificates (RFC 5280).",
    why="Clients break off the handshake, each in its own words.",
    source="RFC 5280 4.1; RFC 8446 4.4.2",
    fix="look at it with `openssl s_client -showcerts`, and install the filed `server.crt`",
)
CHAIN_INCOMPLETE = Rule(
    code="SC606",
    title="the chain that is served lacks a certificate",
    rule="The server sends every certificate of the filed chain after its own.",
    why="Browsers that have seen the issuer elsewhere connect; Java, phones and pagers do not.",
    source="RFC 8446 4.4.2; docs/facts.md, servers",
    fix="install `server.crt` as filed (Apache before 2.4.8: `chain.crt` by SSLCertificateChainFile)",
    softenable=True,
)
CHAIN_DISORDERED = Rule(
    code="SC607",
    title="the chain that is served is out of order",
    rule="Each certificate that is sent certifies the one before it.",
    why="OpenSSL and browsers put it right; strict and old clients fail.",
    source="RFC 5246 7.4.2; RFC 8446 4.4.2",
    fix="install `server.crt` as filed: it is in order",
    softenable=True,
)
CHAIN_FOREIGN = Rule(
    code="SC608",
    title="a certificate that does not belong to the chain is served",
    rule="The server sends its own certificate and the filed chain, each once, and nothing else.",
    why="Strict clients take it for a broken chain; every handshake carries it.",
    source="RFC 5246 7.4.2; docs/facts.md, servers",
    fix="install `server.crt` as filed; on a load balancer, name the chain that belongs to it",
    softenable=True,
)
CHAIN_OTHER = Rule(
    code="SC609",
    title="another chain is served than the filed one",
    rule="The chain that is served is the one that was filed and approved.",
    why="It leads to another root, perhaps to one that some clients do not trust or that expires sooner.",
    source="docs/facts.md, what CAs send back",
    fix="install `server.crt` as filed; if the served chain is the better one, take it in with `intake`",
    softenable=True,
)
ROOT_SENT = Rule(
    code="SC610",
    title="the root is sent too",
    rule="The chain is sent without the root.",
    why="A client trusts its own copy of the root; sending it wastes bytes in every handshake.",
    source="RFC 8446 4.4.2; docs/facts.md, servers",
    fix="install `server.crt` as filed: it is without the root",
    severity=Severity.NOTE,
)
NAME_NOT_SERVED = Rule(
    code="SC611",
    title="the served certificate does not answer for a name of the site",
    rule="The certificate answers for every name of the site.",
    why="A browser refuses the site under a name that is missing.",
    source="RFC 6125 6.4",
    fix="raise `key.generation`, and have the CA issue a certificate with all the names",
)
SERVED_EXPIRED = Rule(
    code="SC612",
    title="a served certificate has expired",
    rule="The certificate, and each one of its chain, is valid.",
    why="Every client refuses it.",
    source="RFC 5280 4.1.2.5",
    fix="raise `key.generation` and ask the CA for a new one; `self-sign` makes a stand-in meanwhile",
)
SERVED_TOO_EARLY = Rule(
    code="SC613",
    title="a served certificate is not valid yet",
    rule="The certificate, and each one of its chain, is valid.",
    why="Every client refuses it until that day.",
    source="RFC 5280 4.1.2.5",
    fix="roll back to the certificate before, and install it on that day or later",
)
KEY_USAGE = Rule(
    code="SC614",
    title="the served certificate may not sign a handshake",
    rule="keyUsage, where the certificate has one, includes digitalSignature.",
    why=(
        "TLS 1.3 and every ECDHE suite sign with the key: Chromium (ERR_SSL_KEY_USAGE_INCOMPATIBLE) and "
        "Java refuse it, while openssl, curl and Firefox accept it and prove nothing."
    ),
    source="BR 7.1.2.7.11; RFC 5280 4.2.1.3; docs/facts.md, certificates; against kb39324, alternate method",
    fix="raise `key.generation`, and have the CA issue from the compiled request, which asks for it",
)
PURPOSE = Rule(
    code="SC615",
    title="the served certificate is not for servers",
    rule="extendedKeyUsage, where the certificate has one, includes serverAuth.",
    why="Every client that looks at it refuses the certificate.",
    source="RFC 5280 4.2.1.12; BR 7.1.2.7.10",
    fix="raise `key.generation`, and have the CA issue a TLS server certificate",
)
OLD_PROTOCOL = Rule(
    code="SC616",
    title="no protocol that today's clients speak",
    rule="The server speaks TLS 1.2 or 1.3.",
    why="Browsers and Java have given up TLS 1.0 and 1.1: they refuse the site whatever its certificate is.",
    source="RFC 8996; docs/facts.md, servers",
    fix="allow TLS 1.2 in the server's configuration; where its OpenSSL has none (before 1.0.1), renew it",
    softenable=True,
)
NO_ADDRESS = Rule(
    code="SC617",
    title="a place whose name has no address",
    rule="The names of servers and the common name resolve where `verify` is run.",
    why="Nothing can be seen there from this machine; perhaps only another network knows the name.",
    source="docs/design.md section 5 (verify)",
    fix="run it from a machine that knows the name, or say where it is with `--connect NAME=ADDR:PORT`",
)
NOT_REACHED = Rule(
    code="SC618",
    title="a place that does not answer",
    rule="Every place where the certificate is installed takes connections.",
    why="The service is down, or a firewall stands between: nothing is proved there.",
    source="kb39324 step 12",
    fix="see whether the service runs; from another network, say where it is with `--connect`",
)
NOT_TLS = Rule(
    code="SC619",
    title="something else than TLS answers",
    rule="What answers at an HTTPS port speaks TLS.",
    why="Clients cannot connect: TLS is switched off there, or the port is another service's.",
    source="RFC 8446 5.1",
    fix="correct `https_port` or `ords_port`, or switch TLS on there",
)
NO_HANDSHAKE = Rule(
    code="SC620",
    title="a TLS handshake that does not come about",
    rule="A handshake completes for every name.",
    why="Only a completed handshake proves that the server has the certificate and its key.",
    source="RFC 8446 4; docs/facts.md, servers",
    fix="look at the server's log; try `openssl s_client -connect HOST:PORT -servername NAME`",
)
NOT_KEPT = Rule(
    code="SC621",
    title="the evidence could not be kept",
    rule="`verify --record` writes a new file under `evidence/`; nothing there is ever overwritten.",
    why="Whoever reads the change record later has nothing to hold on to.",
    source="docs/design.md section 2",
    fix="mend what the system says, then run the command again",
)
