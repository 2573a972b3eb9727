"""SC5xx: certificates that come back from a CA."""

from __future__ import annotations

from sitecert.problems.problem import Severity
from sitecert.problems.rule import Rule

NO_CERTIFICATE = Rule(
    code="SC501",
    title="no certificate in what was given",
    rule="At least one file holds a certificate; or, where the server makes the key, its request.",
    why="There is nothing to file.",
    source="kb39324 step 9",
    fix="give the file that the CA returned",
)
NO_LEAF = Rule(
    code="SC502",
    title="not exactly one server certificate",
    rule="What the CA returned holds exactly one server certificate; the others are its issuers.",
    why="A certificate for another server among them would be installed by accident.",
    source="docs/facts.md, what CAs send back",
    fix="give the file with this site's own certificate, and no other server's",
)
KEY_MISMATCH = Rule(
    code="SC503",
    title="the certificate is for another key",
    rule="The certificate's public key is the one in the generation's request.",
    why="Apache starts with such a pair only to fail: the site would be down (AH02565).",
    source="docs/facts.md, servers",
    fix="ask the CA for a certificate from this generation's `server.csr`",
)
NAMES_MISSING = Rule(
    code="SC504",
    title="the certificate does not answer for every name",
    rule="Every name of the request is among the certificate's alternative names.",
    why="A browser refuses the site under a name that is missing.",
    source="RFC 6125 6.4; BR 7.1.2.7.12",
    fix="have the CA issue it again with all the names",
    acceptable=True,
)
NAMES_ADDED = Rule(
    code="SC505",
    title="the certificate answers for names that were not asked for",
    rule="A CA may add `www.` and the like; a reviewer should know.",
    why="Whoever holds the key can speak for the added names too.",
    source="docs/facts.md, what CAs send back",
    fix="check that the added names are the customer's",
    severity=Severity.WARNING,
    softenable=True,
)
CHAIN_INCOMPLETE = Rule(
    code="SC506",
    title="the chain is incomplete",
    rule="The certificate comes with its issuers, up to but without the root.",
    why="Servers that send the leaf alone fail in clients that have not seen the intermediate before.",
    source="docs/facts.md, servers",
    fix="give the CA's intermediate certificate as well",
    severity=Severity.WARNING,
    softenable=True,
)
FOREIGN_CERTIFICATE = Rule(
    code="SC507",
    title="a certificate that is not an issuer of this one was left out",
    rule="Only certificates that sign the leaf, or one another up to the root, are filed.",
    why="A foreign certificate in the chain confuses strict clients.",
    source="RFC 5246 7.4.2; docs/facts.md, what CAs send back",
    fix="nothing to do if it belongs to another site",
    severity=Severity.WARNING,
    softenable=True,
)
ROOT_LEFT_OUT = Rule(
    code="SC508",
    title="the root was left out",
    rule="The chain is filed without the root.",
    why="A client trusts its own copy of the root; sending it wastes bytes in every handshake.",
    source="RFC 8446 4.4.2; docs/facts.md, servers",
    fix="nothing to do",
    severity=Severity.NOTE,
)
ALREADY_CERTIFIED = Rule(
    code="SC509",
    title="the generation has a certificate already",
    rule="A generation has one key, one request, one certificate.",
    why="The one that is filed may be in service; a second one belongs to a new generation.",
    source="docs/design.md, the life of a generation",
    fix="raise `key.generation` and compile, then ask for a certificate with the new request",
)
PRIVATE_KEY_INCLUDED = Rule(
    code="SC510",
    title="a private key came with the certificate",
    rule="A certificate comes back without a private key, unless `key.custody` is `customer`.",
    why="A key that travelled in the clear must be taken as known to others.",
    source="BR 4.9.1.1 and 6.1.2; kb39324 step 9",
    fix="raise `key.generation` if it is this site's key; `--accept SC510` files the certificate alone",
    acceptable=True,
)
NOTHING_AWAITED = Rule(
    code="SC511",
    title="the site awaits no certificate",
    rule="A certificate is taken in for a generation that has its request, or whose key the customer holds.",
    why="Without a request there is nothing to compare the certificate with.",
    source="docs/design.md, the life of a generation",
    fix="run `sitecert compile` first",
)
REQUEST_DIFFERS = Rule(
    code="SC512",
    title="the server's request does not say what the site says",
    rule="A request made on the server by `request.sh` equals the site, field by field.",
    why="The CA would issue something else than what was reviewed.",
    source="docs/design.md, promise 3",
    fix="run the compiled `request.sh` on the server again and give the request that it makes",
)
UNREADABLE_INPUT = Rule(
    code="SC513",
    title="a file that cannot be taken in",
    rule="PEM certificates, up to 1 MiB a file.",
    why="What cannot be read cannot be judged.",
    source="docs/facts.md, what CAs send back",
    fix="ask the CA for the certificate in PEM (Base64) form",
)
KEY_AWAITED = Rule(
    code="SC514",
    title="the customer's key did not come",
    rule="With `key.custody: customer` the private key comes with the certificate.",
    why="A certificate without its key cannot be installed.",
    source="kb39324 step 9",
    fix="give the file with the private key as well, or change `key.custody` and start again",
)
KEY_IN_THE_CLEAR = Rule(
    code="SC515",
    title="a customer's key came in the clear",
    rule="A private key travels encrypted.",
    why="Whoever saw the mail or the share has the key; the CA must revoke it when it learns of that.",
    source="BR 4.9.1.1",
    fix="prefer a key made here (`key.custody: repository`), or use `--accept SC515`: it stays marked",
    acceptable=True,
)
EXPIRED = Rule(
    code="SC516",
    title="the certificate has expired",
    rule="A certificate is taken in before it expires.",
    why="Every client would refuse it.",
    source="RFC 5280 4.1.2.5",
    fix="ask the CA for a new one",
    acceptable=True,
)

NOT_YET_VALID = Rule(
    code="SC517",
    title="the certificate is not valid yet",
    rule="A certificate is valid from the day on which it is taken in.",
    why="The runbook refuses to install it before its first day: every client would refuse it too.",
    source="RFC 5280 4.1.2.5",
    fix="plan the change for that day or later",
    severity=Severity.WARNING,
    softenable=True,
)
REQUEST_NOT_AWAITED = Rule(
    code="SC518",
    title="a request that the site does not await",
    rule="One request is taken in, of a server that makes its own key, before a certificate is filed.",
    why="A request for another key would not fit the certificate that the CA issues, or has issued.",
    source="docs/design.md, the life of a generation",
    fix="give what the CA returned; for a new key raise `key.generation`",
)
