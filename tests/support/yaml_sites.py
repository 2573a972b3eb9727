"""Sites from YAML, taken through load, schema, resolve and policy."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

from sitecert.load.data import read_schema
from sitecert.load.strict_yaml import parse
from sitecert.model.configuration import Configuration
from sitecert.model.document import Document
from sitecert.model.names import PublicSuffixes
from sitecert.model.site import Site
from sitecert.policy.public_suffixes import bundled_suffixes
from sitecert.policy.site import judge_site
from sitecert.problems import Problem
from sitecert.resolve.configuration import resolve_configuration
from sitecert.resolve.site import resolve_site
from sitecert.validate.schema import Validator

PATH = "sites/park-nicollet.yaml"
NAME = "park-nicollet"
REPOSITORY = "recipients: [age1example]\ntrust: [internal-root.pem]\n"
REQUIRED = """\
customer: Park Nicollet Health Services
version: 8.1
common_name: smartweb.parknicollet.com
subject: {country: US, state: Minnesota}
"""


def complete(lines: str) -> str:
    """Return a site's file that begins with `lines`, and has the required keys that they leave out."""
    own = {line.partition(":")[0] for line in lines.splitlines()}
    rest = [line for line in REQUIRED.splitlines() if line.partition(":")[0] not in own]
    return "\n".join([*lines.splitlines(), *rest, ""])


def document(text: str, schema: str = "site", path: str = PATH) -> Document:
    """Return the document of a YAML text that has no problem of its own."""
    loaded, problems = parse(path, text.encode())
    assert loaded is not None
    assert (*problems, *_validator().check(loaded, schema)) == ()
    return loaded


def configure(text: str = "") -> Configuration:
    """Return a configuration that has no problem; `text` holds lines of `sitecert.yaml`."""
    configuration, problems = resolve_configuration(
        document(REPOSITORY + text, "repository", "sitecert.yaml"), "0.1.0"
    )
    assert configuration is not None
    assert problems == ()
    return configuration


def resolve(
    lines: str, repository: str = "", name: str = NAME, path: str = PATH
) -> tuple[Site | None, tuple[Problem, ...]]:
    """Resolve a site's file that is completed with the required keys."""
    return resolve_site(name, document(complete(lines), path=path), configure(repository), suffixes())


def resolved(lines: str, repository: str = "", name: str = NAME, path: str = PATH) -> Site:
    """Return a site that resolves without a problem."""
    site, problems = resolve(lines, repository, name, path)
    assert site is not None
    assert problems == ()
    return site


def judge(lines: str, repository: str = "", at: date | None = None) -> tuple[Problem, ...]:
    """Return all problems of a site's file, in their order, as `validate` would on a day."""
    site, problems = resolve(lines, repository)
    if site is not None:
        configuration = configure(repository)
        policy, has_anchor = configuration.policy, bool(configuration.trust)
        problems = (*problems, *judge_site(site, policy, suffixes(), has_anchor=has_anchor, at=at))
    return tuple(sorted(problems, key=lambda problem: problem.order))


def show(problem: Problem) -> str:
    """Return a problem as a line of a table: its place, severity, code and message."""
    place = f"{problem.place.line}:{problem.place.column}"
    return f"{place} {problem.severity} {problem.code} {problem.message}"


def read_cases(path: Path) -> list[tuple[str, list[str]]]:
    r"""Return the cases of a table: lines of YAML and the problems expected; `\\uXXXX` is a character."""
    text = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), path.read_text(encoding="utf-8"))
    cases = [case.split("\n") for case in text.strip().split("\n\n") if not case.startswith("#")]
    return [
        (
            "\n".join(line for line in case if not line.startswith("=> ")),
            [line.removeprefix("=> ") for line in case if line.startswith("=> ")],
        )
        for case in cases
    ]


@cache
def suffixes() -> PublicSuffixes:
    """Return the bundled list, read once in a run."""
    return bundled_suffixes()


@cache
def _validator() -> Validator:
    return Validator({name: read_schema(name) for name in ("site", "repository")})
