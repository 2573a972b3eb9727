"""What a change to the repository means: two states laid out, read by the same loaders, compared."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sitecert.load.data import is_our_own
from sitecert.load.files import leads_outside
from sitecert.load.strict_yaml import parse
from sitecert.model import document as nodes
from sitecert.model.document import Place
from sitecert.model.layout import EVIDENCE, KEY, OUTPUT, site_folder
from sitecert.model.review import Level, Mark, Remark, Review, StateLabel, Topic
from sitecert.pipeline.compile import Compilation, Options, Outcome
from sitecert.pipeline.excuses import Judge, excuses
from sitecert.pipeline.judgement import judge_generation
from sitecert.pipeline.sides import ELSEWHERE, Side, read_side
from sitecert.pipeline.survey import CONFIGURATION, survey
from sitecert.policy.public_suffixes import bundled_suffixes
from sitecert.policy.waivers import apply_severities
from sitecert.problems import Problem, errors
from sitecert.problems.codes.review import NO_HISTORY
from sitecert.repo.history import Entry, History, HistoryError, open_history
from sitecert.repo.layout import laid_out
from sitecert.review.change import SiteChange
from sitecert.review.compare import site_problems, site_review
from sitecert.review.findings import of_site, sort_findings
from sitecert.review.output import output_problems
from sitecert.review.reach import reached_sites
from sitecert.review.repository import Finding, RepositoryState, repository_findings
from sitecert.review.risk import repository_risk
from sitecert.review.touched import site_candidates, touched_sites

SITES, TEMPLATES = "sites", "templates"
LEVELS = tuple(Level)
OWNED = (CONFIGURATION, SITES, OUTPUT, TEMPLATES)
"""What sitecert reads of a repository."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which states to compare; without `head` that is HEAD, or with `work_tree` what is not committed yet."""

    base: str | None = None
    head: str | None = None
    work_tree: bool = False


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What came of it: the review (None where there is nothing to compare), its problems, the head's texts.

    `problems` are those that the change brings, and every error that stands in a site that it touches.
    """

    review: Review | None
    problems: tuple[Problem, ...]
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class _States:
    """The two trees that are compared, and how people call them."""

    base: StateLabel
    head: StateLabel


@dataclass(frozen=True, slots=True)
class Everywhere:
    """What a change of `sitecert.yaml` does to sites that the change does not touch otherwise.

    `reached` mean something else now, `problems` come with it; `keys` is how many encrypted keys stand
    in the new state.
    """

    reached: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    keys: int = 0


def review(root: Path, asked: Asked, at: date) -> Reviewed:
    """Compare two states of the repository at `root`; nothing in it is touched.

    `at` is today's date, for waivers that end.
    """
    try:
        with open_history(root) as history:
            states = _choose(history, asked)
            if isinstance(states, Problem):
                return Reviewed(None, (states,))
            return _compare(history, states, () if is_our_own(root) else (TEMPLATES,), at)
    except HistoryError as error:
        return Reviewed(None, (NO_HISTORY.at(Place(".git", 1, 1), str(error)),))


def _choose(history: History, asked: Asked) -> _States | Problem:
    """Return the two states, or the problem that one of them is not there."""
    head_name = asked.head or "HEAD"
    head = history.commit(head_name)
    if head is None:
        return _missing(head_name, "head")
    base_name = asked.base or history.default_base()
    if base_name is None:
        return NO_HISTORY.at(
            Place(".git", 1, 1),
            "there is no branch main, here or at origin",
            hint="name the base with --base",
        )
    base = history.commit(base_name)
    if base is None:
        return _missing(base_name, "base")
    fork = history.fork_point(base, head)
    if fork is None and history.is_shallow:
        message = f"this clone is too shallow to know where {head_name} left {base_name}"
        return NO_HISTORY.at(Place(".git", 1, 1), message)
    compared = (
        StateLabel("the work tree", history.work_tree(OWNED))
        if asked.work_tree
        else StateLabel(head_name, head)
    )
    return _States(StateLabel(base_name, fork or base), compared)


def _missing(name: str, which: str) -> Problem:
    return NO_HISTORY.at(Place(".git", 1, 1), f"the {which} {name} names no commit of this clone")


def _compare(history: History, states: _States, overrides: tuple[str, ...], at: date) -> Reviewed:
    """Compare two states; `overrides` are the folders whose templates take the place of sitecert's own."""
    trees = (states.base.commit, states.head.commit)
    differing = history.changed_paths(*trees)
    paths = tuple(path for path in differing if overrides or not path.startswith(f"{TEMPLATES}/"))
    files = [f"{SITES}/{name}.yaml" for name in sorted(site_candidates(paths))]
    listed = [history.entries(tree, (CONFIGURATION, *files)) for tree in trees]
    touched = touched_sites(paths, {_site_of(each.path) for entries in listed for each in entries})
    common = (CONFIGURATION, *_anchors(history, trees, listed))
    everywhere = _everywhere(history, trees, common, touched, at) if CONFIGURATION in paths else Everywhere()
    wanted = (*overrides, *common, *_wanted(touched, paths))
    with laid_out(history, [history.entries(tree, wanted) for tree in trees]) as sides:
        before, after = (read_side(each, touched, at) for each in sides)
        with_file = tuple(name for name in touched if name in after.found.names)
        compiled = Compilation(after.found, with_file, Options()).foresee()
    return _Comparison(states, paths, before, after, compiled, everywhere, at).reviewed()


def _site_of(path: str) -> str:
    """Return the name of the site whose file a path is."""
    return path.removeprefix(f"{SITES}/").removesuffix(".yaml")


