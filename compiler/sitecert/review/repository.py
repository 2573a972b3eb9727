"""What changes for every site: recipients above all, then policy, anchors, templates, defaults."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sitecert.model.configuration import Configuration
from sitecert.model.document import Place
from sitecert.model.review import Mark, Remark, Topic
from sitecert.pki.recipients import Recipient, RecipientKind
from sitecert.problems import Problem
from sitecert.problems.codes.review import (
    POLICY_CHANGED,
    RECIPIENTS_EDITED,
    TEMPLATE_CHANGED,
    TRUST_CHANGED,
)
from sitecert.review.policies import policy_changes

CONFIGURATION = "sitecert.yaml"


@dataclass(frozen=True, slots=True)
class RepositoryState:
    """What holds for the whole repository in one of the two states; None where it could not be read."""

    configuration: Configuration | None
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark, and the problem that says the same where it is one."""

    remark: Remark
    problem: Problem | None = None


def repository_findings(
    before: RepositoryState, after: RepositoryState, paths: Sequence[str], keys: int
) -> tuple[Finding, ...]:
    """Compare what holds for all sites, the most dangerous first.

    `paths` are all that differ; `keys` is the number of encrypted keys that stand in the new state.
    """
    return (
        *_recipients(before, after, keys),
        *_policy(before.configuration, after.configuration),
        *_anchors(before.configuration, after.configuration, paths),
        *_templates(paths),
        *_defaults(before.configuration, after.configuration),
    )


def _recipients(before: RepositoryState, after: RepositoryState, keys: int) -> Iterator[Finding]:
    old, new = ({each.fingerprint: each for each in state.recipients} for state in (before, after))
    if before.configuration is None or after.configuration is None:
        return
    later = f"; the {keys} under out/ only after `sitecert key rewrap`" if keys else ""
    for number, (fingerprint, each) in enumerate(new.items()):
        if fingerprint not in old:
            place = _recipient_place(after.configuration, number)
            text = f"every private key made from here on opens to {_shown(each)}{later}"
            yield _finding(
                RECIPIENTS_EDITED.at(place, text, pointer=f"/recipients/{number}"),
                Topic.RECIPIENTS,
                Mark.ADDED,
            )
    for fingerprint, each in old.items():
        if fingerprint not in new:
            still = (
                f"; it still opens the {keys} that stand under out/, until each has a new generation"
                if keys
                else ""
            )
            text = f"no private key made from here on opens to {_shown(each)}{still}"
            place = Place(CONFIGURATION, *_line_of(after.configuration))
            yield _finding(
                RECIPIENTS_EDITED.at(place, text, pointer="/recipients"), Topic.RECIPIENTS, Mark.REMOVED
            )


def _recipient_place(configuration: Configuration, number: int) -> Place:
    return (
        configuration.recipients[number].place
        if number < len(configuration.recipients)
        else Place(CONFIGURATION, 1, 1)
    )


def _line_of(configuration: Configuration) -> tuple[int, int]:
    first = configuration.recipients[0].place if configuration.recipients else Place(CONFIGURATION, 1, 1)
    return first.line, first.column


def _shown(recipient: Recipient) -> str:
    """Return an age recipient whole, an SSH key by its kind and its end."""
    if recipient.kind is RecipientKind.AGE:
        return recipient.text
    return f"{recipient.kind} ...{recipient.text[-24:]}"


def _policy(before: Configuration | None, after: Configuration | None) -> Iterator[Finding]:
    if before is None or after is None:
        return
    place = Place(CONFIGURATION, 1, 1)
    for each in policy_changes(before.policy, after.policy):
        remark = Remark(Topic.POLICY, Mark.CHANGED, each.text, place)
        problem = POLICY_CHANGED.at(place, each.text, pointer=each.pointer) if each.is_milder else None
        yield Finding(remark, problem)


def _anchors(
    before: Configuration | None, after: Configuration | None, paths: Sequence[str]
) -> Iterator[Finding]:
    old, new = ({each.text: each.place for each in state.trust} if state else {} for state in (before, after))
    for name, place in new.items():
        if name not in old:
            yield _finding(
                TRUST_CHANGED.at(place, f"{name} is trusted from here on", pointer="/trust"),
                Topic.TRUST,
                Mark.ADDED,
            )
        elif name in paths:
            yield _finding(
                TRUST_CHANGED.at(Place(name, 1, 1), f"{name} has another content"), Topic.TRUST, Mark.CHANGED
            )
    for name in old:
        if name not in new and after is not None:
            place = Place(CONFIGURATION, 1, 1)
            yield _finding(
                TRUST_CHANGED.at(place, f"{name} is not trusted any more", pointer="/trust"),
                Topic.TRUST,
                Mark.REMOVED,
            )


def _templates(paths: Sequence[str]) -> Iterator[Finding]:
    for path in paths:
        if path.startswith("templates/"):
            text = f"{path} changes what every change document says"
            yield _finding(TEMPLATE_CHANGED.at(Place(path, 1, 1), text), Topic.TEMPLATES, Mark.CHANGED)


def _defaults(before: Configuration | None, after: Configuration | None) -> Iterator[Finding]:
    if before is None or after is None:
        return
    if (before.requires.text if before.requires else "") != (after.requires.text if after.requires else ""):
        old, new = (each.requires.text if each.requires else "anything" for each in (before, after))
        yield Finding(
            Remark(Topic.POLICY, Mark.CHANGED, f"requires: {old} becomes {new}", Place(CONFIGURATION, 1, 1))
        )


def _finding(problem: Problem, topic: Topic, mark: Mark) -> Finding:
    return Finding(Remark(topic, mark, problem.message, problem.place), problem)
