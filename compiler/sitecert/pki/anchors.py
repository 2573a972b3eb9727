"""Trust anchors: the roots that a chain may lead to (RFC 5280 6.1.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from cryptography import x509

from sitecert.pki.errors import DerError
from sitecert.pki.issuance import issued
from sitecert.pki.structures import read_certificate_structure


class Anchors:
    """Roots that are trusted, found by name and proved by signature."""

    def __init__(self, certificates: Iterable[x509.Certificate] = ()) -> None:
        """Take the roots; one that cannot be taken apart certifies nothing."""
        by_subject: defaultdict[bytes, list[x509.Certificate]] = defaultdict(list)
        for each in certificates:
            try:
                by_subject[read_certificate_structure(each).subject].append(each)
            except DerError:
                continue
        self._by_subject: Mapping[bytes, list[x509.Certificate]] = by_subject

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._by_subject)

    def issuers_of(self, certificate: x509.Certificate) -> tuple[x509.Certificate, ...]:
        """Return the anchors that signed a certificate; of a trusted root, the root itself."""
        name = read_certificate_structure(certificate).issuer
        return tuple(each for each in self._by_subject.get(name, ()) if issued(each, certificate))
