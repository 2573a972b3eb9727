"""SC3xx: what a site asks for beside names and subject: version, servers, key, change, waivers, policy."""

from __future__ import annotations

from sitecert.problems.problem import Severity
from sitecert.problems.rule import Rule

MISSING_VALUE = Rule(
    code="SC301",
    title="a required value is missing",
    rule=(
        "`customer`, `version`, `common_name`, `subject.country` and `subject.state` are given: the names in "
        "the site's file, the others there or under `defaults` in `sitecert.yaml`."
    ),
    why="A request cannot be made without them, and a guess would end up in a certificate.",
    source="docs/design.md section 2 (a site); kb39324 step 4",
    fix="write it in the site's file, or under `defaults` in `sitecert.yaml`",
)
UNDECIDED_VERSION = Rule(
    code="SC302",
    title="a version that the article does not decide",
    rule=(
        "`version` is one that kb39324 covers: 5.x, 7.x, 8.0, 8.0-1, 8.1 and above; or the site decides "
        "itself."
    ),
    why=(
        "The version decides how services are restarted and whether ORDS needs `server.der`: the wrong "
        "guess leaves a service down or with the old certificate."
    ),
    source="kb39324 steps 9 to 11; docs/design.md section 3",
    fix="write the exact version, or say both `service_manager: sysv|systemd` and `ords: true|false`",
)
SERVICE_MANAGER = Rule(
    code="SC303",
    title="service_manager contradicts the version",
    rule=(
        "`service_manager` agrees with the version where kb39324 decides it: sysv for 5.x, systemd for 7.x "
        "and 8.x."
    ),
    why="The runbook would call a command that the server does not have, in the middle of a change.",
    source="kb39324 step 10",
    fix="remove `service_manager`, or correct `version`",
)
ORDS_VERSION = Rule(
    code="SC304",
    title="ORDS on a version that has none",
    rule="`ords: true` needs version 8.1 or above.",
    why="The runbook would restart ords-standalone, which is not there, and take the change for failed.",
    source="kb39324 steps 9 and 11",
    fix="remove `ords: true`, or correct `version`",
)
ORDS_SYSV = Rule(
    code="SC305",
    title="ORDS without systemd",
    rule="`ords: true` needs `service_manager: systemd`.",
    why="ords-standalone is a systemd unit: there is no other way that the article knows to restart it.",
    source="kb39324 step 11",
    fix="write `ords: false` or `service_manager: systemd`",
)
ORDS_SETTING = Rule(
    code="SC306",
    title="a setting of ORDS where there is no ORDS",
    rule="`ords_port` stands at a server with ORDS, `ords_key` in a site that has such a server.",
    why="The setting would have no effect; probably `ords: true` or another version was meant.",
    source="docs/design.md section 2 (contradictions are refused)",
    fix="remove it, or write `ords: true`",
)
ONE_PORT = Rule(
    code="SC307",
    title="two services on one port",
    rule="`https_port` (443 unless given) and `ords_port` (8443 unless given) of a server with ORDS differ.",
    why="Only one of Apache and ORDS can listen there, and the proof would look at the wrong one.",
    source="kb39324 steps 10 and 11",
    fix="write the port of the other one too",
)
NO_LOAD_BALANCER = Rule(
    code="SC308",
    title="an installation on a load balancer that is not there",
    rule="`install_on: load-balancer` and `install_on: both` need a `load_balancer`.",
    why="Nobody would know where the certificate goes.",
    source="kb39324, overview; docs/design.md section 2",
    fix="describe the `load_balancer`, or write `install_on: servers`",
)
SERVERS_NEEDED = Rule(
    code="SC309",
    title="the servers are not named",
    rule=(
        "`servers` is given behind a load balancer, and where the common name is a wildcard or an IP "
        "address; otherwise there is one server, named as the common name."
    ),
    why="The runbooks and the names of the servers in the certificate come from this list.",
    source="kb39324, overview; docs/design.md section 2",
    fix="list the servers by their host names under `servers`",
)
CUSTODY_SERVER = Rule(
    code="SC310",
    title="a key that never leaves its server, for more than one place",
    rule="`key.custody: server` is for a site of one server and no load balancer.",
    why="The key is born on that server and never leaves it, so no other machine can use the certificate.",
    source="docs/design.md section 2 (key custody)",
    fix="write `custody: repository`, or make each server a site of its own",
)
PASSPHRASE = Rule(
    code="SC311",
    title="a passphrase for a key that is not made on the server",
    rule="`key.passphrase: true` needs `key.custody: server`.",
    why=(
        "It chooses the article's primary method for `request.sh`, which no other site has; it would have "
        "no effect."
    ),
    source="kb39324 steps 2 to 5; docs/design.md section 2 (key custody)",
    fix="remove `passphrase`, or write `custody: server`",
)
SELF_SIGNED_CUSTODY = Rule(
    code="SC312",
    title="self-signed with a key that is elsewhere",
    rule="`issuer: self-signed` needs `key.custody: repository`.",
    why="Who signs needs the key: sitecert cannot sign with one that is on the server or with the customer.",
    source="docs/design.md section 5 (self-sign)",
    fix="write `custody: repository`, or `issuer: internal` if the customer signs",
)
WINDOW = Rule(
    code="SC313",
    title="a change window that cannot be read",
    rule=(
        "`change.window`, or the window of a freeze, is a start with its offset from UTC, a slash, and a "
        "duration or an end: 2026-12-05T22:00-06:00/PT2H."
    ),
    why="Without the offset two people begin at different hours; calendars are made from it.",
    source="ISO 8601-1 5.5.2; RFC 3339; docs/facts.md, change control",
    fix="write it like 2026-12-05T22:00-06:00/PT2H",
)
UNTIL = Rule(
    code="SC314",
    title="a day that is not in the calendar",
    rule="`until` of a waiver, which holds through that day, and `from` of a limit are days, as YYYY-MM-DD.",
    why="A waiver without an end is a rule that nobody looks at again.",
    source="docs/design.md section 2; RFC 3339",
    fix="write a day such as 2027-03-01",
)

