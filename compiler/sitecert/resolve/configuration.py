"""The repository's configuration, from its document."""

from __future__ import annotations

from sitecert.model.configuration import Configuration
from sitecert.model.document import Document, Mapping, Node, Scalar, Sequence
from sitecert.problems import Problem
from sitecert.problems.codes.settings import REQUIRES_FORM, REQUIRES_OTHER
from sitecert.problems.wording import quoted
from sitecert.resolve.policy import resolve_policy
from sitecert.resolve.requires import is_satisfied


def resolve_configuration(
    document: Document, version: str
) -> tuple[Configuration | None, tuple[Problem, ...]]:
    """Return what `sitecert.yaml` says, and its problems, for a sitecert of `version`.

    There is no configuration where `requires` excludes this version: the rest may mean something else
    to the one that is asked for.
    """
    requires = _scalar(document.root.get("requires"))
    problem = _check_requires(requires, version)
    if problem is not None:
        return None, (problem,)
    defaults = document.root.get("defaults")
    policy, problems = resolve_policy(document)
    configuration = Configuration(
        source=document.path,
        requires=requires,
        recipients=_scalars(document.root.get("recipients")),
        defaults=defaults if isinstance(defaults, Mapping) else None,
        trust=_scalars(document.root.get("trust")),
        policy=policy,
    )
    return configuration, problems


def _check_requires(requires: Scalar | None, version: str) -> Problem | None:
    if requires is None:
        return None
    satisfied = is_satisfied(requires.text, version)
    if satisfied is None:
        message = f"requires: {quoted(requires.text)} cannot be read"
        return REQUIRES_FORM.at(requires.place, message, pointer="/requires")
    if not satisfied:
        message = f"requires: {quoted(requires.text)} excludes this sitecert, {version}"
        return REQUIRES_OTHER.at(requires.place, message, pointer="/requires")
    return None


def _scalar(node: Node | None) -> Scalar | None:
    return node if isinstance(node, Scalar) else None


def _scalars(node: Node | None) -> tuple[Scalar, ...]:
    items = node.items if isinstance(node, Sequence) else ()
    return tuple(item for item in items if isinstance(item, Scalar))
