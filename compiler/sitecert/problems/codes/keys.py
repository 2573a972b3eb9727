"""SC73x: what `key audit` and `key rewrap` find in the encrypted keys under `out/`."""

from __future__ import annotations

from sitecert.problems.rule import Rule

UNPROVED = Rule(
    code="SC731",
    title="a private key that cannot be proved",
    rule="An identity given with `-i` opens every `server.key.age` that is asked about.",
    why="Without it nobody knows whether the file holds the key that the certificate needs.",
    source="docs/design.md, promise 5",
    fix="give the identity of one of its recipients; `-i` may be repeated",
)
OTHER_KEY = Rule(
    code="SC732",
    title="the encrypted file holds another key",
    rule="The private key in `server.key.age` is the one that its request and certificate were made with.",
    why=(
        "Anyone can encrypt another key to the recipients, and nobody sees it until a server does not start. "
        "Whoever exchanged the file may hold the key inside it."
    ),
    source="docs/facts.md, keys encrypted with age; RFC 5280 4.1.2.7",
    fix="find the commit that changed the file (`git log -p`), bring back the one before, ask who made it",
)
OTHER_RECIPIENTS = Rule(
    code="SC733",
    title="the encrypted file is for others than its record names",
    rule=(
        "The header of `server.key.age` has one stanza for each of the recipients in the generation's "
        "`manifest.json`, and of its kind."
    ),
    why="The record says who can open the key; somebody more could, or somebody named cannot.",
    source="docs/facts.md, keys encrypted with age",
    fix="run `sitecert key rewrap -i IDENTITY`, and find the commit that changed the file (`git log -p`)",
)
