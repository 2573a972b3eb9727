"""SC7xx: what is handed over to a server, a load balancer or a customer."""

from __future__ import annotations

from sitecert.problems.rule import Rule

NOTHING_TO_INSTALL = Rule(
    code="SC701",
    title="there is no certificate to hand over",
    rule="A pack for a server holds the newest certificate of its site; that was taken in before.",
    why="A runbook without its certificate installs nothing.",
    source="docs/design.md, the life of a generation",
    fix="run `sitecert intake SITE FILE` when the CA has answered",
)
STALE = Rule(
    code="SC702",
    title="out/ is not what the site says",
    rule="A pack is made only of files that `sitecert compile --check` finds as they should be.",
    why="The runbook in the pack would not be the one that was reviewed and approved.",
    source="docs/design.md, promises 1 and 2",
    fix="run `sitecert compile`, and have the change reviewed",
)
NO_SUCH_TARGET = Rule(
    code="SC703",
    title="there is no runbook for this target",
    rule="`--server` names a server of the site that gets the certificate, or `load-balancer`.",
    why="A mistyped name must not look like a server that needs nothing.",
    source="docs/design.md, runbooks",
    fix="name one of the servers under `out/SITE/runbooks/`",
)
KEY_NOT_OPENED = Rule(
    code="SC704",
    title="the private key cannot be opened",
    rule="An identity given with `-i` opens the site's `server.key.age`, or `--key -` reads the key itself.",
    why="The pack holds the key under a passphrase, so it has to be opened first; that is done in memory.",
    source="docs/design.md, promise 5",
    fix="name the identity of one of the recipients, or pipe the key in with `--key -`",
)
NOT_ITS_KEY = Rule(
    code="SC705",
    title="the private key is not the one that belongs here",
    rule="The key that was opened has the public key that the certificate, or the request, names.",
    why="A server with a key and a certificate that do not match does not start.",
    source="docs/facts.md, servers",
    fix="give the key that the request was made with",
)
UNFIT_PASSPHRASE = Rule(
    code="SC706",
    title="a passphrase that is not fit for a private key",
    rule="A passphrase is 20 to 64 characters of printable ASCII without a space at either end; for load"
    " balancers of other vendors, letters and digits alone.",
    why="A person types it on a server's console, and it alone protects the key of a file that was copied.",
    source="docs/facts.md, load balancers; RFC 8018 section 4",
    fix="write another one into the file, or leave `--passphrase-file` out and have one made",
)
TARGET_EXISTS = Rule(
    code="SC707",
    title="the pack's target is there already",
    rule="A pack is written to a name that nobody uses.",
    why="Nothing of yours is overwritten, and no pack holds files of an earlier one.",
    source="docs/design.md, the command line",
    fix="name another target with `-o`, or remove this one",
)
NOBODY_TO_ASK = Rule(
    code="SC710",
    title="a self-signed site has nobody to hand its request to",
    rule="A request goes to a customer for a CA to sign; with `issuer: self-signed` no CA is asked.",
    why="A customer who is sent a request looks for somebody to sign it.",
    source="docs/decisions/0006-self-signed-sites.md",
    fix="run `sitecert self-sign SITE -i IDENTITY`",
)
REQUEST_AWAITED = Rule(
    code="SC711",
    title="there is no request to hand over yet",
    rule="With `key.custody: server` the server makes the request; the customer gets it once it is taken in.",
    why="A CA signs the request of the key that the server will use.",
    source="docs/design.md, a site",
    fix="make it on the server with `request.sh`, then run `sitecert intake SITE FILE`",
)
HAS_CERTIFICATE = Rule(
    code="SC712",
    title="the request has its certificate already",
    rule="A request is handed to the customer until its certificate is taken in.",
    why="A second certificate for the same key ends when the first one does not, and nobody knows which is"
    " served; a CA may refuse a key that it has certified before.",
    source="docs/design.md, the life of a generation",
    fix="raise `key.generation` by one for a new key and request, then compile and hand those over",
)
