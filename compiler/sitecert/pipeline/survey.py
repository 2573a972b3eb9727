"""From files to sites: load, validate, resolve, policy, with every problem of every file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from types import MappingProxyType

from cryptography import x509

from sitecert import __version__
from sitecert.load.anchors import read_trust
from sitecert.load.data import read_schema
from sitecert.load.files import read_regular
from sitecert.load.sites import SiteFile, find_sites, site_file_at
from sitecert.load.strict_yaml import LARGEST_YAML, parse
from sitecert.model.configuration import Configuration, Policy
from sitecert.model.document import Document, Place
from sitecert.model.site import Site
from sitecert.pki.errors import PkiError
from sitecert.pki.recipients import Recipient, parse_recipient
from sitecert.policy.public_suffixes import bundled_suffixes
from sitecert.policy.repository import check_patterns
from sitecert.policy.site import judge_site
from sitecert.policy.waivers import apply_severities
from sitecert.problems import Problem, Severity
from sitecert.problems.codes.environment import NO_SUCH_SITE
from sitecert.problems.codes.generations import RECIPIENT
from sitecert.resolve.between import check_between
from sitecert.resolve.configuration import resolve_configuration
from sitecert.resolve.site import resolve_site
from sitecert.validate.schema import Validator

CONFIGURATION = "sitecert.yaml"


@dataclass(frozen=True, slots=True)
class Survey:
    """What the repository says, before anything under `out/` is looked at.

    `names` lists every site that has a file; `sites` those that resolved; `texts` holds the files'
    text by path, for showing a line of them; `configuration` is None where `sitecert.yaml` has an error;
    `trust` are the anchors of internal issuers.
    """

    root: Path
    recipients: tuple[Recipient, ...]
    names: tuple[str, ...]
    sites: tuple[Site, ...]
    problems: tuple[Problem, ...]
    texts: Mapping[str, str] = field(repr=False)
    configuration: Configuration | None = field(default=None, repr=False)
    trust: tuple[x509.Certificate, ...] = ()

    @property
    def policy(self) -> Policy:
        """What the repository asks for of its own."""
        return self.configuration.policy if self.configuration else Policy()

    @property
    def severities(self) -> Mapping[str, str]:
        """What `policy.severity` sets, by code."""
        return self.policy.severities

    def select(self, patterns: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
        """Return the names that the patterns choose (all for none), and a problem for each idle pattern."""
        if not patterns:
            return self.names, ()
        idle = [each for each in patterns if not any(fnmatchcase(name, each) for name in self.names)]
        chosen = tuple(name for name in self.names if any(fnmatchcase(name, each) for each in patterns))
        return chosen, tuple(_no_such_site(each, self.names) for each in idle)


def survey(
    root: Path,
    at: date | None = None,
    drafts: Mapping[str, bytes] = MappingProxyType({}),
) -> Survey:
    """Load, validate, resolve and judge every file of the repository.

    `at` is the date for what depends on one (freezes, waivers that ended); without it nothing does, as in
    compile. `drafts` are sites' files by path that are not written yet: they count as if they were.
    """
    reader = _Reader(root, drafts)
    configuration = reader.configuration()
    files, problems = find_sites(root)
    files = tuple(sorted({*files, *map(site_file_at, drafts)}))
    reader.problems += problems
    names = tuple(each.name for each in files)
    if configuration is None:
        return Survey(root, (), names, (), _sorted(reader.problems), reader.texts)
    recipients = reader.recipients(configuration)
    trust, problems = read_trust(root, configuration.trust)
    reader.problems += problems
    sites = [site for each in files if (site := reader.site(each, configuration)) is not None]
    reader.problems += check_between(sites)
    reader.problems += check_patterns(configuration.policy, names)
    reader.judge(sites, configuration, at)
    problems = _sorted(reader.problems)
    return Survey(root, recipients, names, tuple(sites), problems, reader.texts, configuration, trust)


class _Reader:
    """Reads one repository and collects its problems and texts."""

    def __init__(self, root: Path, drafts: Mapping[str, bytes]) -> None:
        self._root = root
        self._drafts = drafts
        self._suffixes = bundled_suffixes()
        self._validator = Validator({name: read_schema(name) for name in ("site", "repository")})
        self.problems: list[Problem] = []
        self.texts: dict[str, str] = {}

    def configuration(self) -> Configuration | None:
        """Return what `sitecert.yaml` says, or None where it has an error."""
        document = self._document(CONFIGURATION, "repository", site=None)
        if document is None:
            return None
        configuration, problems = resolve_configuration(document, __version__)
        self.problems += problems
        return configuration

    def recipients(self, configuration: Configuration) -> tuple[Recipient, ...]:
        """Return the recipients that keys can be encrypted to."""
        recipients = []
        for index, scalar in enumerate(configuration.recipients):
            try:
                recipients.append(parse_recipient(scalar.text))
            except PkiError as error:
                pointer = f"/recipients/{index}"
                self.problems.append(RECIPIENT.at(scalar.place, f"recipients: {error}", pointer=pointer))
        return tuple(recipients)

    def site(self, file: SiteFile, configuration: Configuration) -> Site | None:
        """Return one site, or None where its file has an error."""
        document = self._document(file.path, "site", site=file.name)
        if document is None:
            return None
        site, problems = resolve_site(file.name, document, configuration, self._suffixes)
        self.problems += problems
        return site

    def judge(self, sites: list[Site], configuration: Configuration, at: date | None) -> None:
        """Weigh what was found so far by the policy, then apply every rule and the waivers."""
        policy, has_anchor = configuration.policy, bool(configuration.trust)
        self.problems[:] = apply_severities(self.problems, policy.severities)
        for site in sites:
            self.problems += judge_site(site, policy, self._suffixes, has_anchor=has_anchor, at=at)

    def _document(self, path: str, schema: str, site: str | None) -> Document | None:
        content = self._drafts.get(path) or read_regular(self._root, path, LARGEST_YAML, site=site)
        if isinstance(content, Problem):
            self.problems.append(content)
            return None
        self.texts[path] = content.decode("utf-8", "backslashreplace")
        document, problems = parse(path, content, site=site)
        if document is not None:
            problems += self._validator.check(document, schema, site=site)
        self.problems += problems
        return None if any(each.severity is Severity.ERROR for each in problems) else document


def _no_such_site(pattern: str, names: tuple[str, ...]) -> Problem:
    known = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")  # noqa: PLR2004 - a line's worth
    return NO_SUCH_SITE.at(
        Place("sites", 1, 1), f'no site is named "{pattern}"; there are: {known or "none"}'
    )


def _sorted(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems), key=lambda problem: problem.order))
