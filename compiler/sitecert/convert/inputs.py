"""The files that are converted, as openssl would have to be told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sitecert.convert.choice import Choice
from sitecert.convert.wish import Wish
from sitecert.model.document import Place
from sitecert.pki.certificates import certificate_label
from sitecert.pki.formats.age import is_age
from sitecert.pki.formats.contents import Contents, GivenFile
from sitecert.problems import Problem
from sitecert.problems.codes.conversion import NO_OPENSSL_COMMANDS

HEADER = 32
"""Bytes within which DER shows what it is."""

SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
PFX_VERSION = bytes.fromhex("020103")
RC2_40 = bytes.fromhex("060a2a864886f70d010c0106")
"""pbeWithSHA1And40BitRC2-CBC (RFC 7292 appendix C), which openssl 3 opens with `-legacy` alone."""


class Form(StrEnum):
    """What openssl, keytool or age is told a file is."""

    PEM = "PEM"
    P7B_PEM = "PKCS#7 as PEM"
    P7B_DER = "PKCS#7"
    PFX = "PKCS#12"
    KEYSTORE = "a Java keystore"
    AGE = "age"
    CERTIFICATE_DER = "a certificate"
    KEY_DER = "a private key"


@dataclass(frozen=True, slots=True)
class Input:
    """One file: its path, its form and what is in it; `is_locked` says that its key is under a password."""

    path: str
    form: Form
    has_certificates: bool
    has_key: bool
    is_locked: bool
    needs_legacy: bool = False


def openssl_inputs(
    files: Sequence[GivenFile], contents: Contents, wish: Wish
) -> tuple[tuple[Input, ...], tuple[Problem, ...]]:
    """Return the files as openssl sees them, and a problem for each that no command of openssl reads."""
    inputs, problems = [], []
    for file in files:
        found = _input(file, contents)
        clause = _why_not(file, contents, found)
        if not clause and wish.split and (found is None or found.form is not Form.PFX or len(files) > 1):
            clause = "openssl parts one PFX, and nothing else, into files"
        if found is None or clause:
            problems.append(NO_OPENSSL_COMMANDS.at(Place(file.path, 1, 1), clause))
        else:
            inputs.append(found)
    return tuple(inputs), tuple(problems)


def order_to_tell(contents: Contents, choice: Choice, wish: Wish) -> tuple[str, ...]:
    """Return the chosen certificates in words where openssl would keep others, or another order."""
    found = [each.certificate for each in contents.certificates]
    kept = found[:1] if wish.leaf_only else found
    return () if kept == list(choice.certificates) else tuple(map(certificate_label, choice.certificates))


def _input(file: GivenFile, contents: Contents) -> Input | None:
    certificates = [each for each in contents.certificates if _is_of(file, each.origin)]
    keys = [each for each in contents.keys if _is_of(file, each.origin)]
    form = _form(file.content, is_certificate=bool(certificates))
    if form is None:
        return None
    locked = any(each.protected for each in keys)
    return Input(file.path, form, bool(certificates), bool(keys), locked, RC2_40 in file.content)


def _is_of(file: GivenFile, origin: str) -> bool:
    return origin == file.path or origin.startswith(f"{file.path}: ")


def _form(content: bytes, *, is_certificate: bool) -> Form | None:
    header = content[:HEADER]
    is_der = header.startswith(b"\x30")
    signs = (
        (is_age(content), Form.AGE),
        (b"-----BEGIN PKCS7-----" in content, Form.P7B_PEM),
        (b"-----BEGIN " in content, Form.PEM),
        (header.startswith((b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce")), Form.KEYSTORE),
        (is_der and SIGNED_DATA in header, Form.P7B_DER),
        (is_der and PFX_VERSION in header[:9], Form.PFX),
        (is_der and is_certificate, Form.CERTIFICATE_DER),
        (is_der, Form.KEY_DER),
    )
    return next((form for is_so, form in signs if is_so), None)


def _why_not(file: GivenFile, contents: Contents, found: Input | None) -> str:
    if file.path == "standard input":
        return "is standard input; commands name files"
    if found is None:
        return "is read by sitecert, but no command of openssl reads it"
    repair = next((each.clause for each in contents.repairs if _is_of(file, each.origin)), "")
    return f"is read by sitecert, but openssl may not: {repair}" if repair else ""
