"""Rules that the repository's own policy sets for a certificate."""

from __future__ import annotations

from collections.abc import Iterator

from sitecert.model.certificate import IssuedCertificate
from sitecert.model.configuration import Policy
from sitecert.model.document import Place
from sitecert.model.site import Site
from sitecert.pki.certificates import issuer_names
from sitecert.pki.validity import validity_days
from sitecert.problems import Problem
from sitecert.problems.codes.policy import AUTHORITY_NOT_ALLOWED, KEY_TOO_SMALL, VALIDITY_OVER_POLICY
from sitecert.problems.wording import quoted


def check_certificate(
    site: Site, certificate: IssuedCertificate, policy: Policy, place: Place
) -> tuple[Problem, ...]:
    """Return every problem of a site's certificate by a policy; `place` is the file that holds it.

    No date is looked at but the certificate's own: the same certificate is judged the same on any day.
    """
    messages = (
        (AUTHORITY_NOT_ALLOWED, _authority(site, certificate, policy)),
        (VALIDITY_OVER_POLICY, _validity(site, certificate, policy)),
        (KEY_TOO_SMALL, _key(certificate, policy)),
    )
    return tuple(rule.at(place, said, site=site.name) for rule, found in messages for said in found)


def _authority(site: Site, certificate: IssuedCertificate, policy: Policy) -> Iterator[str]:
    allowed = policy.authorities.get(site.issuer)
    if allowed and not set(issuer_names(certificate.leaf_pem)) & {*allowed}:
        yield (
            f"was issued by {quoted(certificate.leaf.issuer)}; policy.authorities.{site.issuer} allows "
            f"{', '.join(allowed)}"
        )


def _validity(site: Site, certificate: IssuedCertificate, policy: Policy) -> Iterator[str]:
    leaf = certificate.leaf
    longest = policy.longest_validity(site.issuer, leaf.not_before.date())
    days = validity_days(leaf)
    if longest is not None and days > longest:
        yield f"is valid for {days} days; policy.validity.{site.issuer} allows {longest}"


def _key(certificate: IssuedCertificate, policy: Policy) -> Iterator[str]:
    bits, least = certificate.leaf.key_bits, policy.minimum_bits
    if bits < least:
        yield f"has a key of {bits} bits; policy.key.minimum_bits is {least}"
