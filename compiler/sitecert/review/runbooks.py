"""What will be run, on which servers: steps that come, go or change, and what users notice of it."""

from __future__ import annotations

from collections.abc import Iterator

from sitecert.model.review import Mark, Remark, Topic
from sitecert.model.runbook import Constant, Runbook, Step
from sitecert.review.change import SiteChange

OF_THE_CERTIFICATE = frozenset(
    {"NAMES", "ALTERNATIVE_NAMES", "FINGERPRINT", "KEY_SPKI", "NOT_BEFORE", "NOT_AFTER"}
    | {"SERVER_CRT", "CHAIN_CRT", "LEAF_CRT", "GENERATION", "FOLDER", "STATE", "SITE", "SERVER"}
)
"""Constants that follow from the certificate and from the site's name: other remarks tell of those."""


RESTARTS = frozenset({"restart_apache", "restart_ords"})
"""Steps in which a service stops answering; a load balancer takes a new certificate without that."""


def runbook_remarks(change: SiteChange) -> Iterator[Remark]:
    """Compare the runbooks of both states, target by target."""
    before = {each.target: each for each in change.before.runbooks}
    after = {each.target: each for each in change.after.runbooks}
    for target in [each for each in before if each not in after]:
        yield Remark(Topic.RUNBOOK, Mark.REMOVED, f"{target}: no runbook any more")
    told: dict[tuple[tuple[Mark, str], ...], list[str]] = {}
    for target, runbook in after.items():
        lines = tuple(_compare(before.get(target), runbook))
        if lines:
            told.setdefault(lines, []).append(target)
    for lines, targets in told.items():
        where = ", ".join(targets)
        for mark, text in lines:
            yield Remark(Topic.RUNBOOK, mark, f"{where}: {text}")
    if is_to_be_run(change):
        yield from _interruption(change)


def is_to_be_run(change: SiteChange) -> bool:
    """Tell whether there is something to install that was not there before."""
    before, after = change.installed
    if after is None:
        return False
    return before is None or before.certificate != after.certificate or bool(new_targets(change))


def new_targets(change: SiteChange) -> tuple[str, ...]:
    """Return the targets that had no runbook before."""
    old = {each.target for each in change.before.runbooks}
    return tuple(each.target for each in change.after.runbooks if each.target not in old)


def interruptions(change: SiteChange) -> tuple[Step, ...]:
    """Return the steps in which a service stops answering, of all targets, each once."""
    steps = {step.id: step for runbook in change.after.runbooks for step in runbook.steps if step.impact}
    return tuple(step for step in steps.values() if step.id in RESTARTS)


def steps_changed(change: SiteChange) -> bool:
    """Tell whether a target that has a runbook in both states gets other steps."""
    before = {each.target: each.steps for each in change.before.runbooks}
    return any(before.get(each.target, each.steps) != each.steps for each in change.after.runbooks)


def _interruption(change: SiteChange) -> Iterator[Remark]:
    before, after = change.installed
    is_new = before is None or after is None or before.certificate != after.certificate
    targets = [each.target for each in change.after.runbooks] if is_new else new_targets(change)
    yield Remark(Topic.RUNBOOK, Mark.CHANGED, f"to be run on {', '.join(targets)}")
    told = {step.id: step for runbook in change.after.runbooks for step in runbook.steps if step.impact}
    for step in told.values():
        mark = Mark.CHANGED if step.id in RESTARTS else Mark.KEPT
        yield Remark(Topic.RUNBOOK, mark, f"{step.title}: {step.impact}")


def _compare(before: Runbook | None, after: Runbook) -> Iterator[tuple[Mark, str]]:
    if before is None:
        yield Mark.ADDED, f"a new runbook of {len(after.steps)} steps"
        return
    old, new = {each.id: each for each in before.steps}, {each.id: each for each in after.steps}
    for key, step in new.items():
        if key not in old:
            yield Mark.ADDED, f"step {step.title}"
        elif step != old[key]:
            yield Mark.CHANGED, f"step {step.title}"
    for key, step in old.items():
        if key not in new:
            yield Mark.REMOVED, f"step {step.title}"
    if [each.id for each in before.steps if each.id in new] != [
        each.id for each in after.steps if each.id in old
    ]:
        yield Mark.CHANGED, "the steps stand in another order"
    yield from _constants(before.constants, after.constants)


def _constants(before: tuple[Constant, ...], after: tuple[Constant, ...]) -> Iterator[tuple[Mark, str]]:
    old, new = {each.name: each for each in before}, {each.name: each for each in after}
    for name in [*new, *(each for each in old if each not in new)]:
        if name in OF_THE_CERTIFICATE or (name in old and name in new and old[name] == new[name]):
            continue
        if name not in new:
            yield Mark.REMOVED, f"{name} ({old[name].meaning})"
        elif name not in old:
            yield Mark.ADDED, f"{name}={new[name].value} ({new[name].meaning})"
        else:
            yield Mark.CHANGED, f"{name}: {old[name].value} becomes {new[name].value} ({new[name].meaning})"
