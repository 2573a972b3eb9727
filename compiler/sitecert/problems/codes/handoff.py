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
    title="the private key is not the certificate's",
    rule="The key that was opened has the public key that the certificate names.",
    why="A server with a key and a certificate that do not match does not start.",
    source="docs/facts.md, servers",
    fix="give the key that the certificate's request was made with",
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
