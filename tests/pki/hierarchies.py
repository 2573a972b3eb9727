"""Certificates of any hierarchy: who is called what, and who signs."""

from __future__ import annotations

from datetime import timedelta

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.x509.oid import NameOID

from support.authority import NOT_BEFORE, rsa_key

HASHES: dict[str, hashes.HashAlgorithm] = {"md5_rsa": hashes.MD5(), "sha1_rsa": hashes.SHA1()}  # noqa: S303 - old roots


def certify(
    label: str,
    signer: str,
    *,
    authority: bool = True,
    key: str | None = None,
    signing_key: str | None = None,
    days: int = 3650,
    extensions: tuple[x509.ExtensionType, ...] = (),
    identifiers: bool = True,
    constrained: bool = True,
) -> x509.Certificate:
    """Return a certificate for `label`, signed by `signer`; keys go by the labels unless told otherwise."""
    own, other = rsa_key(key or label).public_key(), rsa_key(signing_key or signer)
    constraints = (x509.BasicConstraints(ca=authority, path_length=None),) if constrained else ()
    named: tuple[x509.ExtensionType, ...] = (
        x509.SubjectKeyIdentifier.from_public_key(own),
        x509.AuthorityKeyIdentifier.from_issuer_public_key(other.public_key()),
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(label))
        .issuer_name(_name(signer))
        .public_key(own)
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOT_BEFORE)
        .not_valid_after(NOT_BEFORE + timedelta(days=days))
    )
    for extension in (*constraints, *(named if identifiers else ()), *extensions):
        builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
    return builder.sign(other, hashes.SHA256())


def _name(label: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, label)])


def resign(
    certificate: x509.Certificate, signer: str, *, algorithm: str = "sha256_rsa", first_version: bool = False
) -> x509.Certificate:
    """Return a certificate signed anew, as no builder of today would write it.

    `algorithm` is what the certificate claims; where it is none of `HASHES`, the signature is made with
    SHA-256 all the same.
    """
    edited = asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
    body = edited["tbs_certificate"]
    body["signature"] = edited["signature_algorithm"] = {"algorithm": algorithm}
    if first_version:
        body["version"] = "v1"
        del body["extensions"]
    edited["signature_value"] = rsa_key(signer).sign(
        body.dump(force=True), PKCS1v15(), HASHES.get(algorithm, hashes.SHA256())
    )
    return x509.load_der_x509_certificate(edited.dump(force=True))
