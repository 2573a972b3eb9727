"""What a pull request changes: two states of a repository, and the difference between them in words.

Texts may carry what people wrote into any file: whoever shows them escapes them for the place where they
are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sitecert.model.document import Place
from sitecert.model.generation import Generation
from sitecert.model.plan import SitePlan
from sitecert.model.runbook import Runbook
from sitecert.model.site import Site


class Act(StrEnum):
    """What becomes of a site."""

    REQUESTED = "requested"
    REPLACED = "replaced"
    RENEWED = "renewed"
    SEALED = "sealed"
    TAKEN_IN = "taken in"
    RETIRED = "retired"
    CHANGED = "changed"


class Topic(StrEnum):
    """What a remark is about, in the order in which topics are shown."""

    RECIPIENTS = "recipients"
    POLICY = "policy"
    TRUST = "trust"
    TEMPLATES = "templates"
    DEFAULTS = "defaults"
    SITE = "site"
    NAMES = "names"
    KEY = "key"
    SUBJECT = "subject"
    SETTINGS = "settings"
    CERTIFICATE = "certificate"
    CHAIN = "chain"
    RUNBOOK = "runbook"
    FINDINGS = "findings"
    WAIVERS = "waivers"
    OUTPUT = "out/"


class Mark(StrEnum):
    """What a remark says of its thing: come, gone, other than before, as it was, or to be looked at."""

    ADDED = "+"
    REMOVED = "-"
    CHANGED = "~"
    KEPT = "="
    ALERT = "!"


class Level(StrEnum):
    """How much can go wrong for somebody when the change is made."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that changed, in one sentence; `place` is where the head says so, if a file does."""

    topic: Topic
    mark: Mark
    text: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Risk:
    """The level of a site's change and why: each reason is that of a rule that applies (docs/review.md)."""

    level: Level
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteState:
    """One site in one of the two states.

    `is_there` tells whether it has a file; `site` and `plan` are None where the file has an error.
    `generations` are the whole ones under `out/`; `runbooks` install the newest certificate, or ask for a
    key where that is made on the server. `digests` maps each file under `out/` to its SHA-256 (hex).
    """

    is_there: bool = False
    site: Site | None = None
    plan: SitePlan | None = None
    generations: Mapping[int, Generation] = field(default_factory=dict)
    runbooks: tuple[Runbook, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class SiteReview:
    """What changes for one site; the remarks stand in the order of their topics."""

    name: str
    acts: tuple[Act, ...]
    risk: Risk
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class StateLabel:
    """A state as people and as git know it: `main`, and the commit's (or, of a work tree, the tree's) id."""

    name: str
    commit: str


@dataclass(frozen=True, slots=True)
class Review:
    """What changes between two states: for the whole repository, for each site, and where else.

    `risk` and `remarks` are those of what holds for every site.

    `reached` names the sites that change by new defaults alone; `other_paths` are changed files that
    sitecert does not read.
    """

    base: StateLabel
    head: StateLabel
    risk: Risk
    remarks: tuple[Remark, ...]
    sites: tuple[SiteReview, ...]
    reached: tuple[str, ...] = ()
    other_paths: tuple[str, ...] = ()
