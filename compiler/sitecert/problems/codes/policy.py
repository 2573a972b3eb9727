"""SC3xx: what the repository's own `policy` asks for."""

from __future__ import annotations

from sitecert.problems.problem import Severity
from sitecert.problems.rule import Rule

ISSUER_NOT_ALLOWED = Rule(
    code="SC334",
    title="a kind of issuer that the policy does not allow",
    rule="`issuer` is one of `policy.issuers` in `sitecert.yaml`, where that is given.",
    why="Whoever runs this repository decided who may vouch for its sites.",
    source="`policy.issuers` in sitecert.yaml",
    fix="name an issuer that is allowed, or waive SC334 with a reason",
    waivable=True,
    softenable=True,
)
KEY_TOO_SMALL = Rule(
    code="SC335",
    title="a key smaller than the policy asks for",
    rule="An RSA key has at least `policy.key.minimum_bits` of `sitecert.yaml`, where that is given.",
    why="A request with a smaller key would have to be made again.",
    source="`policy.key.minimum_bits` in sitecert.yaml; BR 6.1.5 asks for 2048",
    fix=(
        "write `key.security: high` (RSA 4096), and raise `key.generation` where the site has a certificate; "
        "or waive SC335 until it is renewed"
    ),
    waivable=True,
    softenable=True,
)
CUSTODY_NOT_ALLOWED = Rule(
    code="SC336",
    title="a custody of keys that the policy does not allow",
    rule="`key.custody` is one of `policy.key.custody` in `sitecert.yaml`, where that is given.",
    why="Where a key is born decides who can have a copy of it.",
    source="`policy.key.custody` in sitecert.yaml",
    fix="write a custody that is allowed, or waive SC336 with a reason",
    waivable=True,
    softenable=True,
)
CHANGE_INCOMPLETE = Rule(
    code="SC337",
    title="the change record is not complete",
    rule="A site gives every field of `change` that `policy.change.required` in `sitecert.yaml` lists.",
    why=(
        "The change document goes to the customer's board with these fields. It is a warning, for a request "
        "is made weeks before its change is planned; `policy.severity` makes it an error."
    ),
    source="`policy.change` in sitecert.yaml; docs/facts.md, change control",
    fix="write the field under `change` when it is known",
    severity=Severity.WARNING,
    waivable=True,
    softenable=True,
)
CHANGE_IN_FREEZE = Rule(
    code="SC338",
    title="the change window lies in a freeze",
    rule="`change.window` touches none of `policy.freezes` in `sitecert.yaml`.",
    why=(
        "In a freeze nobody is there to help, or the hospital needs every system. What is compiled does not "
        "depend on it: `validate` and `review` say so, until window and freeze are over."
    ),
    source="`policy.freezes` in sitecert.yaml; docs/facts.md, change control",
    fix="agree on another window, or waive SC338 for an emergency change",
    waivable=True,
    softenable=True,
)
NO_OWNER = Rule(
    code="SC339",
    title="a site that nobody owns",
    rule="Where `policy.owners` is given, one of its entries names every site.",
    why="Nobody would have to approve a change of this site.",
    source="`policy.owners` in sitecert.yaml",
    fix="add the site to an entry of `policy.owners`, or an entry for `*` in front of the others",
    severity=Severity.WARNING,
    softenable=True,
)
AUTHORITY_NOT_ALLOWED = Rule(
    code="SC346",
    title="a certificate of a CA that the policy does not allow",
    rule=(
        "The issuer of a certificate has an organization (O) or a name (CN) that `policy.authorities` in "
        "`sitecert.yaml` lists for its kind of issuer, where that is given."
    ),
    why="A certificate of another CA may be one that nobody ordered.",
    source="`policy.authorities` in sitecert.yaml; RFC 5280 4.1.2.4",
    fix="ask who ordered it; add the CA to `policy.authorities`, or waive SC346 with a reason",
    waivable=True,
    softenable=True,
)
VALIDITY_OVER_POLICY = Rule(
    code="SC347",
    title="a certificate that lives longer than the policy allows",
    rule=(
        "A certificate is valid for at most the days that `policy.validity` in `sitecert.yaml` gives for its "
        "kind of issuer and the day of its issue, where that is given."
    ),
    why="The longer a certificate lives, the longer a lost key or a wrong name does harm.",
    source="`policy.validity` in sitecert.yaml; BR 6.3.2 says how days are counted",
    fix="have it issued again for fewer days, or waive SC347 with a reason",
    waivable=True,
    softenable=True,
)
IDLE_PATTERN = Rule(
    code="SC348",
    title="a pattern of the policy that names no site",
    rule="Each of `sites` in `policy.freezes` and `policy.owners` is a site's name, or a pattern for some.",
    why="A slip of the pen would leave a site without its freeze or its owner, and nobody would know.",
    source="`policy.freezes` and `policy.owners` in sitecert.yaml",
    fix="correct the name, or remove it",
    severity=Severity.WARNING,
    softenable=True,
)