def _anchors(history: History, trees: Iterable[str], listed: Iterable[Iterable[Entry]]) -> tuple[str, ...]:
    """Return the files that `trust` names in either state's `sitecert.yaml`, which is among the listed."""
    configurations = {
        each.oid: each
        for entries in listed
        for each in entries
        if each.path == CONFIGURATION and each.is_file
    }
    contents = history.read(configurations.values())
    named = sorted({name for _, content in contents for name in _trusted(content)})
    return tuple(dict.fromkeys(path for tree in trees for path in history.single_files(tree, named)))


def _trusted(configuration: bytes) -> Iterator[str]:
    """Yield the paths below `trust`, whatever else is wrong with the file."""
    document = parse(CONFIGURATION, configuration)[0]
    trust = document.root.get("trust") if document else None
    for item in trust.items if isinstance(trust, nodes.Sequence) else ():
        if isinstance(item, nodes.Scalar) and item.text and not leads_outside(item.text):
            yield item.text


def _wanted(touched: Sequence[str], paths: Sequence[str]) -> tuple[str, ...]:
    """Return what is laid out of the sites: those that are touched, whole, and other paths that differ."""
    sites = [path for name in touched for path in (f"{SITES}/{name}.yaml", site_folder(name))]
    others = [path for path in paths if path.partition("/")[0] in (SITES, OUTPUT)]
    return tuple(dict.fromkeys([*sites, *others]))


def _everywhere(
    history: History, trees: tuple[str, str], common: Sequence[str], touched: Sequence[str], at: date
) -> Everywhere:
    """Read every site's file of both states: what `sitecert.yaml`, one of the `common` files, says of all."""
    with laid_out(history, [history.entries(tree, (*common, SITES)) for tree in trees]) as sides:
        before, after = (survey(each.root, at) for each in sides)
    keys = sum(entry.path.endswith(f"/{KEY}") for entry in history.entries(trees[1], (OUTPUT,)))
    untouched = frozenset(after.names) - set(touched)
    found = sort_findings(*(_of_sites(each.problems, untouched) for each in (before, after)))
    return Everywhere(reached_sites(before.sites, after.sites, touched), found.new, keys)


def _of_sites(problems: Sequence[Problem], names: Collection[str]) -> list[Problem]:
    return [problem for problem in problems if problem.site in names]


class _Comparison:
    """Two sides and everything that is known of them, put together."""

    def __init__(
        self,
        states: _States,
        paths: tuple[str, ...],
        before: Side,
        after: Side,
        compiled: Outcome,
        everywhere: Everywhere,
        at: date,
    ) -> None:
        self._states = states
        self._paths = paths
        self._before = before
        self._after = after
        self._compiled = compiled
        self._everywhere = everywhere
        suffixes = bundled_suffixes()
        self._changes = [
            SiteChange(name, before.states[name], state, suffixes) for name, state in after.states.items()
        ]
        fresh = {change.name: change.fresh for change in self._changes}
        self._judge = Judge(suffixes, at, fresh)
        present = [each for each in compiled.problems if each.code not in ELSEWHERE]
        for site in after.found.sites:
            for generation in fresh[site.name]:
                present += judge_generation(site, generation, after.found.policy)
        self._present = tuple(present)

    def reviewed(self) -> Reviewed:
        """Return the review and its problems."""
        repository = self._repository()
        own = self._own_problems(repository)
        found = sort_findings(self._before.problems, self._present)
        new = (*own, *found.new)
        sites = tuple(
            site_review(
                change,
                of_site(new, change.name),
                of_site(found.fixed, change.name) if change.after.site else (),
            )
            for change in self._changes
        )
        sites = tuple(sorted(sites, key=lambda site: (LEVELS.index(site.risk.level), site.name)))
        remarks = tuple(finding.remark for finding in repository) + self._blindness()
        review = Review(
            self._states.base,
            self._states.head,
            repository_risk(own),
            remarks,
            sites,
            self._everywhere.reached,
            self._unread(),
        )
        problems = {*new, *errors(list(found.standing)), *self._everywhere.problems}
        return Reviewed(review, tuple(sorted(problems, key=lambda each: each.order)), self._after.found.texts)

    def _unread(self) -> tuple[str, ...]:
        """Return the paths that differ and that sitecert does not read."""
        configurations = [side.found.configuration for side in (self._before, self._after)]
        anchors = {each.text for found in configurations if found for each in found.trust}
        read = (*OWNED, EVIDENCE)
        return tuple(
            path for path in self._paths if path.partition("/")[0] not in read and path not in anchors
        )

    def _blindness(self) -> tuple[Remark, ...]:
        """Say where an error stops every site: nobody looked whether `out/` follows from its sources."""
        if not self._changes or None not in {problem.site for problem in errors(list(self._present))}:
            return ()
        text = "an error stops every site, so that out/ was not held against its sources: mend that first"
        return (Remark(Topic.OUTPUT, Mark.ALERT, text),)

    def _repository(self) -> tuple[Finding, ...]:
        before, after = (
            RepositoryState(side.found.configuration, side.found.recipients)
            for side in (self._before, self._after)
        )
        return repository_findings(before, after, self._paths, self._everywhere.keys)

    def _own_problems(self, repository: Sequence[Finding]) -> tuple[Problem, ...]:
        """Return what is wrong with the difference itself, weighed by the policy that stood before it."""
        folders = {site_folder(change.name): change.name for change in self._changes}
        found = [finding.problem for finding in repository if finding.problem]
        found += [problem for change in self._changes for problem in site_problems(change)]
        found += output_problems(self._compiled.changes, self._paths, folders)
        found += self._after.unfit
        found += excuses(self._before.found, self._after.found, self._present, self._judge)
        return apply_severities(found, self._before.found.severities)
