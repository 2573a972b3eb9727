"""SC72x: certificates that a site's own key signs."""

from __future__ import annotations

from sitecert.problems.rule import Rule

CERTIFIED_ALREADY = Rule(
    code="SC720",
    title="the generation has its certificate",
    rule="A certificate is self-signed only for a generation that has none.",
    why="An interim one would stand in for nothing, and a self-signed site's certificate is replaced by the"
    " next generation's, so that both are known.",
    source="docs/design.md, the life of a generation",
    fix="install the certificate that there is, or raise `key.generation` by one for the next",
)
KEY_ELSEWHERE = Rule(
    code="SC721",
    title="the private key is not in the repository",
    rule="`self-sign` opens the private key that compile made.",
    why="A key that is on its server, or with the customer, signs there.",
    source="docs/design.md, a site",
    fix="sign where the key is; a server's `request.sh interim` does that",
)
INTERIM_STANDS = Rule(
    code="SC722",
    title="there is an interim certificate already",
    rule="An interim certificate is replaced only when it has expired, or with `--again`.",
    why="It may be in service, and clients may have been told to trust just this one.",
    source="docs/design.md, the life of a generation",
    fix="use the one that there is, or make another with `--again`",
)
