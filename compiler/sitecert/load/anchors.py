"""Trust anchors: certifi's for public issuers, the files of `trust` for internal ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cryptography import x509

from sitecert.load.files import read_regular
from sitecert.model.document import Scalar
from sitecert.pki.anchors import Anchors
from sitecert.pki.certificates import read_certificates
from sitecert.pki.errors import PkiError
from sitecert.pki.issuance import is_authority, is_self_signed
from sitecert.problems import Problem, Rule
from sitecert.problems.codes.issuers import TRUST_MISSING, TRUST_NOT_ROOT

LARGEST_TRUST = 1 << 20
"""Bytes: all of the public roots are a quarter of that."""


def read_public_anchors() -> Anchors:
    """Return the roots that browsers carry, as certifi has them."""
    import certifi  # noqa: PLC0415 - only an intake looks at them

    return Anchors(read_certificates(certifi.contents().encode()))


def read_trust(
    root: Path, files: Sequence[Scalar]
) -> tuple[tuple[x509.Certificate, ...], tuple[Problem, ...]]:
    """Return the certificates of the files that `trust` names, and the problems at their lines."""
    certificates: list[x509.Certificate] = []
    problems: list[Problem] = []
    for index, file in enumerate(files):
        found = _read_file(root, file, f"/trust/{index}")
        if isinstance(found, Problem):
            problems.append(found)
        else:
            certificates += found
    return tuple(certificates), tuple(problems)


def _read_file(root: Path, file: Scalar, pointer: str) -> tuple[x509.Certificate, ...] | Problem:
    content = read_regular(root, file.text, LARGEST_TRUST)
    if isinstance(content, Problem):
        return _problem(TRUST_MISSING, file, pointer, content.message)
    try:
        found = read_certificates(content)
        servers = [each for each in found if not is_authority(each) and not is_self_signed(each)]
    except PkiError as error:
        return _problem(TRUST_NOT_ROOT, file, pointer, str(error))
    if servers:
        return _problem(TRUST_NOT_ROOT, file, pointer, "it holds a certificate that is no CA's")
    return found


def _problem(rule: Rule, file: Scalar, pointer: str, clause: str) -> Problem:
    return rule.at(file.place, f"trust: {file.text}: {clause}", pointer=pointer)
