"""Who issued whom: by name, key identifier and signature (RFC 5280 6.1.3, docs/facts.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from sitecert.pki.errors import CertificateError, DerError
from sitecert.pki.extensions import (
    AUTHORITY_KEY_IDENTIFIER,
    BASIC_CONSTRAINTS,
    SUBJECT_KEY_IDENTIFIER,
    read_authority_key_identifier,
    read_basic_constraints,
    read_subject_key_identifier,
)
from sitecert.pki.structures import CertificateStructure, read_certificate_structure

MOST_CERTIFICATES = 50
"""What is looked at: every one is held against every other."""

BROKEN_HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "1.2.840.113549.1.1.4": hashes.MD5(),  # noqa: S303 - to tell who signed, never to trust it
    "1.2.840.113549.1.1.5": hashes.SHA1(),  # noqa: S303 - the same
}
"""RSA signatures, by their algorithm, that cryptography verifies in no certificate."""


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the lower-case hexadecimal SHA-256 of the DER certificate."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def distinct(certificates: Iterable[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """Return certificates in order, each once; raises CertificateError for more than any CA sends."""
    different = tuple({fingerprint(each): each for each in certificates}.values())
    if len(different) > MOST_CERTIFICATES:
        raise CertificateError(f"there are {len(different)} certificates; {MOST_CERTIFICATES} are allowed")
    return different


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether a certificate may issue others: it says CA:TRUE, or is a root older than extensions."""
    try:
        constraints = read_certificate_structure(certificate).extension(BASIC_CONSTRAINTS)
        if constraints is not None:
            return read_basic_constraints(constraints)
    except DerError:
        return False
    return certificate.version is x509.Version.v1 and is_self_signed(certificate)


def is_self_signed(certificate: x509.Certificate) -> bool:
    """Whether a certificate is signed with its own key.

    A signature that is no longer checked (an old root's SHA-1 or MD5) counts where the names agree.
    """
    structure = read_certificate_structure(certificate)
    return structure.issuer == structure.subject and _verifies(certificate, certificate) is not False


def issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Whether `issuer` signed `certificate`.

    The names agree, the key identifiers do not contradict each other (OpenSSL looks at them too), and
    the signature verifies.
    """
    above, below = read_certificate_structure(issuer), read_certificate_structure(certificate)
    return (
        below.issuer == above.subject
        and _identifiers_agree(above, below)
        and _verifies(issuer, certificate) is True
    )


def _identifiers_agree(issuer: CertificateStructure, certificate: CertificateStructure) -> bool:
    named, own = certificate.extension(AUTHORITY_KEY_IDENTIFIER), issuer.extension(SUBJECT_KEY_IDENTIFIER)
    if named is None or own is None:
        return True
    try:
        return read_authority_key_identifier(named) in {None, read_subject_key_identifier(own)}
    except DerError:
        return False


def _verifies(issuer: x509.Certificate, certificate: x509.Certificate) -> bool | None:
    """Return whether the signature verifies, or None where its algorithm is not one that is checked."""
    try:
        if _has_broken_hash(certificate):
            _verify_broken_hash(issuer, certificate)
        else:
            certificate.verify_directly_issued_by(issuer)
    except InvalidSignature:
        return False
    except (UnsupportedAlgorithm, ValueError, TypeError):
        return None
    return True


def _has_broken_hash(certificate: x509.Certificate) -> bool:
    return read_certificate_structure(certificate).signature_algorithm in BROKEN_HASHES


def _verify_broken_hash(issuer: x509.Certificate, certificate: x509.Certificate) -> None:
    """Verify what cryptography refuses to: who signed is worth knowing, though nobody should trust it."""
    key = issuer.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise UnsupportedAlgorithm("only RSA signed with these hashes")
    algorithm = BROKEN_HASHES[read_certificate_structure(certificate).signature_algorithm]
    key.verify(certificate.signature, certificate.tbs_certificate_bytes, PKCS1v15(), algorithm)
