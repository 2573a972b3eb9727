"""What a certificate may be used for, by its extensions (RFC 5280 4.2.1, BR 7.1.2.7)."""

from __future__ import annotations

from collections.abc import Iterator

from cryptography import x509

from sitecert.intake.case import Case
from sitecert.model.verdict import Field
from sitecert.pki.extensions import (
    EXTENDED_KEY_USAGE,
    EXTENSIONS,
    KEY_USAGE,
    NAME_CONSTRAINTS,
    PRECERTIFICATE_POISON,
    TLS_FEATURE,
    describe_value,
    extension_name,
    read_key_usage,
)
from sitecert.pki.issuance import is_authority
from sitecert.pki.structures import Extension
from sitecert.problems.codes import verdict as codes
from sitecert.problems.finding import Finding

SERVER_USAGES = ("digitalSignature", "keyEncipherment")
SERVER, CLIENT, ANY = "serverAuth", "clientAuth", "anyExtendedKeyUsage"
UNDERSTOOD = frozenset({*EXTENSIONS, NAME_CONSTRAINTS, "2.5.29.36", "2.5.29.54"})
"""Extensions that clients know, critical or not; the last two are constraints on policies."""


def check_key_usage(case: Case) -> Iterator[Finding]:
    """Judge keyUsage; a certificate without it may be used for anything."""
    value = case.structure.extension(KEY_USAGE)
    asked = ", ".join(SERVER_USAGES)
    if value is None:
        yield Finding(Field.KEY_USAGE, asked, "no restriction")
        return
    usages = read_key_usage(value)
    came = ", ".join(usages) or "nothing"
    further = [usage for usage in usages if usage not in SERVER_USAGES]
    if "digitalSignature" not in usages:
        message = f"its keyUsage is {came}, without digitalSignature: Chromium and Java refuse it"
        yield case.wrong(codes.NO_DIGITAL_SIGNATURE, Field.KEY_USAGE, asked, came, message)
    elif further:
        message = f"its keyUsage allows {', '.join(further)} as well"
        yield case.wrong(codes.FURTHER_USAGE, Field.KEY_USAGE, asked, came, message)
    else:
        yield Finding(Field.KEY_USAGE, asked, came)


def check_purpose(case: Case) -> Iterator[Finding]:
    """Judge extendedKeyUsage."""
    found = _extension(case, EXTENDED_KEY_USAGE)
    if found is None:
        message = "it does not say what it is for (extendedKeyUsage is absent)"
        yield case.wrong(codes.NO_PURPOSE, Field.PURPOSE, SERVER, "nothing", message)
        return
    purposes = describe_value(found)
    came = ", ".join(purposes) or "nothing"
    if SERVER not in purposes:
        message = f"it is for {came}, not for {SERVER}: every client refuses it"
        yield case.wrong(codes.NOT_FOR_SERVERS, Field.PURPOSE, SERVER, came, message)
    elif {CLIENT, ANY} & set(purposes):
        yield case.wrong(codes.FOR_CLIENTS, Field.PURPOSE, SERVER, came, f"it is for {came}")
    else:
        yield Finding(Field.PURPOSE, SERVER, came)


def check_constraints(case: Case) -> Iterator[Finding]:
    """Judge basicConstraints."""
    asked = "CA:FALSE"
    if is_authority(case.bundle.leaf):
        message = "it is the certificate of a CA (CA:TRUE)"
        yield case.wrong(codes.LEAF_IS_AUTHORITY, Field.CONSTRAINTS, asked, "CA:TRUE", message)
    else:
        yield Finding(Field.CONSTRAINTS, asked, asked)


def check_extensions(case: Case) -> Iterator[Finding]:
    """Judge the version and what other extensions demand of clients and servers."""
    if case.bundle.leaf.version is not x509.Version.v3:
        message = "it is of X.509 version 1, which has no extensions"
        yield case.wrong(codes.OLD_VERSION, Field.EXTENSIONS, "version 3", "version 1", message)
        return
    oids = {each.oid for each in case.structure.extensions}
    if PRECERTIFICATE_POISON in oids:
        message = "it is a precertificate, which every client refuses"
        yield case.wrong(codes.PRECERTIFICATE, Field.EXTENSIONS, "a certificate", "a precertificate", message)
    elif unknown := [
        extension_name(each.oid)
        for each in case.structure.extensions
        if each.critical and each.oid not in UNDERSTOOD
    ]:
        came = ", ".join(unknown)
        message = f"it has a critical extension that clients do not know: {came}"
        yield case.wrong(codes.UNKNOWN_CRITICAL, Field.EXTENSIONS, "", came, message)
    elif TLS_FEATURE in oids:
        message = "it demands OCSP stapling (tlsfeature)"
        yield case.wrong(codes.MUST_STAPLE, Field.EXTENSIONS, "", "tlsfeature", message)
    else:
        yield Finding(Field.EXTENSIONS, "", "nothing that clients do not know")


def _extension(case: Case, oid: str) -> Extension | None:
    return next((each for each in case.structure.extensions if each.oid == oid), None)
