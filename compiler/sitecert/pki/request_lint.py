"""A request, linted as its CA will lint it: by way of the certificate that the CA would make of it.

That is signed with a key that everybody knows, for nobody, and thrown away. What the CA decides (issuer,
validity, policies) is right in it, so that every finding is about what was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from sitecert.model.generation import Request
from sitecert.model.names import AlternativeName
from sitecert.model.request import SubjectField
from sitecert.pki.lint import SEVERITIES, LintFinding
from sitecert.pki.validity import PUBLIC_LIMITS

if TYPE_CHECKING:
    from pkilint.validation import ValidatorContainer

ORGANIZATION_VALIDATED = x509.ObjectIdentifier("2.23.140.1.2.2")
DOMAIN_VALIDATED = x509.ObjectIdentifier("2.23.140.1.2.1")
KNOWN_KEY = ec.derive_private_key(1, ec.SECP256R1())
SERIAL = 2**100 + 1
ISSUER = x509.Name(
    [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "US"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example CA"),
        x509.NameAttribute(NameOID.COMMON_NAME, "Example issuing CA"),
    ]
)
CA_FILE = "http://ca.example.com/issuing"
ATTRIBUTE = re.compile(r"\.tbsCertificate\.subject\.rdnSequence\.([0-9]+)")
NAME = re.compile(r"\.subjectAltName\.([0-9]+)")
SPKI = ".subjectPublicKeyInfo"
ASKED = re.compile(r"\.tbsCertificate\.subject(?:PublicKeyInfo)?(?:\.|\Z)|\.subjectAltName(?:\.|\Z)")
"""Where in a certificate the subscriber decides; all else is the CA's, or what sitecert always asks for."""

OUR_PROFILE = frozenset(
    {
        "cabf.serverauth.dv.common_name_attribute_present",
        "cabf.serverauth.ov.common_name_attribute_present",
    }
)
"""What pkilint says of every request: kb39324 step 4 asks for the common name, and CAs issue it."""


class Part(StrEnum):
    """What a finding can be about, beside a field or a name."""

    SUBJECT = "subject"
    KEY = "key"


About = SubjectField | AlternativeName | Part


@dataclass(frozen=True, slots=True)
class RequestFinding:
    """A finding, and what in the request it is about."""

    finding: LintFinding
    about: About


def lint_request(request: Request, *, is_public: bool) -> tuple[RequestFinding, ...]:
    """Return what a CA's lint would say of a request, in the order of pkilint's codes.

    A public CA's is that of the Baseline Requirements: for OV where the subject has an organization, else
    for DV, whose subject is the common name alone (BR 7.1.2.7); any other CA's is RFC 5280.
    """
    from pkilint import finding_filter, loader  # noqa: PLC0415 - a second, where something is linted

    is_ov = any(each.field is SubjectField.ORGANIZATION for each in request.content.subject)
    document = loader.load_der_certificate(_specimen(request, is_ov=is_ov), "request")
    linter, filters = _linter(is_ov=is_ov) if is_public else _private_linter()
    results, _ = finding_filter.filter_results(filters, linter.validate(document.root))
    found = {
        RequestFinding(
            LintFinding(each.finding.code, SEVERITIES[each.finding.severity.name], each.message or ""),
            _about(request, result.node.path, is_ov=is_ov),
        )
        for result in results
        for each in result.finding_descriptions
        if each.finding.severity.name in SEVERITIES
        and each.finding.code not in OUR_PROFILE
        and ASKED.search(result.node.path)
    }
    return tuple(sorted(found, key=lambda each: (each.finding.code, each.finding.message)))


def _about(request: Request, path: str, *, is_ov: bool) -> About:
    """Return what in a request a place in its certificate is about."""
    attribute, name = ATTRIBUTE.search(path), NAME.search(path)
    if name:
        return request.content.alternative_names[int(name[1])]
    if attribute:
        return request.content.subject[int(attribute[1])].field if is_ov else SubjectField.COMMON_NAME
    return Part.KEY if SPKI in path else Part.SUBJECT


def _specimen(request: Request, *, is_ov: bool) -> bytes:
    """Return the certificate (DER) that a CA would make of a request, signed with a key of nobody's."""
    asked = x509.load_pem_x509_csr(request.pem)
    common_names = x509.Name(asked.subject.get_attributes_for_oid(NameOID.COMMON_NAME))
    limit = PUBLIC_LIMITS[-1]
    begins = datetime.combine(limit.since, time(), UTC)
    builder = (
        x509.CertificateBuilder()
        .issuer_name(ISSUER)
        .subject_name(asked.subject if is_ov else common_names)
        .public_key(asked.public_key())
        .serial_number(SERIAL)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=limit.advised, seconds=-1))
    )
    for each in asked.extensions:
        builder = builder.add_extension(each.value, each.critical)
    for value in _of_the_issuer(ORGANIZATION_VALIDATED if is_ov else DOMAIN_VALIDATED):
        builder = builder.add_extension(value, critical=False)
    return builder.sign(KNOWN_KEY, hashes.SHA256()).public_bytes(Encoding.DER)


def _of_the_issuer(policy: x509.ObjectIdentifier) -> Iterator[x509.ExtensionType]:
    """Yield the extensions that a CA adds (BR 7.1.2.7.6)."""
    file, crl = (x509.UniformResourceIdentifier(f"{CA_FILE}.{suffix}") for suffix in ("crt", "crl"))
    yield x509.AuthorityKeyIdentifier.from_issuer_public_key(KNOWN_KEY.public_key())
    yield x509.CertificatePolicies([x509.PolicyInformation(policy, None)])
    issuer = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, file)
    yield x509.AuthorityInformationAccess([issuer])
    yield x509.CRLDistributionPoints([x509.DistributionPoint([crl], None, None, None)])


@cache
def _linter(*, is_ov: bool) -> tuple[ValidatorContainer, tuple[object, ...]]:
    """Return the linter of the Baseline Requirements for OV or DV, and what filters its findings."""
    from pkilint.cabf import serverauth  # noqa: PLC0415 - see lint_request
    from pkilint.cabf.serverauth.serverauth_constants import CertificateType  # noqa: PLC0415
    from pkilint.pkix import certificate  # noqa: PLC0415

    kind = CertificateType.OV_FINAL_CERTIFICATE if is_ov else CertificateType.DV_FINAL_CERTIFICATE
    linter = certificate.create_pkix_certificate_validator_container(
        serverauth.create_decoding_validators(), serverauth.create_validators(kind)
    )
    return linter, tuple(serverauth.create_serverauth_finding_filters(kind))


@cache
def _private_linter() -> tuple[ValidatorContainer, tuple[object, ...]]:
    """Return the linter of RFC 5280."""
    from pkilint.pkix import certificate, extension, name  # noqa: PLC0415 - see lint_request

    linter = certificate.create_pkix_certificate_validator_container(
        certificate.create_decoding_validators(name.ATTRIBUTE_TYPE_MAPPINGS, extension.EXTENSION_MAPPINGS),
        [
            certificate.create_subject_validator_container([]),
            certificate.create_extensions_validator_container([]),
            certificate.create_spki_validator_container([]),
        ],
    )
    return linter, ()
