"""The files that are converted, as openssl would have to be told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sitecert.convert.choice import Choice, key_spki
from sitecert.convert.wish import Wish
from sitecert.model.document import Place
from sitecert.pki.certificates import certificate_label
from sitecert.pki.errors import DerError
from sitecert.pki.formats.age import is_age
from sitecert.pki.formats.asn1 import Kind, kind_of
from sitecert.pki.formats.ber import element_of, to_definite
from sitecert.pki.formats.contents import Contents, GivenFile
from sitecert.pki.formats.errors import NotReadError
from sitecert.pki.formats.sniffing import Form, form_of
from sitecert.pki.keys import spki_sha256
from sitecert.problems import Problem
from sitecert.problems.codes.conversion import NO_OPENSSL_COMMANDS

RC4_AND_RC2 = tuple(bytes.fromhex(f"060a2a864886f70d010c01{number}") for number in ("01", "02", "05", "06"))
"""Algorithms of RFC 7292 appendix C as DER, of files that openssl 3 opens with `-legacy` alone."""


class InputForm(StrEnum):
    """What openssl, keytool or age is told a file is."""

    PEM = "PEM"
    P7B_PEM = "PKCS#7 as PEM"
    P7B_DER = "PKCS#7"
    PFX = "PKCS#12"
    KEYSTORE = "a Java keystore"
    AGE = "age"
    CERTIFICATE_DER = "a certificate"
    KEY_DER = "a private key"


IN_DER = {
    Kind.CERTIFICATE: InputForm.CERTIFICATE_DER,
    Kind.PKCS7: InputForm.P7B_DER,
    Kind.PFX: InputForm.PFX,
    Kind.PRIVATE_KEY: InputForm.KEY_DER,
    Kind.ENCRYPTED_PRIVATE_KEY: InputForm.KEY_DER,
}


@dataclass(frozen=True, slots=True)
class Input:
    """One file: its path, its form and what is in it.

    `has_key` says that it holds the key that goes out, `is_locked` that a key in it is under a password.
    """

    path: str
    form: InputForm
    has_certificates: bool
    has_key: bool
    is_locked: bool
    needs_legacy: bool = False


def openssl_inputs(
    files: Sequence[GivenFile], contents: Contents, choice: Choice, wish: Wish
) -> tuple[tuple[Input, ...], tuple[Problem, ...]]:
    """Return the files as openssl sees them, and a problem for each that no command of openssl reads."""
    inputs, problems = [], []
    for file in files:
        found = _input(file, contents, choice)
        clause = _why_not(file, contents, found)
        if not clause and wish.split and (found is None or found.form is not InputForm.PFX or len(files) > 1):
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


def _input(file: GivenFile, contents: Contents, choice: Choice) -> Input | None:
    form = _form(file.content)
    if form is None:
        return None
    keys = [each for each in contents.keys if _is_of(file, each.origin)]
    wanted = None if choice.key is None else spki_sha256(choice.key.public_key())
    return Input(
        file.path,
        form,
        has_certificates=any(_is_of(file, each.origin) for each in contents.certificates),
        has_key=any(key_spki(each) == wanted for each in keys),
        is_locked=any(each.protected for each in keys),
        needs_legacy=any(algorithm in file.content for algorithm in RC4_AND_RC2),
    )


def _is_of(file: GivenFile, origin: str) -> bool:
    return origin == file.path or origin.startswith(f"{file.path}: ")


def _form(content: bytes) -> InputForm | None:
    """Return what a file is, or None where openssl has no word for it."""
    if is_age(content):
        return InputForm.AGE
    try:
        form = form_of(content)
        if form is Form.KEYSTORE:
            return InputForm.KEYSTORE
        if form is Form.ASN1:
            return IN_DER.get(kind_of(element_of(to_definite(content)[0])))
    except (NotReadError, DerError):
        return None
    if b"-----BEGIN PKCS7-----" in content:
        return InputForm.P7B_PEM
    return InputForm.PEM if b"-----BEGIN " in content else None


def _why_not(file: GivenFile, contents: Contents, found: Input | None) -> str:
    if file.path == "standard input":
        return "is standard input; commands name files"
    if found is None:
        return "is read by sitecert, but no command of openssl reads it"
    repair = next((each.clause for each in contents.repairs if _is_of(file, each.origin)), "")
    return f"is read by sitecert, but openssl may not: {repair}" if repair else ""
