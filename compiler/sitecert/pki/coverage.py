"""Which names a certificate answers for (RFC 6125 6.4.3)."""

from __future__ import annotations

from collections.abc import Sequence

from sitecert.model.names import AlternativeName, NameKind


def missing_names(asked: Sequence[AlternativeName], got: Sequence[AlternativeName]) -> list[AlternativeName]:
    """Return the names that were asked for and that no name of the certificate answers for."""
    return [name for name in asked if not any(answers(each, name) for each in got)]


def answers(carried: AlternativeName, name: AlternativeName) -> bool:
    """Tell whether a certificate's name is a name, or a wildcard one level above it."""
    if carried == name:
        return True
    if not carried.is_wildcard or name.kind is not NameKind.DNS or name.is_wildcard:
        return False
    return name.value.partition(".")[2] == carried.value.removeprefix("*.")
