"""SC84x to SC86x: what a change to the repository does, and what git has to do with it."""

from __future__ import annotations

from sitecert.problems.problem import Severity
from sitecert.problems.rule import Rule

NO_HISTORY = Rule(
    code="SC840",
    title="git does not have the states to compare",
    rule="The commits that are compared, and the one from which both come, are in this clone.",
    why="A difference from another state than the one that the change is merged into is no review of it.",
    source="git-merge-base(1); docs/review.md",
    fix="fetch them: `git fetch --unshallow`, or `fetch-depth: 0` in the workflow's checkout",
)
NOT_A_FILE_IN_GIT = Rule(
    code="SC841",
    title="a link or a submodule where files belong",
    rule="`sites/`, `out/`, `templates/` and `sitecert.yaml` hold ordinary files and folders alone.",
    why="Whoever checks such a change out reads something else than was reviewed.",
    source="docs/facts.md, threat T3; gitdatamodel (modes 120000 and 160000)",
    fix="remove it from the change, and commit a file in its place",
)
UNSAFE_PATH = Rule(
    code="SC842",
    title="a path that not every checkout can hold",
    rule="No path leads out of the repository, into git's own folder, or is another one's twin by its case.",
    why="On another system the change would write over another file than the one that was reviewed.",
    source="docs/facts.md, threat T2",
    fix="rename it",
)
RECIPIENTS_EDITED = Rule(
    code="SC843",
    title="the recipients of the private keys change",
    rule="Whoever `recipients` names opens every key made from then on; a reviewer decides that by name.",
    why="No other line gives as much away. One who leaves can still open every key made until then.",
    source="docs/design.md, promise 5; docs/review.md",
    fix=(
        "ask the one whose key it is, by another way than this change; after somebody left, raise "
        "`key.generation` of every site: only a new generation takes access away"
    ),
    severity=Severity.WARNING,
)
SELF_EXCUSED = Rule(
    code="SC844",
    title="the change excuses itself",
    rule="What a change breaks is judged by the policy, severities and waivers that stood before it, too.",
    why="Otherwise whoever breaks a rule turns the rule down in the same breath.",
    source="docs/review.md",
    fix="bring the waiver or the policy in a change of its own first, and have that reviewed",
    softenable=True,
)
POLICY_CHANGED = Rule(
    code="SC845",
    title="the repository's policy becomes milder",
    rule="A severity that is turned down, or a rule of `policy` that goes, is named in the review.",
    why="It holds for every site, and nothing else in the change shows what will no longer be refused.",
    source="docs/review.md",
    fix="see that this is meant for all sites; a single one is better waived",
    severity=Severity.WARNING,
)
TRUST_CHANGED = Rule(
    code="SC846",
    title="the anchors of internal issuers change",
    rule="A root that comes or goes is decided by a reviewer who knows it.",
    why="Chains of internal certificates are judged by these anchors.",
    source="docs/review.md",
    fix="compare the new root's fingerprint with its owner, by another way than this change",
    severity=Severity.WARNING,
)
TEMPLATE_CHANGED = Rule(
    code="SC847",
    title="a template of the documents changes",
    rule="A template that a repository puts in the place of sitecert's own is reviewed as text.",
    why="It decides what customers read in every change document.",
    source="docs/design.md, a certificate repository; docs/facts.md, threat T6",
    fix="read the template and one document that is made with it",
    severity=Severity.WARNING,
    softenable=True,
)
REQUEST_SWAPPED = Rule(
    code="SC848",
    title="a request was swapped for another",
    rule="A request changes only where the site asks for something else, before it is handed over.",
    why="Whoever holds the key of the other request gets a certificate for this site's names.",
    source="docs/facts.md, threats T13 and T19; docs/design.md, the life of a generation",
    fix="bring the old one back with git; for a new key raise `key.generation` and compile",
)
CERTIFICATE_SWAPPED = Rule(
    code="SC849",
    title="a certificate was swapped for another in its place",
    rule="A generation has one certificate, from its intake on.",
    why="What is in service would no longer be what the repository says; the old one may still be served.",
    source="docs/facts.md, threats T13 and T14; docs/design.md, the life of a generation",
    fix="bring the old one back with git, raise `key.generation`, and take the new certificate in there",
)
KEY_SWAPPED = Rule(
    code="SC850",
    title="an encrypted key was swapped",
    rule="`server.key.age` stays as it was written as long as its request and its recipients stay.",
    why="Nobody can see from outside whether the key in it is still the request's.",
    source="docs/facts.md, threat T13",
    fix="bring it back with git, or prove it with `sitecert key audit -i IDENTITY`",
)
KEY_REWRAPPED = Rule(
    code="SC851",
    title="a key was encrypted anew",
    rule="`sitecert key rewrap` gives the same key to other recipients.",
    why="Nobody can see from outside whether the key in it is still the request's.",
    source="docs/facts.md, threat T13",
    fix="prove it with `sitecert key audit -i IDENTITY`",
    severity=Severity.WARNING,
    softenable=True,
)
GENERATION_LOST = Rule(
    code="SC852",
    title="a certified generation is removed",
    rule="A generation with a certificate leaves `out/` when a newer one with a certificate stands there.",
    why="Its key may be in service, and no other certificate has taken its place.",
    source="docs/design.md, the life of a generation",
    fix="bring it back with git",
)
OUTPUT_EDITED = Rule(
    code="SC853",
    title="a file under out/ is not what compile makes",
    rule="What a change brings under `out/` is what its own `sites/`, `sitecert.yaml` and `templates/` give.",
    why="A reviewer reads the site's file; what root runs on the server must follow from it.",
    source="docs/design.md, promises 1 and 2; docs/facts.md, threats T13 and T19",
    fix="run `sitecert compile` with the version that the repository asks for, and commit what it makes",
)
OUTPUT_STALE = Rule(
    code="SC854",
    title="out/ was not compiled",
    rule="A change to a site brings what it compiles to.",
    why="What is reviewed would not be what will happen.",
    source="docs/design.md, promise 1",
    fix="run `sitecert compile`, and commit `out/`",
    severity=Severity.WARNING,
    softenable=True,
)
NAME_LEAVES = Rule(
    code="SC855",
    title="a name leaves the certificate in service",
    rule="A name goes when nobody uses it any more.",
    why="Browsers and integrations that use the name refuse the certificate once it is installed.",
    source="RFC 9525 6.1; docs/review.md",
    fix="ask who uses the name; keep it in `alt_names` until nobody does",
    severity=Severity.WARNING,
    softenable=True,
)
FOREIGN_NAME = Rule(
    code="SC856",
    title="a name under a domain that the customer did not have",
    rule="A site's names lie under the domains of its customer.",
    why="A mistyped or another one's domain gets a certificate with this customer's name in it, or none.",
    source="docs/review.md; docs/facts.md, threat T8",
    fix="ask the customer whether the domain is theirs",
    severity=Severity.WARNING,
    softenable=True,
)
STAGED_BY_OTHERS = Rule(
    code="SC861",
    title="something else is staged",
    rule="A commit of sitecert's holds the site's file and its folder under `out/`, and nothing else.",
    why="What somebody else prepared must not go into a commit that speaks of a certificate.",
    source="docs/review.md",
    fix="commit it first, or take it out with `git restore --staged PATH`",
)
INDEX_LOCKED = Rule(
    code="SC862",
    title="git is at work here",
    rule="No other program holds git's index, and no merge or rebase is under way.",
    why="A commit in the middle of another one's work would take part of it along.",
    source="git-commit(1); docs/review.md",
    fix="wait for the other one; where none runs any more, remove `.git/index.lock`",
)
COMMIT_REFUSED = Rule(
    code="SC863",
    title="git refused the commit",
    rule="Git makes the commit as it is configured: with its author, its signature and its hooks.",
    why="What a hook refuses is not committed behind its back.",
    source="githooks(5); docs/review.md",
    fix="mend what git or the hook printed, then run the same command again",
)
BRANCH_REFUSED = Rule(
    code="SC864",
    title="the branch cannot be made",
    rule="A renewal begins a branch of its own, which is not there yet.",
    why="What an older branch holds must not become part of this change.",
    source="git-check-ref-format(1); docs/review.md",
    fix="choose another name",
)
NOT_COMMITTED_YET = Rule(
    code="SC865",
    title="what holds for all sites is not committed",
    rule="`sitecert.yaml` and `templates/` are as git has them when sites are committed one by one.",
    why="The commit of a site would hold what its own tree does not give.",
    source="docs/review.md; docs/design.md, promise 2",
    fix="commit them first, in a commit of their own",
)
