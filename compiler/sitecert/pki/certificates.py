"""Certificates: reading them, their facts, writing them canonically (RFC 5280)."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from warnings import catch_warnings

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning

from sitecert.model.certificate import CertificateFacts, IssuedCertificate
from sitecert.model.names import AlternativeName, NameKind
from sitecert.pki.der import DNS_NAME, IP_NAME, Element
from sitecert.pki.errors import CertificateError, PemError
from sitecert.pki.extensions import SUBJECT_ALTERNATIVE_NAME, describe_general_name, read_general_names
from sitecert.pki.issuance import distinct, fingerprint, is_authority, is_self_signed, issued
from sitecert.pki.keys import spki_sha256
from sitecert.pki.names import describe_name, read_name
from sitecert.pki.pem import PemBlock, pem_blocks, write_pem
from sitecert.pki.structures import CertificateStructure, read_certificate_structure

LABEL = "CERTIFICATE"
LABELS = (LABEL, "X509 CERTIFICATE")
COMMON_NAME = "2.5.4.3"
ORGANIZATION = "2.5.4.10"


def read_certificates(pem: bytes) -> tuple[x509.Certificate, ...]:
    """Return the certificates of a PEM text in the order in which they stand.

    Line ends may be CRLF, and text may stand around the blocks. Raises CertificateError where a block is
    anything but a certificate, a private key above all, or where there is none.
    """
    try:
        blocks = pem_blocks(pem)
    except PemError as error:
        raise CertificateError(str(error)) from error
    if not blocks:
        raise CertificateError("there is no PEM certificate")
    return tuple(_read_block(number, block) for number, block in enumerate(blocks, 1))


def read_certificate(der: bytes) -> x509.Certificate:
    """Return the certificate that DER bytes are; raises CertificateError."""
    try:
        # Roots of internal CAs often have serial number 0, which cryptography warns of: no user can mend it.
        with catch_warnings(action="ignore", category=CryptographyDeprecationWarning):
            return x509.load_der_x509_certificate(der)
    except (ValueError, x509.InvalidVersion) as error:
        raise CertificateError("no certificate that can be read") from error


def canonical_pem(*certificates: x509.Certificate) -> bytes:
    """Return certificates as PEM in lines of 64 characters, LF, without any text around."""
    return b"".join(write_pem(LABEL, each.public_bytes(Encoding.DER)) for each in certificates)


def certificate_facts(certificate: x509.Certificate) -> CertificateFacts:
    """Return the facts of one certificate; raises CertificateError where they can not be read.

    Alternative names are the DNS names, in lower case, and the IP addresses; `key_bits` is 0 for a kind
    of key that has no size.
    """
    try:
        structure = read_certificate_structure(certificate)
        key = certificate.public_key()
        return CertificateFacts(
            subject=describe_name(structure.subject),
            issuer=describe_name(structure.issuer),
            common_name=_common_name(structure),
            alternative_names=_alternative_names(structure),
            serial=structure.serial,
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
            fingerprint=fingerprint(certificate),
            spki_sha256=spki_sha256(key),
            key_bits=getattr(key, "key_size", 0),
            self_signed=is_self_signed(certificate),
        )
    except CertificateError:
        raise
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CertificateError("the certificate can not be understood") from error


def issuer_names(pem: bytes) -> tuple[str, ...]:
    """Return the organizations and common names in the issuer of a PEM certificate that was read before."""
    structure = read_certificate_structure(x509.load_pem_x509_certificate(pem))
    attributes = [each for group in read_name(structure.issuer) for each in group]
    return tuple(each.text for each in attributes if each.text and each.oid in {ORGANIZATION, COMMON_NAME})


def certificate_label(certificate: x509.Certificate) -> str:
    """Return words by which a user knows a certificate: its subject and when it ends."""
    subject = describe_name(read_certificate_structure(certificate).subject) or "no subject"
    return f"{subject} (until {certificate.not_valid_after_utc:%Y-%m-%d})"


def split_leaf(certificates: Sequence[x509.Certificate]) -> x509.Certificate:
    """Return the one server certificate among certificates, copies of which count once.

    Raises CertificateError where there is none or more than one, and names them; and for more
    certificates than any CA sends.
    """
    different = distinct(certificates)
    leaves = [each for each in different if not is_authority(each) and not _issued_any(each, different)]
    if len(leaves) == 1:
        return leaves[0]
    named = "; ".join(certificate_label(each) for each in leaves or different)
    if leaves:
        raise CertificateError(f"there are {len(leaves)} server certificates where one belongs: {named}")
    raise CertificateError(f"there is no server certificate, only those of CAs: {named}")


def issued_certificate(leaf: x509.Certificate, chain: Sequence[x509.Certificate]) -> IssuedCertificate:
    """Return a leaf and its intermediates, the leaf's issuer first, as the model has them.

    Raises CertificateError where one of them can not be understood.
    """
    return IssuedCertificate(
        leaf=certificate_facts(leaf),
        chain=tuple(certificate_facts(each) for each in chain),
        leaf_pem=canonical_pem(leaf),
        chain_pem=canonical_pem(*chain),
    )


def read_issued(leaf_pem: bytes, chain_pem: bytes) -> IssuedCertificate:
    """Read `leaf.crt`, and `chain.crt` where there is one (else empty), keeping the chain's order.

    Raises CertificateError.
    """
    leaves = read_certificates(leaf_pem)
    if len(leaves) != 1:
        raise CertificateError(f"there are {len(leaves)} certificates where the leaf alone belongs")
    return issued_certificate(leaves[0], read_certificates(chain_pem) if chain_pem else ())


def _read_block(number: int, block: PemBlock) -> x509.Certificate:
    if block.is_private_key:
        raise CertificateError("a private key stands beside the certificates: treat that key as disclosed")
    if block.label not in LABELS:
        raise CertificateError(f"PEM block {number} is a {block.label}; a {LABEL} is expected")
    if block.der is None:
        raise CertificateError(f"PEM block {number} is damaged: it is not base64")
    try:
        return read_certificate(block.der)
    except CertificateError as error:
        raise CertificateError(f"PEM block {number} is {error}") from error


def _issued_any(candidate: x509.Certificate, certificates: Sequence[x509.Certificate]) -> bool:
    return any(issued(candidate, each) for each in certificates if each != candidate)


def _common_name(structure: CertificateStructure) -> str | None:
    names = [each.text for group in read_name(structure.subject) for each in group if each.oid == COMMON_NAME]
    return names[-1] if names else None


def _alternative_names(structure: CertificateStructure) -> tuple[AlternativeName, ...]:
    value = structure.extension(SUBJECT_ALTERNATIVE_NAME)
    if value is None:
        return ()
    return tuple(
        _alternative_name(each) for each in read_general_names(value) if each.tag in {DNS_NAME, IP_NAME}
    )


def _alternative_name(name: Element) -> AlternativeName:
    if name.tag == DNS_NAME and name.content.isascii() and name.content.decode().isprintable():
        return AlternativeName(NameKind.DNS, name.content.decode().lower())
    if name.tag == IP_NAME and len(name.content) in {4, 16}:
        return AlternativeName(NameKind.IP, str(ip_address(name.content)))
    raise CertificateError(f"subjectAltName holds {describe_general_name(name)}, which is no name")
