"""What the templates of the change document show: words, facts and steps, all decided beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from sitecert.model.runbook import Constant, Payload, Step


class Kind(StrEnum):
    """Whose words they are, and so how a template must set them."""

    WORDS = "words"
    VALUE = "value"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Part:
    """A run of a sentence: our own words, a value that somebody wrote, or a name, path or command."""

    text: str
    kind: Kind


Sentence: TypeAlias = tuple[Part, ...]


def value(text: str) -> Part:
    """Return text that somebody wrote, as a part of a sentence."""
    return Part(text, Kind.VALUE)


def sentence(pattern: str, *values: str | Part | Sentence) -> Sentence:
    """Fill each `{}` of our own words: a plain string is set as code, parts stand as they are."""
    first, *rest = (Part(text, Kind.WORDS) for text in pattern.split("{}"))
    parts = [first]
    for each, after in zip(values, rest, strict=True):
        parts += (*_as_parts(each), after)
    return tuple(part for part in parts if part.text)


def _as_parts(each: str | Part | Sentence) -> Sentence:
    if isinstance(each, str):
        return (Part(each, Kind.CODE),)
    return (each,) if isinstance(each, Part) else each


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what is known; without values it is a blank that a person fills in."""

    label: str
    values: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a reader must not miss."""

    title: str
    items: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class System:
    """A server or the load balancer: its name, role, services with their ports, and what is done to it."""

    name: Sentence
    role: Sentence
    services: Sentence
    change: str


@dataclass(frozen=True, slots=True)
class NumberedStep:
    """A step and its number on its target, the same as in the script."""

    number: int
    step: Step


@dataclass(frozen=True, slots=True)
class Script:
    """A script of this change: its path below `runbooks/` and its SHA-256 (hex)."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Target:
    """What is done on one server or on the load balancer, and how it is taken back.

    `name` is the runbook's target; `called` is how a sentence calls it. `introduction` and `commands` say
    how the script is run; `constants` are the values that the steps name; `backout` is how the script
    undoes its work; `undo` holds the steps that have something to undo, the last one first.
    """

    name: str
    called: Sentence
    heading: Sentence
    introduction: tuple[Sentence, ...]
    commands: tuple[str, ...]
    constants: tuple[Constant, ...]
    steps: tuple[NumberedStep, ...]
    backout: tuple[str, ...]
    undo: tuple[NumberedStep, ...]
    scripts: tuple[Script, ...]
    payload: tuple[Payload, ...]


@dataclass(frozen=True, slots=True)
class Test:
    """One technical test: where, the command, and what it must show."""

    place: Sentence
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Risk:
    """What may go wrong, what users would see, and what the plan does about it."""

    risk: Sentence
    effect: Sentence
    answer: Sentence


@dataclass(frozen=True, slots=True)
class Impact:
    """What users notice of one step."""

    target: Sentence
    number: int
    title: str
    impact: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the communication plan."""

    moment: str
    audience: str
    content: str


@dataclass(frozen=True, slots=True)
class ValidityPeriod:
    """The most days that a public certificate issued in a period may be valid (BR 6.3.2)."""

    issued: str
    days: int


@dataclass(frozen=True, slots=True)
class ChangeDocument:
    """The change-control document of one site and generation, as data.

    Each field feeds the section or table of its name. `short_description` is at most 160 characters
    (ServiceNow). `decision` names who decides to back out. `is_awaited` says that there is no certificate
    yet. `validity` is empty unless the certificate is a public one.
    """

    title: Sentence
    short_description: str
    is_awaited: bool
    notices: tuple[Notice, ...]
    summary: tuple[Fact, ...]
    systems: tuple[System, ...]
    record: tuple[Fact, ...]
    justification: tuple[Sentence, ...]
    functions: tuple[str, ...]
    prerequisites: tuple[Sentence, ...]
    implementation: tuple[Sentence, ...]
    targets: tuple[Target, ...]
    test_rules: tuple[Sentence, ...]
    expected: tuple[Fact, ...]
    tests: tuple[Test, ...]
    clinical_tests: tuple[Sentence, ...]
    backout: tuple[Sentence, ...]
    decision: str | None
    backout_targets: tuple[Target, ...]
    impacts: tuple[Impact, ...]
    risks: tuple[Risk, ...]
    downtime: tuple[Sentence, ...]
    communication: tuple[Message, ...]
    approvers: tuple[Sentence, ...]
    review: tuple[Fact, ...]
    review_actions: tuple[Sentence, ...]
    recurrence: tuple[Sentence, ...]
    validity: tuple[ValidityPeriod, ...]
    digests: tuple[Fact, ...]
