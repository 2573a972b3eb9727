"""SC87x: private keys where none belongs."""

from __future__ import annotations

from sitecert.problems.problem import Severity
from sitecert.problems.rule import Rule

KEY_IN_THE_CLEAR = Rule(
    code="SC870",
    title="a private key in the clear",
    rule="No file and no commit holds a private key that anybody can read, in whatever form or wrapping.",
    why="Whoever can read the repository, a fork or a backup of it can pose as the site. An empty password"
    " counts as none.",
    source="docs/design.md, promise 5; BR 4.9.1.1",
    fix="take the key as known to others: raise `key.generation`, have the CA revoke what was issued for it,"
    " and remove the file, from the history too",
)
KEY_UNDER_A_COMMON_PASSWORD = Rule(
    code="SC871",
    title="a private key under a password that anybody tries first",
    rule="No file and no commit holds a private key whose password is one of those that everybody knows.",
    why="`changeit` and its kind protect a key from nobody who wants it.",
    source="docs/design.md, promise 5; docs/security.md",
    fix="take the key as known to others: raise `key.generation`, have the CA revoke what was issued for it,"
    " and remove the file, from the history too",
)
KEY_UNDER_A_PASSWORD = Rule(
    code="SC872",
    title="a private key under a password",
    rule="Private keys stand in the repository encrypted to its recipients, as `server.key.age`, and in no"
    " other form.",
    why="A password can be tried for ever by whoever has the file, and packs are for servers, not for git.",
    source="docs/design.md, promise 5",
    fix="remove the file; what a server needs is made anew, and outside of git, with `sitecert handoff`",
    severity=Severity.WARNING,
    softenable=True,
)
IDENTITY_COMMITTED = Rule(
    code="SC873",
    title="an age identity in the repository",
    rule="What opens the private keys lies outside every repository.",
    why="With it, every key that was ever encrypted to it can be opened, in every commit.",
    source="age specification; docs/design.md, sitecert.yaml",
    fix="take every key as known to others: replace the recipient, raise `key.generation` of every site, and"
    " remove the file, from the history too",
)
NOT_SEARCHED = Rule(
    code="SC874",
    title="something that was not searched for keys",
    rule="Files of up to 64 MiB are searched, and archives that unpack to 256 MiB at most.",
    why="A key could lie in what nobody looked into.",
    source="docs/security.md",
    fix="look into it yourself, or keep it elsewhere",
    severity=Severity.NOTE,
)
NO_SUCH_HISTORY = Rule(
    code="SC875",
    title="git does not have the commits to search",
    rule="`--history` names commits of this clone: `main..HEAD`, or a branch.",
    why="What was not searched must not look like what holds no key.",
    source="docs/design.md, promise 7; gitrevisions(7)",
    fix="fetch them: `git fetch --unshallow`, or `fetch-depth: 0` in the workflow's checkout",
)
