"""SC4xx: keys, requests and everything else that stands in `out/`."""

from __future__ import annotations

from sitecert.problems.problem import Severity
from sitecert.problems.rule import Rule

DAMAGED = Rule(
    code="SC401",
    title="a file that cannot be made again is damaged",
    rule="A key, a request, a certificate and a generation's record are as they were when they were written.",
    why="None of them can be recomputed: a new key would not fit the certificate that a CA issued.",
    source="docs/design.md, the life of a generation",
    fix="bring the file back with git, or remove the whole generation's folder if nobody uses its request",
)
MISSING = Rule(
    code="SC402",
    title="a file that cannot be made again is missing",
    rule="Every file that a generation's record names is there.",
    why="A key without its request, or a request without its key, is of no use to anyone.",
    source="docs/design.md, the life of a generation",
    fix="bring the file back with git",
)
UNREADABLE = Rule(
    code="SC403",
    title="a request or certificate cannot be read",
    rule="`server.csr`, `leaf.crt` and `chain.crt` are PEM that parses and says what sitecert writes.",
    why="What cannot be read cannot be compared with the site, and must not reach a server.",
    source="docs/design.md, promise 3",
    fix="bring the file back with git",
)
NOT_A_FILE = Rule(
    code="SC404",
    title="something under out/ is no ordinary file",
    rule="Everything under `out/` is a folder or a regular file of at most 1 MiB.",
    why="A symbolic link, a pipe or a device can lead a reader or a writer elsewhere.",
    source="docs/design.md, bad input",
    fix="remove it",
)
KEY_WITHOUT_SITE = Rule(
    code="SC405",
    title="a private key that no site claims",
    rule="A key is removed only when it is asked for by name: `sitecert compile --prune-keys`.",
    why="A site file that is moved or lost must not take a key with it.",
    source="docs/design.md, no key is ever lost",
    fix="bring the site's file back, or run `sitecert compile --prune-keys`",
)
GENERATION_LOWERED = Rule(
    code="SC406",
    title="key.generation was lowered",
    rule="`key.generation` only grows.",
    why="A lower number would put a superseded key and certificate back in the place of the newer ones.",
    source="docs/design.md, the life of a generation",
    fix="set `key.generation` back to the highest number under `out/`, or one more for a new key",
)
FROZEN_BY_SITE = Rule(
    code="SC407",
    title="the site asks for something else than its sealed request",
    rule="Once a request was handed over or has its certificate, the site's file agrees with it.",
    why="The certificate would not be what the file says, and a new request would not fit the certificate.",
    source="docs/design.md, the life of a generation",
    fix="raise `key.generation` by one to open a new request beside this one, or undo the edit",
)
FROZEN_BY_DEFAULTS = Rule(
    code="SC408",
    title="new defaults differ from a sealed request",
    rule="A default that changes applies from each site's next generation.",
    why="Nothing in service is touched by an edit of the defaults; the site's next request will differ.",
    source="docs/design.md, the life of a generation",
    fix="nothing to do now; raise `key.generation` if the change must reach this site before its renewal",
    severity=Severity.WARNING,
    softenable=True,
)
KEY_USED_TWICE = Rule(
    code="SC409",
    title="one key is used twice",
    rule="Every generation of every site has a key of its own.",
    why="One lost key would take several sites down, and a CA refuses a key that it has seen compromised.",
    source="BR 6.1.1.3; docs/facts.md, threat T18",
    fix="raise `key.generation` of one of them",
)
WEAK_KEY = Rule(
    code="SC410",
    title="a weak key",
    rule="A key has no known weakness: ROCA, close primes, small or shared factors, size, exponent.",
    why="Anyone can compute the private key of a weak one; a CA must refuse it.",
    source="BR 6.1.1.3, 6.1.5 and 6.1.6",
    fix="raise `key.generation` for a new key",
)
RECIPIENT = Rule(
    code="SC411",
    title="a recipient that a key cannot be encrypted to",
    rule="Each of `recipients` is an age public key (`age1...`) or an ssh-ed25519 or ssh-rsa public key.",
    why="Keys are written only encrypted; without a recipient that works none is made.",
    source="age specification; docs/design.md, promise 5",
    fix="write the public key in one line, as `age-keygen -y` or the `.pub` file shows it",
)
RECIPIENTS_CHANGED = Rule(
    code="SC412",
    title="a key is not encrypted to today's recipients",
    rule="Each key under `out/` is encrypted to the recipients that `sitecert.yaml` names.",
    why="A new colleague could not open it, and one who left still can.",
    source="docs/design.md, promise 5",
    fix="run `sitecert key rewrap -i IDENTITY`",
    severity=Severity.WARNING,
    softenable=True,
)
KEY_NOT_COMMITTED = Rule(
    code="SC413",
    title="a superseded key is not in git yet",
    rule="A superseded generation leaves `out/` once git has it.",
    why="No key is ever lost: what leaves `out/` can be brought back from a commit.",
    source="docs/design.md, no key is ever lost",
    fix="commit it and compile again, or run `sitecert compile --prune-keys`",
    severity=Severity.WARNING,
)
CUSTODY_CHANGED = Rule(
    code="SC414",
    title="key.custody changed while the repository holds the key",
    rule="The key of an open generation is dropped only by `sitecert compile --prune-keys`.",
    why="A request made with that key may already be with a CA.",
    source="docs/design.md, no key is ever lost",
    fix="raise `key.generation` by one, or run `sitecert compile --prune-keys`",
)
WRONG_REQUEST = Rule(
    code="SC415",
    title="a request does not say what its site says",
    rule="Every request, parsed again, equals its site field by field before it is written.",
    why="A reviewer approves the site's file; what goes to the CA must be just that.",
    source="docs/design.md, promise 3",
    fix="report this: sitecert wrote a request that it would not accept",
)
LINT_ERROR = Rule(
    code="SC430",
    title="a request that its CA's lint refuses",
    rule=(
        "A certificate made of the request passes pkilint: the Baseline Requirements for OV or DV with "
        "`issuer: public`, RFC 5280 otherwise. Only what the request decides is reported."
    ),
    why="CAs lint before they issue (BR 4.3.1.2), so the request would come back, some days later.",
    source="pkilint; BR 4.3.1.2 and 7.1.2.7; RFC 5280",
    fix="correct what the message names; if the CA is known to issue it, waive SC430 with a reason",
    waivable=True,
    softenable=True,
)
LINT_WARNING = Rule(
    code="SC431",
    title="a request that its CA's lint warns of",
    rule="What SC430 says, for findings that a CA should heed and need not.",
    why="Some CAs refuse what others let pass.",
    source="pkilint; BR 4.3.1.2 and 7.1.2.7; RFC 5280",
    fix="correct what the message names, or waive SC431 with a reason",
    severity=Severity.WARNING,
    waivable=True,
    softenable=True,
)
COMPROMISED = Rule(
    code="SC490",
    title='the CA answers "The CSR uses a key that is believed to have been compromised!"',
    rule="The public key in the request is on the CA's list of keys that are weak, reused or published.",
    why=(
        "The request carries no trace of how the key file was encrypted, so a stronger cipher for the file "
        "(the article's -aes128) or asking again with the same key changes nothing."
    ),
    source="BR 6.1.1.3 and 4.9.1.1; kb39324 step 2, which reads the message otherwise",
    fix="raise `key.generation` by one and compile: a new key pair is the only cure",
)
