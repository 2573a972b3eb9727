"""The public suffix list that comes with `publicsuffixlist`."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

    from sitecert.model.names import PublicSuffixes

# Top-level domains of the list that have no names in the public DNS: the home network's (RFC 8375).
NOT_PUBLIC = (".home.arpa",)


@cache
def bundled_suffixes() -> PublicSuffixes:
    """Return the list as it was when the package was made (ICANN section); it is read once, on first use."""
    return _BundledSuffixes()


class _BundledSuffixes:
    """Reads the list when the first name is asked for: 40 ms that internal sites need not pay."""

    def suffix_of(self, name: str) -> str | None:
        """Return the public suffix of a name, or None where it ends in no top-level domain."""
        if f".{name}".endswith(NOT_PUBLIC):
            return None
        suffix: str | None = self._list.publicsuffix(name)
        return suffix

    @cached_property
    def _list(self) -> PublicSuffixList:
        from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - read on first use

        return PublicSuffixList(accept_unknown=False, only_icann=True)
