"""Certificate requests: making them, and reading them strictly (RFC 2986)."""

from __future__ import annotations

from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from sitecert.model.generation import Request
from sitecert.model.request import RequestContent
from sitecert.pki.algorithms import SHA256_WITH_RSA, algorithm_name, describe_public_key
from sitecert.pki.differences import Difference, request_differences
from sitecert.pki.errors import DerError, PemError, RequestError
from sitecert.pki.keys import spki_sha256
from sitecert.pki.pem import pem_blocks, write_pem
from sitecert.pki.profile import build_extensions, read_profile
from sitecert.pki.structures import EXTENSION_REQUEST, RequestStructure, read_request_structure
from sitecert.pki.subjects import build_subject, read_subject

__all__ = [
    "Difference",
    "attribute_name",
    "build_request",
    "read_request",
    "request_der",
    "request_differences",
]

LABELS = ("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST")
CHALLENGE_PASSWORD = "1.2.840.113549.1.9.7"  # noqa: S105 - an OID
ATTRIBUTE_NAMES = {
    CHALLENGE_PASSWORD: "challengePassword",
    EXTENSION_REQUEST: "extensionRequest",
    "1.2.840.113549.1.9.2": "unstructuredName",
    "1.2.840.113549.1.9.8": "unstructuredAddress",
    "1.3.6.1.4.1.311.13.2.3": "Microsoft osVersion",
    "1.3.6.1.4.1.311.13.2.2": "Microsoft enrollmentCSP",
    "1.3.6.1.4.1.311.21.20": "Microsoft clientInformation",
    "1.3.6.1.4.1.311.2.1.14": "Microsoft extensionRequest",
}


def attribute_name(oid: str) -> str:
    """Return the name of a request's attribute, or its OID."""
    return ATTRIBUTE_NAMES.get(oid, oid)


def build_request(key: rsa.RSAPrivateKey, content: RequestContent) -> bytes:
    """Return a PEM PKCS#10 request for `content`, signed by `key` with SHA-256.

    The bytes depend on nothing but the arguments. String types, extensions and their order are those of
    `openssl req` with our `openssl.cnf`. Raises RequestError where the content can not be written, or
    is for a key of another size.
    """
    if key.key_size != content.key_bits:
        raise RequestError(f"the key has {key.key_size} bits; {content.key_bits} are asked for")
    builder = x509.CertificateSigningRequestBuilder().subject_name(build_subject(content.subject))
    for extension, critical in build_extensions(content.alternative_names):
        builder = builder.add_extension(extension, critical)
    return write_pem(LABELS[0], builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER))


@lru_cache(maxsize=256)
def read_request(pem: bytes) -> Request:
    """Read a request that is exactly what `build_request` or our `openssl.cnf` makes, for whatever names.

    What was read lately is not read again: a review meets the same request in two states of a site.
    `Request.pem` is canonical PEM. Raises RequestError with a clause that says what is off: the PEM,
    the signature, the key, an attribute, the subject or an extension.
    """
    try:
        return _read_request(request_der(pem))
    except RequestError:
        raise
    except (DerError, ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise RequestError("it is no certificate request that can be read") from error


def request_der(pem: bytes) -> bytes:
    """Return the DER of the one request in a PEM text; raises RequestError."""
    try:
        blocks = pem_blocks(pem)
    except PemError as error:
        raise RequestError(str(error)) from error
    if any(block.is_private_key for block in blocks):
        raise RequestError("a private key stands beside the request: treat that key as disclosed")
    if len(blocks) != 1:
        raise RequestError("there is no PEM block" if not blocks else "there is more than one PEM block")
    if blocks[0].label not in LABELS:
        raise RequestError(f"it is a {blocks[0].label}; a {LABELS[0]} is expected")
    if blocks[0].der is None:
        raise RequestError("the PEM block is damaged: it is not base64")
    return blocks[0].der


def _read_request(der: bytes) -> Request:
    request, structure = x509.load_der_x509_csr(der), read_request_structure(der)
    key = request.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise RequestError(f"the key is {describe_public_key(key)}; an RSA key is asked for")
    _check_signature(request, structure)
    _check_attributes(structure)
    subject = read_subject(structure.subject)
    names = read_profile(structure.extensions)
    content = RequestContent(subject, names, key.key_size)
    return Request(pem=write_pem(LABELS[0], der), content=content, spki_sha256=spki_sha256(key))


def _check_signature(request: x509.CertificateSigningRequest, structure: RequestStructure) -> None:
    if structure.signature_algorithm != SHA256_WITH_RSA:
        name = algorithm_name(structure.signature_algorithm)
        raise RequestError(f"it is signed with {name}; {algorithm_name(SHA256_WITH_RSA)} is asked for")
    if not request.is_signature_valid:
        raise RequestError("its signature does not verify: it was changed after it was made")


def _check_attributes(structure: RequestStructure) -> None:
    oids = [attribute.oid for attribute in structure.attributes]
    for oid in oids:
        if oid != EXTENSION_REQUEST:
            raise RequestError(
                f"it carries the attribute {attribute_name(oid)}, which sitecert does not ask for"
            )
    if len(oids) > 1 or any(len(attribute.values) != 1 for attribute in structure.attributes):
        raise RequestError("it carries more than one extensionRequest")
