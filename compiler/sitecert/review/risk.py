"""How risky a site's change is: the rules, each with its level and its reason (docs/review.md)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sitecert.model.review import Act, Level, Risk
from sitecert.problems import Problem, Rule, errors
from sitecert.problems.codes import review as codes
from sitecert.review.certificates import is_too_long
from sitecert.review.change import SiteChange
from sitecert.review.names import foreign_names
from sitecert.review.runbooks import interruptions, is_to_be_run, steps_changed


@dataclass(frozen=True, slots=True)
class RiskRule:
    """A reason for a level; `applies` is asked with the site's change and the problems that come with it."""

    level: Level
    reason: str
    applies: Callable[[SiteChange, Collection[Problem]], bool]


def _has(*rules: Rule) -> Callable[[SiteChange, Collection[Problem]], bool]:
    wanted = frozenset(rule.code for rule in rules)
    return lambda _change, found: any(problem.code in wanted for problem in found)


def _key_changed(change: SiteChange, _found: Collection[Problem]) -> bool:
    return {Act.RENEWED, Act.REPLACED} & {*change.acts()} != set()


def _issuer_or_custody(change: SiteChange, _found: Collection[Problem]) -> bool:
    if change.sites is None:
        return False
    before, after = change.sites
    return (before.issuer, before.key.custody) != (after.issuer, after.key.custody)


def _compiled_anew(change: SiteChange, _found: Collection[Problem]) -> bool:
    return change.before.site != change.after.site or change.before.digests != change.after.digests


RISK_RULES = (
    RiskRule(
        Level.HIGH,
        "a request, certificate or key was swapped",
        _has(codes.REQUEST_SWAPPED, codes.CERTIFICATE_SWAPPED, codes.KEY_SWAPPED, codes.GENERATION_LOST),
    ),
    RiskRule(Level.HIGH, "a file under out/ does not follow from its sources", _has(codes.OUTPUT_EDITED)),
    RiskRule(Level.HIGH, "a link or an unsafe path", _has(codes.NOT_A_FILE_IN_GIT, codes.UNSAFE_PATH)),
    RiskRule(Level.HIGH, "the change excuses itself", _has(codes.SELF_EXCUSED)),
    RiskRule(
        Level.HIGH, "a name in service stops working", lambda change, _: bool(change.names_leaving_service)
    ),
    RiskRule(
        Level.HIGH,
        "a site with a certificate in service is retired",
        lambda change, _: change.acts() == (Act.RETIRED,) and change.certificates[0] is not None,
    ),
    RiskRule(Level.HIGH, "it has an error", lambda _, found: bool(errors(list(found)))),
    RiskRule(Level.MEDIUM, "a name under a new domain", lambda change, _: bool(foreign_names(change))),
    RiskRule(
        Level.MEDIUM,
        "a certificate that clients will refuse as too long",
        lambda change, _: is_too_long(change),
    ),
    RiskRule(Level.MEDIUM, "the steps that root runs change", lambda change, _: steps_changed(change)),
    RiskRule(
        Level.MEDIUM,
        "services restart when it is installed",
        lambda change, _: is_to_be_run(change) and bool(interruptions(change)),
    ),
    RiskRule(Level.MEDIUM, "another kind of issuer, or of custody", _issuer_or_custody),
    RiskRule(Level.MEDIUM, "a key was encrypted anew", _has(codes.KEY_REWRAPPED)),
    RiskRule(Level.LOW, "a certificate is to be installed", lambda change, _: is_to_be_run(change)),
    RiskRule(Level.LOW, "a new key and request", _key_changed),
    RiskRule(Level.LOW, "a new site", lambda change, _: not change.before.is_there),
    RiskRule(
        Level.LOW,
        "a site without a certificate is retired",
        lambda change, _: change.acts() == (Act.RETIRED,),
    ),
    RiskRule(Level.LOW, "settings or documents change", _compiled_anew),
)
"""All of them, the highest level first; of a site, those of the highest level that applies are told."""


REPOSITORY_RULES = (
    (Level.HIGH, "who can open the private keys changes", codes.RECIPIENTS_EDITED),
    (Level.HIGH, "which roots are trusted changes", codes.TRUST_CHANGED),
    (Level.MEDIUM, "the policy becomes milder", codes.POLICY_CHANGED),
    (Level.MEDIUM, "what every change document says changes", codes.TEMPLATE_CHANGED),
)
"""What makes a change risky for every site: the level, the reason, the rule whose problem says so."""


def repository_risk(found: Collection[Problem]) -> Risk:
    """Return the highest level that a problem of the whole repository gives, with its reasons."""
    present = {problem.code for problem in found}
    applying = [(level, reason) for level, reason, rule in REPOSITORY_RULES if rule.code in present]
    if not applying:
        return Risk(Level.NONE)
    return Risk(applying[0][0], tuple(reason for level, reason in applying if level is applying[0][0]))


def risk(change: SiteChange, found: Collection[Problem]) -> Risk:
    """Return the highest level of which a rule applies, with the reasons of that level."""
    applying = [rule for rule in RISK_RULES if rule.applies(change, found)]
    if not applying:
        return Risk(Level.NONE)
    level = applying[0].level
    return Risk(level, tuple(rule.reason for rule in applying if rule.level is level))
