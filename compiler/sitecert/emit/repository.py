"""The files of a new certificate repository, and of a new site."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sitecert.model.draft import SiteDraft

PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/+@-]*[A-Za-z0-9._/+@-])?")
# What other readers of YAML, editors above all, take for something else than text.
NOT_TEXT = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})
SITE_TEMPLATE = "site.yaml.j2"
HIDDEN = "dot-"


def yaml_text(value: str) -> str:
    """Return a scalar that the strict loader reads back as `value`: plain where that is safe, else quoted."""
    if PLAIN.fullmatch(value) and value.lower() not in NOT_TEXT:
        return value
    if value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return f'"{"".join(map(_escaped, value))}"'


def _escaped(character: str) -> str:
    r"""Return a character as it stands between double quotes; what does not show as `\\UXXXXXXXX`."""
    if character in {'"', "\\"}:
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08X}"


def repository_files(
    skeleton: Mapping[str, bytes], recipients: Sequence[str], version: str
) -> dict[str, bytes]:
    """Return the files of a new repository by their path in it.

    In the skeleton, `dot-` stands for a leading dot and `.j2` marks a template.
    """
    environment = _environment(skeleton)
    files: dict[str, bytes] = {}
    for name, content in skeleton.items():
        if name == SITE_TEMPLATE:
            continue
        path = "/".join(re.sub(f"^{HIDDEN}", ".", part) for part in name.removesuffix(".j2").split("/"))
        is_template = name.endswith(".j2")
        files[path] = (
            environment.get_template(name).render(recipients=recipients, version=version).encode()
            if is_template
            else content
        )
    return files


def site_files(skeleton: Mapping[str, bytes], drafts: Mapping[str, SiteDraft]) -> dict[str, bytes]:
    """Return a commented file for each new site, by the sites' names."""
    template = _environment(skeleton).get_template(SITE_TEMPLATE)
    return {
        name: template.render(site=draft, schema=_schema_seen_from(name)).encode()
        for name, draft in drafts.items()
    }


def _schema_seen_from(site: str) -> str:
    """Return the path of the sites' schema, seen from a site's file; a group's lies one folder deeper."""
    return "../" * (site.count("/") + 1) + "schema/site.schema.json"


def _environment(skeleton: Mapping[str, bytes]) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=DictLoader({name: text.decode() for name, text in skeleton.items()}),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters["yaml"] = yaml_text
    return environment
