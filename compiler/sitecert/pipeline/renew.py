"""Renew sites: raise `key.generation` in their files, then compile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sitecert.fleet.renewal import raise_generation
from sitecert.fleet.status import KnownSite, site_status
from sitecert.load.files import read_regular
from sitecert.load.strict_yaml import LARGEST_YAML, parse
from sitecert.model.artifact import Change, Verb
from sitecert.model.document import Mapping, Node, Place, Scalar
from sitecert.model.layout import generation_folder
from sitecert.model.site import Site
from sitecert.pipeline.compile import Compilation, Options, Outcome, Progress
from sitecert.pipeline.status import known_sites
from sitecert.pipeline.survey import Survey, survey
from sitecert.problems import Problem, Rule, errors
from sitecert.problems.codes.environment import CANNOT_WRITE
from sitecert.problems.codes.fleet import NOT_RAISED, NOTHING_TO_RENEW
from sitecert.problems.codes.generations import FROZEN_BY_SITE
from sitecert.resolve.merge import flatten
from sitecert.write.files import replace_file

GENERATION = "/key/generation"
MENDED_BY_RENEWAL = frozenset({FROZEN_BY_SITE.code})
"""What stops a site only until its next generation."""


@dataclass(frozen=True, slots=True)
class Raised:
    """A site whose file was rewritten: where it is, its bytes before, and its new `key.generation`."""

    site: str
    path: str
    before: bytes
    generation: int


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a renewal did.

    `raised` are the sites whose files now name another generation. Those files come first among
    `outcome.changes`, which are all that a commit of the renewal has to hold. `survey` is of the
    files as they are now.
    """

    raised: tuple[Raised, ...]
    outcome: Outcome
    survey: Survey


def due_sites(found: Survey, selected: Sequence[str], at: datetime) -> tuple[str, ...]:
    """Return those of the selected sites that are due at a moment (UTC) and not being renewed yet.

    A site whose file names a generation that was never compiled counts as well: a run may have been
    killed before it came to that. So does one that a problem stops: whether it is due may not be known.
    """
    known = (each for each, _ in known_sites(found, selected))
    return tuple(each.name for each in known if _stops(each) or _is_to_do(each, at))


def renew(found: Survey, names: Sequence[str], options: Options, progress: Progress) -> Renewal:
    """Raise each site's generation by one and compile; the caller holds the repository's lock.

    A site that was raised already and never compiled is compiled. One that cannot be renewed is left
    as it is, with its problem; one whose new generation cannot be made gets its file back.
    """
    raised: list[Raised] = []
    problems: list[Problem] = []
    begun: list[str] = []
    for known, _ in known_sites(found, names):
        if _is_begun(known):
            begun.append(known.name)
            continue
        result = _raise(found.root, known)
        if isinstance(result, Raised):
            raised.append(result)
        else:
            problems += result
    again = survey(found.root)
    chosen = tuple(name for name in names if name in {*begun, *(each.site for each in raised)})
    outcome = Compilation(again, chosen, options).write(progress)
    kept, spoilt = _restore_what_failed(found.root, raised, outcome)
    problems += [*spoilt, *(each for each in outcome.problems if each.site is None or each.site in chosen)]
    told = sorted(set(problems), key=lambda problem: problem.order)
    changes = [Change(Verb.CHANGE, each.path, f"key.generation is {each.generation} now") for each in kept]
    return Renewal(kept, Outcome(tuple(told), (*changes, *outcome.changes), tuple(names)), again)


def _stops(known: KnownSite) -> list[Problem]:
    """Return the errors that stop a renewal too."""
    return [each for each in known.errors if each.code not in MENDED_BY_RENEWAL]


def _is_begun(known: KnownSite) -> bool:
    """Tell whether the file names a generation that was never compiled, beside an older certificate."""
    has_older = any(each.certificate for each in known.generations.values())
    return known.is_stale and known.current is None and has_older and not _stops(known)


def _is_to_do(known: KnownSite, at: datetime) -> bool:
    """Tell whether a site is due, and its next certificate not awaited already."""
    return site_status(known, at).is_due and not known.is_awaited


def _raise(root: Path, known: KnownSite) -> Raised | list[Problem]:
    """Raise one site's generation in its file, or say why not."""
    refusal = _refusal(known)
    site = known.site
    if site is None or refusal:
        return refusal
    content = read_regular(root, site.source, LARGEST_YAML, site=site.name)
    if isinstance(content, Problem):
        return [content]
    number = site.key.generation + 1
    written = _raised_text(site.source, content, number)
    if written is None:
        return [_at_generation(site, NOT_RAISED, f"{number} cannot be written here without changing more")]
    try:
        replace_file(root / site.source, written)
    except OSError as error:
        return [_cannot_write(site.source, error, site.name)]
    return Raised(site.name, site.source, content, number)


def _refusal(known: KnownSite) -> list[Problem]:
    """Return why a site has nothing to renew, where that is so."""
    site, stops = known.site, _stops(known)
    if site is None or stops or (known.current and known.current.certificate):
        return stops
    if known.is_stale:
        clause, hint = "is not compiled yet", f"run `sitecert compile {site.name}`"
    else:
        clause = "has no certificate yet"
        hint = f"see what is awaited with `sitecert status {site.name}`"
    return [_at_generation(site, NOTHING_TO_RENEW, f"generation {site.key.generation} {clause}", hint)]


def _raised_text(path: str, content: bytes, number: int) -> bytes | None:
    """Return a site's file with its generation raised, or None where that would change anything else."""
    document, _ = parse(path, content)
    if document is None:
        return None
    written = raise_generation(content.decode("utf-8"), document.root, number).encode("utf-8")
    again, problems = parse(path, written)
    if again is None or errors(problems):
        return None
    expected = {"/key": Mapping, **_said(document.root), GENERATION: (str(number), True)}
    return written if _said(again.root) == expected else None


def _said(root: Mapping) -> dict[str, object]:
    """Return what a file says by JSON pointer, without the places."""
    return {pointer: _value(node) for pointer, node in flatten(root)}


def _value(node: Node) -> object:
    return (node.text, node.plain) if isinstance(node, Scalar) else type(node)


def _restore_what_failed(
    root: Path, raised: Sequence[Raised], outcome: Outcome
) -> tuple[tuple[Raised, ...], list[Problem]]:
    """Give back the files of sites whose new generation was not made; return the others, and problems."""
    stopped = {problem.site for problem in errors(outcome.problems)}
    kept: list[Raised] = []
    problems: list[Problem] = []
    for each in raised:
        is_made = (root / generation_folder(each.site, each.generation)).is_dir()
        if is_made or not stopped & {None, each.site}:
            kept.append(each)
            continue
        try:
            replace_file(root / each.path, each.before)
        except OSError as error:
            kept.append(each)
            problems.append(_cannot_write(each.path, error, each.site))
    return tuple(kept), problems


def _at_generation(site: Site, rule: Rule, clause: str, hint: str = "") -> Problem:
    message = f"key.generation: {clause}"
    return rule.at(site.place(GENERATION), message, hint=hint, pointer=GENERATION, site=site.name)


def _cannot_write(path: str, error: OSError, site: str) -> Problem:
    message = f"cannot be written: {(error.strerror or str(error)).lower()}"
    return CANNOT_WRITE.at(Place(path, 1, 1), message, site=site)
