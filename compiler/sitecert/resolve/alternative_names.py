"""The names that a certificate answers for, in the order in which they stand (docs/design.md section 2)."""

from __future__ import annotations

from collections.abc import Iterator

from sitecert.model.names import AlternativeName, NameKind, PublicSuffixes, WrittenName
from sitecert.model.site import OmittedName, Server
from sitecert.problems.wording import quoted
from sitecert.resolve.names import NameFault, parse_name
from sitecert.resolve.settings import Settings


def read_names(settings: Settings) -> tuple[WrittenName, ...]:
    """Return the common name and the alternative names as written; what is no name is reported."""
    pointers = ["/common_name", *settings.items("/alt_names")]
    names = [_read_name(settings, pointer) for pointer in pointers if pointer in settings.nodes]
    return tuple(name for name in names if name is not None)


def _read_name(settings: Settings, pointer: str) -> WrittenName | None:
    text = settings.text(pointer) or ""
    name = parse_name(text)
    if isinstance(name, NameFault):
        settings.report(name.rule, pointer, f"{quoted(text)} {name.clause}", name.hint)
        return None
    return WrittenName(name, text, pointer)


def add_server_names(
    written: tuple[WrittenName, ...], servers: tuple[Server, ...], suffixes: PublicSuffixes | None
) -> tuple[tuple[AlternativeName, ...], tuple[OmittedName, ...]]:
    """Return the written names followed by the long and short name of each server, and those left out.

    `suffixes` is given for a public issuer, who refuses short and internal names. A name that a person
    wrote is never left out: policy refuses it.
    """
    names = dict.fromkeys(name.name for name in written)
    omitted: dict[str, OmittedName] = {}
    for server in servers:
        for name in _long_and_short(server.name):
            if name in names:
                continue
            if suffixes is None or _is_public(name, suffixes):
                names[name] = None
            else:
                omitted.setdefault(name.value, OmittedName(name.value, server.name))
    return tuple(names), tuple(omitted.values())


def _is_public(name: AlternativeName, suffixes: PublicSuffixes) -> bool:
    """Tell whether a name is one that a public CA issues for (BR 4.2.2)."""
    return not name.is_short and suffixes.suffix_of(name.value) is not None


def _long_and_short(server: str) -> Iterator[AlternativeName]:
    yield AlternativeName(NameKind.DNS, server)
    yield AlternativeName(NameKind.DNS, server.partition(".")[0])
