"""What was found in files so far, and what was refused or repaired, within the bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from sitecert.pki.certificates import read_certificate
from sitecert.pki.errors import CertificateError
from sitecert.pki.formats.bounds import Bounds
from sitecert.pki.formats.contents import (
    Contents,
    FoundCertificate,
    FoundKey,
    FoundRequest,
    Refusal,
    RefusalKind,
    Repair,
)
from sitecert.pki.formats.errors import ExhaustedError, NotReadError


class Collection:
    """Collects what is found while files are read; every object counts against the bounds.

    `is_part` says that what is being read is a part of what was given: an archive's file, or a folder's.
    What is added or refused raises ExhaustedError where there is too much of it.
    """

    def __init__(self, bounds: Bounds) -> None:
        """Begin with nothing."""
        self.is_part = False
        self._bounds = bounds
        self._certificates: list[FoundCertificate] = []
        self._requests: list[FoundRequest] = []
        self._keys: list[FoundKey] = []
        self._refusals: list[Refusal] = []
        self._repairs: list[Repair] = []

    def contents(self) -> Contents:
        """Return what was found so far."""
        return Contents(
            tuple(self._certificates),
            tuple(self._requests),
            tuple(self._keys),
            tuple(self._refusals),
            tuple(dict.fromkeys(self._repairs)),
        )

    @property
    def count(self) -> int:
        """How many things were found or refused so far."""
        found = len(self._certificates) + len(self._requests) + len(self._keys)
        return found + len(self._refusals)

    @contextmanager
    def refusing(self, origin: str) -> Iterator[None]:
        """Refuse what is not read, so that whatever stands beside it is read all the same."""
        try:
            yield
        except ExhaustedError:
            raise
        except NotReadError as error:
            self.refuse(error, origin)
        except (ValueError, IndexError):  # ASN.1 that lacks an element, wherever that shows
            self.refuse(NotReadError(RefusalKind.DAMAGED, "is damaged"), origin)

    def add_certificate(self, der: bytes, origin: str) -> None:
        """Keep a certificate, or refuse one that is damaged."""
        self._bounds.spend_object()
        try:
            self._certificates.append(FoundCertificate(read_certificate(der), origin))
        except CertificateError:
            self.refuse(NotReadError(RefusalKind.DAMAGED, "is a certificate that is damaged"), origin)

    def add_request(self, der: bytes, origin: str) -> None:
        """Keep a request; raises NotReadError for one that is damaged."""
        self._bounds.spend_object()
        try:
            x509.load_der_x509_csr(der)
        except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
            raise NotReadError(RefusalKind.DAMAGED, "is a certificate request that is damaged") from error
        self._requests.append(FoundRequest(der, origin))

    def add_opened(self, attempt: Callable[[], tuple[PrivateKeyTypes, str | None]], origin: str) -> None:
        """Keep a private key that is under a password, opened or not."""
        try:
            key, password = attempt()
        except ExhaustedError:
            raise
        except NotReadError as error:
            self.add_closed_key(error, origin)
        else:
            self.add_key(FoundKey(key, bool(password), origin))

    def add_closed_key(self, error: NotReadError, origin: str) -> None:
        """Keep a private key that did not open, with the reason."""
        refusal = Refusal(error.kind, str(error), origin)
        self.add_key(FoundKey(None, protected=True, origin=origin, refusal=refusal))

    def add_key(self, key: FoundKey) -> None:
        """Keep a private key."""
        self._bounds.spend_object()
        self._keys.append(key)

    def refuse(self, error: NotReadError, origin: str) -> None:
        """Keep the reason why something was not read."""
        self._bounds.spend_object()
        self._refusals.append(Refusal(error.kind, str(error), origin, self.is_part))

    def end(self, error: ExhaustedError, origin: str) -> None:
        """Keep the reason why nothing more is read; it counts against no bound."""
        self._refusals.append(Refusal(error.kind, str(error), origin))

    def repair(self, clauses: Iterable[str], origin: str) -> None:
        """Keep what was read although it is not as it should be."""
        self._repairs += [Repair(clause, origin) for clause in clauses]
