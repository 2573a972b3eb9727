"""SC2xx: the names of certificates and servers."""

from __future__ import annotations

from sitecert.problems.problem import Severity
from sitecert.problems.rule import Rule

NOT_A_NAME = Rule(
    code="SC201",
    title="not a host name or IP address",
    rule=(
        "A name is a host name (labels of letters, digits and hyphens, each at most 63 characters, at most "
        "253 in all, no dot at the end) or an IP address, without scheme, port, path, brackets or zone. "
        "Another script's letters are written in lower case, or as `xn--` labels."
    ),
    why=(
        "OpenSSL writes any text into a request without a word; the CA refuses it, or no client ever "
        "matches it."
    ),
    source="RFC 1123 2.1; RFC 5891 4; BR 7.1.2.7.12",
    fix="write the name as it stands in DNS, such as `smartweb.example.org`, or the address alone",
)
WILDCARD = Rule(
    code="SC202",
    title="a wildcard in the wrong place",
    rule="`*` is the whole left-most label, in front of a name that somebody registered: `*.example.org`.",
    why=(
        "Browsers match no other form, and no CA issues for all names under a public suffix such as `co.uk`: "
        "they belong to everybody."
    ),
    source="RFC 6125 6.4.3; BR 3.2.2.6 and 7.1.2.7.12",
    fix="write `*.` followed by a domain of the customer's, or list the names one by one",
)
SHORT_NAME = Rule(
    code="SC203",
    title="a short name with a public issuer",
    rule="With `issuer: public` every name is fully qualified.",
    why=(
        "A short name such as `spokwb1` exists in many networks at once, so nobody can prove that it is "
        "theirs; public CAs have refused them since 2015. The article still asks for them behind a load "
        "balancer: only an internal CA can do that."
    ),
    source="BR 4.2.2 and 1.6.1 (Internal Name); kb39324, overview",
    fix="write the full name, set `issuer: internal`, or waive SC203 with a reason",
    waivable=True,
    softenable=True,
)
INTERNAL_NAME = Rule(
    code="SC204",
    title="an internal name with a public issuer",
    rule="With `issuer: public` every name ends in a top-level domain of the public DNS.",
    why=(
        "Nobody can prove that a name under `.local`, `.internal`, `.corp` or the like is theirs: the CA "
        "refuses the whole request."
    ),
    source="BR 4.2.2 and 1.6.1 (Internal Name); RFC 6762; RFC 8375",
    fix="use a name under a registered domain, set `issuer: internal`, or waive SC204 with a reason",
    waivable=True,
    softenable=True,
)
RESERVED_ADDRESS = Rule(
    code="SC205",
    title="a private or reserved IP address with a public issuer",
    rule="With `issuer: public` an IP address is one that is routed on the Internet.",
    why="An address such as 10.1.2.3 is in use in every hospital: the CA refuses the whole request.",
    source="BR 4.2.2; IANA IPv4 and IPv6 Special-Purpose Address Registries",
    fix="use a name in place of the address, set `issuer: internal`, or waive SC205 with a reason",
    waivable=True,
    softenable=True,
)
REVERSE_ZONE = Rule(
    code="SC206",
    title="a name in a reverse zone with a public issuer",
    rule="No name ends in `in-addr.arpa` or `ip6.arpa`.",
    why="Such names stand for addresses; since 2026-03-15 public CAs must not issue for them.",
    source="BR 7.1.2.7.12 and 1.6.1 (IP Reverse Zone Suffix)",
    fix="write the host name that users type, or the IP address itself",
)
PUBLIC_SUFFIX = Rule(
    code="SC207",
    title="a public suffix in the place of a name",
    rule="A name has at least one label of its own in front of a public suffix such as `org` or `co.uk`.",
    why="Nobody but the registry can prove control of a public suffix; mostly a part of the name was lost.",
    source="publicsuffix.org, ICANN section; BR 3.2.2.6",
    fix="write the whole name",
)
CONFUSABLE = Rule(
    code="SC208",
    title="a name that may be taken for another one",
    rule="The letters of one label come from one script, and do not all look like Latin letters.",
    why=(
        "A Cyrillic letter that looks like a Latin one makes a different name that no reviewer can see: "
        "users do not reach it, or somebody else owns it."
    ),
    source="UTS 39 sections 4 and 5; RFC 5890 4.4",
    fix=(
        "type the name anew; if it is meant so, write its `xn--` form, which nobody misreads, and waive SC208"
    ),
    severity=Severity.WARNING,
    waivable=True,
    softenable=True,
)
WRITTEN_TWICE = Rule(
    code="SC209",
    title="a name that is there twice",
    rule=(
        "Each name is written once; upper and lower case are the same, and the common name is always "
        "included."
    ),
    why="The second one has no effect; often another name was meant.",
    source="RFC 4343; docs/design.md section 2",
    fix="remove it, or write the name that was meant",
    severity=Severity.WARNING,
    waivable=True,
    softenable=True,
)
LONG_COMMON_NAME = Rule(
    code="SC210",
    title="a common name that is too long",
    rule="`common_name` has at most 64 characters; the names in `alt_names` may have 253.",
    why="The subject's CN field holds 64: OpenSSL refuses to write it, and a CA to issue it.",
    source="RFC 5280 appendix A (ub-common-name); BR 7.1.4.2",
    fix="choose a shorter name of the site as `common_name`, and list this one in `alt_names`",
)
SERVER_AS_COMMON_NAME = Rule(
    code="SC211",
    title="the common name is a server's own name",
    rule="The common name is best a name of the service, not of the machine that happens to run it.",
    why=(
        "When the server is replaced, users keep the name that they know, and the certificate needs no new "
        "name."
    ),
    source="kb39324 step 4",
    fix="nothing to do if users do type the server's name",
    severity=Severity.NOTE,
)
OMITTED = Rule(
    code="SC212",
    title="a server's name was left out of the request",
    rule=(
        "Behind a load balancer the servers' long and short names are added, less those that a public CA "
        "refuses."
    ),
    why=(
        "One short or internal name makes a public CA refuse the whole request. Users reach the site by its "
        "common name; whoever connects to a server by the name that was left out sees a warning."
    ),
    source="docs/design.md section 2; BR 4.2.2; kb39324, overview",
    fix="nothing to do, or set `issuer: internal` if the servers must answer for these names",
    severity=Severity.NOTE,
)
SERVER_NAME = Rule(
    code="SC213",
    title="a server's name that cannot be used",
    rule=(
        "A server is named by its host name. The name is also that of a folder: not `load-balancer`, and not "
        "one that Windows keeps for itself (`con`, `nul`, `com1`, ...)."
    ),
    why="Runbooks lie in a folder of that name, and `verify` connects to it.",
    source="docs/design.md section 2; docs/facts.md, threat T2",
    fix="write the server's host name, such as `spokwb1.example.org`",
)
SERVER_TWICE = Rule(
    code="SC214",
    title="a server that is listed twice",
    rule="Each server of a site is listed once.",
    why="Two runbooks for one server would be written to one folder, and the second would undo the first.",
    source="docs/design.md section 2",
    fix="remove one of the two, or write the server that was meant",
)
COMMON_NAME_TWICE = Rule(
    code="SC215",
    title="two sites with one common name",
    rule="A common name belongs to one site.",
    why="Two keys and two certificates for one name: which one is in service, and which is renewed?",
    source="docs/design.md section 4 (rules between sites)",
    fix="make it one site, or give one of them the name that was meant",
)
OUTPUT_TWICE = Rule(
    code="SC216",
    title="two sites that would write to one folder",
    rule="Sites' names differ in more than upper and lower case, and no site's name is another one's group.",
    why="On macOS and Windows the second site would overwrite the key of the first.",
    source="docs/design.md section 2; docs/facts.md, threat T2",
    fix="rename one of the two files",
)
SHARED_SERVER = Rule(
    code="SC217",
    title="one server of two sites",
    rule="A server on which certificates are installed belongs to one site.",
    why=(
        "Every runbook installs to the same two folders, /opt/amcom/apache/conf/ssl.crt and ssl.key: the "
        "certificate that comes second replaces the first."
    ),
    source="kb39324 steps 7 to 9",
    fix="make it one site with all the names in `alt_names`, or correct the server's name",
    severity=Severity.WARNING,
    softenable=True,
)
OTHER_SCRIPT = Rule(
    code="SC218",
    title="a name in another script",
    rule="Certificates hold such a name in its `xn--` form; the report shows both.",
    why="What the CA, the logs and the CSR show is the `xn--` form: whoever compares them should know it.",
    source="RFC 5890 2.3.2.1; BR 7.1.4.3",
    fix="nothing to do",
    severity=Severity.NOTE,
)
DOMAIN_NOT_ALLOWED = Rule(
    code="SC221",
    title="a name outside the customer's domains",
    rule=(
        "Every name of a certificate lies in a domain that `policy.domains` in `sitecert.yaml` gives to the "
        "site's customer, where that is given."
    ),
    why="A name of somebody else's, by mistake or not, would be asked for in this customer's certificate.",
    source="`policy.domains` in sitecert.yaml",
    fix="write the name that was meant, add its domain to `policy.domains`, or waive SC221 with a reason",
    waivable=True,
    softenable=True,
)
CUSTOMER_WITHOUT_DOMAINS = Rule(
    code="SC222",
    title="a customer that has no domains",
    rule="Where `policy.domains` is given, it lists every customer, written as in the sites.",
    why="Under another customer's name any domain could be asked for.",
    source="`policy.domains` in sitecert.yaml",
    fix="write the customer as `policy.domains` does, or add an entry with its domains there",
    waivable=True,
    softenable=True,
)
