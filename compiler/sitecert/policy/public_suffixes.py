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
    """Reads the list when the first name is asked for: in half the time where none is internationalised."""

    def suffix_of(self, name: str) -> str | None:
        """Return the public suffix of a name, or None where it ends in no top-level domain."""
        if f".{name}".endswith(NOT_PUBLIC):
            return None
        known = self._with_encoded if "xn--" in name else self._plain
        suffix: str | None = known.publicsuffix(name)
        return suffix

    @cached_property
    def _plain(self) -> PublicSuffixList:
        return _read(with_encoded=False)

    @cached_property
    def _with_encoded(self) -> PublicSuffixList:
        return _read(with_encoded=True)


def _read(*, with_encoded: bool) -> PublicSuffixList:
    """Read the list, with its internationalised suffixes as A-labels or without."""
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - read on first use

    return PublicSuffixList(accept_unknown=False, accept_encoded_idn=with_encoded, only_icann=True)
