"""The one profile of a request: a TLS server's certificate (BR 7.1.2.7, RequestContent)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from sitecert.model.names import AlternativeName, NameKind
from sitecert.pki.der import DNS_NAME, IP_NAME, Element
from sitecert.pki.errors import RequestError
from sitecert.pki.extensions import (
    SUBJECT_ALTERNATIVE_NAME,
    describe_general_name,
    describe_value,
    extension_name,
    read_general_names,
)
from sitecert.pki.structures import Extension
from sitecert.pki.visible import quote_visibly

DNS_NAME_FORM = re.compile(rb"[A-Za-z0-9*_.-]+")
SERVER_EXTENSIONS: tuple[tuple[x509.ExtensionType, bool], ...] = (
    (x509.BasicConstraints(ca=False, path_length=None), True),
    (
        x509.KeyUsage(
            digital_signature=True,
            key_encipherment=True,
            content_commitment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=False,
            crl_sign=False,
            encipher_only=False,
            decipher_only=False,
        ),
        True,
    ),
    (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
)
"""What every request asks for beside its names, in order, and whether it is critical."""


def build_extensions(names: Iterable[AlternativeName]) -> tuple[tuple[x509.ExtensionType, bool], ...]:
    """Return the extensions of a request in the order in which they stand; raises RequestError."""
    general_names = [_general_name(name) for name in names]
    if not general_names:
        raise RequestError("the request has no name that the certificate would answer for")
    return (*SERVER_EXTENSIONS, (x509.SubjectAlternativeName(general_names), False))


def read_profile(extensions: tuple[Extension, ...]) -> tuple[AlternativeName, ...]:
    """Return the alternative names of a request whose extensions are the profile and nothing else.

    Raises RequestError with a clause that names the first extension that is not so.
    """
    found: dict[str, Extension] = {}
    for extension in extensions:
        if extension.oid in found:
            raise RequestError(f"it carries {extension_name(extension.oid)} twice")
        found[extension.oid] = extension
    for value, critical in SERVER_EXTENSIONS:
        wanted = Extension(value.oid.dotted_string, critical, value.public_bytes())
        _check_same(wanted, found.pop(wanted.oid, None))
    names = found.pop(SUBJECT_ALTERNATIVE_NAME, None)
    if found:
        others = ", ".join(extension_name(oid) for oid in found)
        raise RequestError(f"it carries {others}, which sitecert does not ask for")
    if names is None or not read_general_names(names.value):
        raise RequestError("it has no subjectAltName")
    if names.critical:
        raise RequestError("subjectAltName is critical, which it is only without a subject")
    return tuple(_alternative_name(each) for each in read_general_names(names.value))


def _check_same(wanted: Extension, found: Extension | None) -> None:
    name = extension_name(wanted.oid)
    if found is None:
        raise RequestError(f"{name} is missing; {_words(wanted)} is asked for")
    if found != wanted:
        raise RequestError(f"{name} is {_words(found)}; {_words(wanted)} is asked for")


def _words(extension: Extension) -> str:
    said = ", ".join(describe_value(extension)) or "empty"
    return f"{said} (critical)" if extension.critical else said


def _general_name(name: AlternativeName) -> x509.GeneralName:
    if name.kind is NameKind.IP:
        return x509.IPAddress(ip_address(name.value))
    if not (name.value.isascii() and DNS_NAME_FORM.fullmatch(name.value.encode())):
        shown = quote_visibly(name.value)
        raise RequestError(f"the DNS name {shown} is not made of letters, digits, hyphens and dots")
    return x509.DNSName(name.value)


def _alternative_name(element: Element) -> AlternativeName:
    if element.tag == DNS_NAME and DNS_NAME_FORM.fullmatch(element.content):
        return AlternativeName(NameKind.DNS, element.content.decode())
    if element.tag == IP_NAME and len(element.content) in {4, 16}:
        return AlternativeName(NameKind.IP, str(ip_address(element.content)))
    raise RequestError(
        f"subjectAltName holds {describe_general_name(element)}, which is no host name or address"
    )
