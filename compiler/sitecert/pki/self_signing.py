"""Self-signed certificates: what a request asks for, under its own key (kb39324, Alternate Method 2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa

from sitecert.model.certificate import IssuedCertificate
from sitecert.model.generation import Request
from sitecert.pki.certificates import canonical_pem, read_issued
from sitecert.pki.errors import CertificateError
from sitecert.pki.profile import build_extensions
from sitecert.pki.subjects import build_subject

LONGEST_DAYS = 730
"""The article's; Apple's systems refuse any server certificate of more than 825 days."""

SECOND = timedelta(seconds=1)


def self_sign(key: rsa.RSAPrivateKey, request: Request, not_before: datetime, days: int) -> IssuedCertificate:
    """Return a certificate for what `request` says, signed with `key`, valid for `days` from `not_before`.

    Both ends count (BR 6.3.2). It is a server's and no CA's: digitalSignature, without which Chromium
    refuses it, keyEncipherment, serverAuth, CA:FALSE. The serial number has 159 random bits. Raises
    CertificateError where what was made, parsed again, is not what was asked for.
    """
    subject = build_subject(request.content.subject)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_before + timedelta(days=days) - SECOND)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    for extension, critical in build_extensions(request.content.alternative_names):
        builder = builder.add_extension(extension, critical)
    made = read_issued(canonical_pem(builder.sign(key, hashes.SHA256())), b"")
    _prove(made, request)
    return made


def _prove(made: IssuedCertificate, request: Request) -> None:
    """Hold what was parsed against the request."""
    leaf, content = made.leaf, request.content
    if not leaf.self_signed or leaf.spki_sha256 != request.spki_sha256:
        raise CertificateError("the self-signed certificate is not signed with the request's key")
    if leaf.alternative_names != content.alternative_names:
        raise CertificateError("the self-signed certificate does not carry the request's names")