LARGE_KEY = Rule(
    code="SC331",
    title="an RSA key of 4096 bits",
    rule="`key.security: standard` (RSA 2048) is enough for a certificate that lives 200 days or less.",
    why=(
        "Each handshake with 4096 bits costs the server several times as much. It does not answer a CA's "
        '"believed to have been compromised", as the article thinks: see SC490.'
    ),
    source="BR 6.1.5; kb39324 step 2",
    fix="nothing to do if the customer asks for it; otherwise remove `security: high`",
    severity=Severity.NOTE,
)
CUSTOMER_KEY = Rule(
    code="SC332",
    title="the customer makes the key",
    rule=(
        "With `key.custody: customer` the key comes with the certificate, and is encrypted when it is "
        "taken in."
    ),
    why=(
        "A key that travels in the clear must be taken as known to others, and a CA that learns of it has to "
        "revoke within 24 hours. sitecert marks it as disclosed until its generation ends."
    ),
    source="BR 4.9.1.1 and 6.1.2; docs/design.md section 2 (key custody)",
    fix=(
        "have the customer send it encrypted (a .pfx with its password by another way), or use `custody: "
        "repository`"
    ),
    severity=Severity.NOTE,
)
NO_ANCHOR = Rule(
    code="SC333",
    title="an internal issuer without an anchor",
    rule="With `issuer: internal` the root of the customer's CA is listed under `trust` in `sitecert.yaml`.",
    why="Without it nobody can tell whether the chain that comes back is complete, or the right one.",
    source="docs/design.md section 2 (trust)",
    fix="ask the customer for the root certificate, and list its file under `trust`",
    severity=Severity.WARNING,
    waivable=True,
    softenable=True,
)

WAIVER_UNKNOWN = Rule(
    code="SC341",
    title="a waiver for a code that does not exist",
    rule="`waive` names codes that sitecert has.",
    why="The waiver would have no effect.",
    source="docs/rules.md",
    fix="write the code that the problem shows",
)
WAIVER_REFUSED = Rule(
    code="SC342",
    title="a waiver for a rule that cannot be waived",
    rule="Only rules that say so can be waived.",
    why="The others keep certificates from being useless, or servers from going down.",
    source="docs/rules.md",
    fix="remove the waiver, and mend what the problem shows",
)
WAIVER_IDLE = Rule(
    code="SC343",
    title="a waiver that waives nothing",
    rule="A waiver goes when the problem goes.",
    why="Left in place, it would hide the next problem of that kind, which nobody has looked at.",
    source="docs/design.md section 2",
    fix="remove the waiver",
    severity=Severity.WARNING,
    softenable=True,
)
WAIVER_ENDED = Rule(
    code="SC344",
    title="a waiver that has ended",
    rule="A waiver holds through the day in `until`.",
    why="Somebody promised that the problem would be gone by then. What is compiled does not change by this.",
    source="docs/design.md section 2 (dates)",
    fix="mend the problem, or agree on a new day and change `until`",
)
WAIVER_ENDING = Rule(
    code="SC345",
    title="a waiver that ends soon",
    rule="A problem is mended before the day in `until` of its waiver.",
    why="From the day after it is an error of `validate` and `review`, which holds up the site's changes.",
    source="docs/design.md section 2 (dates)",
    fix="mend the problem now, or agree on a new day and change `until`",
    severity=Severity.WARNING,
    softenable=True,
)

REQUIRES_FORM = Rule(
    code="SC351",
    title="requires cannot be read",
    rule=(
        "`requires` is a list of clauses with commas: `>=`, `>`, `<=`, `<`, `==` or `!=` and a version, such "
        "as `>=0.1, <2`."
    ),
    why="It keeps an old sitecert from compiling what it does not understand.",
    source="PEP 440 (the clauses above)",
    fix='write it like ">=0.1, <2"',
)
REQUIRES_OTHER = Rule(
    code="SC352",
    title="this sitecert may not compile this repository",
    rule="sitecert's version satisfies `requires` in `sitecert.yaml`.",
    why="Another version may compile other bytes, so that `--check` fails for everybody else.",
    source="docs/design.md section 2 (sitecert.yaml)",
    fix="install a version that `requires` allows, or change `requires` and compile the whole repository",
)
SEVERITY_UNKNOWN = Rule(
    code="SC353",
    title="a severity for a code that does not exist",
    rule="`policy.severity` names codes that sitecert has.",
    why="The setting would have no effect.",
    source="docs/rules.md",
    fix="write the code that the problem shows",
)
SEVERITY_FIXED = Rule(
    code="SC354",
    title="a severity that cannot be turned down",
    rule="Any rule may be made stricter; only those that say so can be turned down.",
    why="The others keep certificates from being useless, or servers from going down.",
    source="docs/rules.md",
    fix="remove the line; if one site is the exception, see whether its rule can be waived there",
)
