"""A new site from the certificate that a host serves today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sitecert.model.names import AlternativeName
from sitecert.model.verification import Address, Redirection
from sitecert.pipeline.draft import FromCertificate, draft_from_leaf
from sitecert.pki.certificates import read_certificate
from sitecert.pki.coverage import missing_names
from sitecert.problems import Rule
from sitecert.resolve.names import parse_name
from sitecert.verify.endpoints import RedirectionError, place_at
from sitecert.verify.handshake import Failure
from sitecert.verify.look import look

__all__ = ["NotServedError", "RedirectionError", "draft_from_host"]


class NotServedError(Exception):
    """A host that shows no certificate: the rule, and a clause for the user."""

    def __init__(self, rule: Rule, message: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.rule = rule
        self.message = message


def draft_from_host(
    address: Address, redirections: Sequence[Redirection], seconds: float, issuer: str | None
) -> FromCertificate:
    """Ask a host for its certificate, whatever that is worth, and read it into a site's fields.

    The first certificate that is sent is the server's own (RFC 8446 4.4.2). Raises NotServedError where
    none comes within `seconds`, RedirectionError, and PkiError as `draft_from_certificate` does.
    """
    name = parse_name(address.host)
    if not isinstance(name, AlternativeName):
        raise NotServedError(name.rule, f"{address.host} {name.clause}")
    (seen,) = look([place_at(address, redirections)], [name], seconds)
    if isinstance(seen.outcome, Failure):
        raise NotServedError(seen.outcome.rule, f"{address}: {seen.outcome.message}")
    leaf, *chain = map(read_certificate, seen.outcome.certificates)
    taken = draft_from_leaf(leaf, chain, issuer)
    issued = taken.generation.certificate
    if issued is None or not missing_names([name], issued.leaf.alternative_names):
        return taken
    clause = f"{name.value}: the certificate that it serves does not answer for it"
    return replace(taken, left_out=(*taken.left_out, clause))
