"""A certificate authority for tests: a root, an intermediate, and leaves for any public key."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOT_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
ALLOWED_DAYS = 825
"""As long as a certificate of any CA may live."""

LONG_DAYS = 3650
"""For what is installed by the real clock: it is valid whenever the suite is run."""

SERVER_USAGE = x509.KeyUsage(
    digital_signature=True,
    key_encipherment=True,
    content_commitment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
ARTICLE_USAGE = x509.KeyUsage(
    digital_signature=False,
    key_encipherment=True,
    content_commitment=False,
    data_encipherment=True,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
"""What kb39324's alternate method asks for."""

AUTHORITY_USAGE = x509.KeyUsage(
    digital_signature=False,
    key_encipherment=False,
    content_commitment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


@cache
def rsa_key(label: str = "leaf", bits: int = 2048) -> rsa.RSAPrivateKey:
    """Return one RSA key for each label and size; made once in a run."""
    del label
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def pem(*certificates: x509.Certificate) -> bytes:
    """Return certificates as PEM, in the order given."""
    return b"".join(each.public_bytes(serialization.Encoding.PEM) for each in certificates)


@dataclass
class Authority:
    """A root and an intermediate that issue leaves."""

    label: str = "test"
    root: x509.Certificate = field(init=False)
    intermediate: x509.Certificate = field(init=False)

    def __post_init__(self) -> None:
        """Sign the root and the intermediate."""
        root_key, intermediate_key = self._keys()
        root_name, intermediate_name = self._name("root"), self._name("issuing")
        self.root = self._certify(root_name, root_name, root_key, root_key.public_key(), path_length=1)
        self.intermediate = self._certify(
            intermediate_name, root_name, root_key, intermediate_key.public_key(), path_length=0
        )

    def _keys(self) -> tuple[rsa.RSAPrivateKey, rsa.RSAPrivateKey]:
        return rsa_key(f"{self.label} root"), rsa_key(f"{self.label} issuing")

    def _name(self, role: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{self.label} {role} example CA")])

    def _certify(
        self,
        subject: x509.Name,
        issuer: x509.Name,
        signer: rsa.RSAPrivateKey,
        public_key: rsa.RSAPublicKey,
        path_length: int,
    ) -> x509.Certificate:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOT_BEFORE)
            .not_valid_after(NOT_BEFORE + timedelta(days=7300))
            .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
            .add_extension(AUTHORITY_USAGE, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
            )
            .sign(signer, hashes.SHA256())
        )

    def issue(
        self,
        public_key: rsa.RSAPublicKey,
        names: list[str],
        *,
        not_before: datetime = NOT_BEFORE,
        days: int = LONG_DAYS,
        usage: x509.KeyUsage = SERVER_USAGE,
        purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
    ) -> x509.Certificate:
        """Issue a TLS server certificate for a public key; names that are IP addresses become such."""
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        general_names = x509.SubjectAlternativeName([_general_name(name) for name in names])
        return self._issue(public_key, subject, general_names, not_before, days, usage, purpose)

    def answer(
        self,
        request: x509.CertificateSigningRequest,
        *,
        not_before: datetime = NOT_BEFORE,
        days: int = LONG_DAYS,
    ) -> x509.Certificate:
        """Issue what a request asks for: its key, its subject, its names."""
        public_key = request.public_key()
        assert isinstance(public_key, rsa.RSAPublicKey)
        names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return self._issue(public_key, request.subject, names, not_before, days)

    def _issue(
        self,
        public_key: rsa.RSAPublicKey,
        subject: x509.Name,
        names: x509.SubjectAlternativeName,
        not_before: datetime,
        days: int,
        usage: x509.KeyUsage = SERVER_USAGE,
        purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
    ) -> x509.Certificate:
        signer = self._keys()[1]
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.intermediate.subject)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(not_before)
            .not_valid_after(not_before + timedelta(days=days, seconds=-1))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(names, critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
            )
            .sign(signer, hashes.SHA256())
        )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
