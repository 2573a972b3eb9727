"""What the given files hold, by content: certificates, requests, private keys."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography import x509

from sitecert.model.document import Place
from sitecert.pki.certificates import read_certificates
from sitecert.pki.errors import PkiError
from sitecert.problems import Problem
from sitecert.problems.codes.certificates import UNREADABLE_INPUT

LARGEST = 1 << 20
"""Bytes of one file that is looked at."""

PRIVATE_KEY = re.compile(
    rb"-----BEGIN (?P<label>(?:[A-Z0-9]+ )*PRIVATE KEY)-----.*?-----END (?P=label)-----\r?\n?", re.DOTALL
)
REQUEST = re.compile(
    rb"-----BEGIN (?P<label>(?:NEW )?CERTIFICATE REQUEST)-----.*?-----END (?P=label)-----\r?\n?", re.DOTALL
)
BLOCK = re.compile(rb"-----BEGIN ")


@dataclass(frozen=True, slots=True)
class Given:
    """One file that a person gave, or a block of it: the path as they wrote it, and the bytes."""

    path: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pieces:
    """Everything found in the given files; `keys` are PEM blocks and must never be shown."""

    certificates: tuple[x509.Certificate, ...]
    requests: tuple[Given, ...]
    keys: tuple[Given, ...]
    problems: tuple[Problem, ...]


def take_apart(files: Sequence[Given], site: str) -> Pieces:
    """Sort the content of the files by kind; a file with none of them is a problem."""
    certificates: list[x509.Certificate] = []
    requests: list[Given] = []
    keys: list[Given] = []
    problems: list[Problem] = []
    for file in files:
        if len(file.content) > LARGEST:
            problems.append(_unreadable(file, "has more than 1 MiB, which is the most allowed", site))
            continue
        found_keys = _blocks(PRIVATE_KEY, file)
        found_requests = _blocks(REQUEST, file)
        rest = REQUEST.sub(b"", PRIVATE_KEY.sub(b"", file.content))
        keys += found_keys
        requests += found_requests
        if BLOCK.search(rest):
            try:
                certificates += read_certificates(rest)
            except PkiError as error:
                problems.append(_unreadable(file, str(error), site))
        elif not found_requests and not found_keys:
            problems.append(_unreadable(file, _why_nothing(file.content), site))
    return Pieces(tuple(certificates), tuple(requests), tuple(keys), tuple(problems))


def _blocks(kind: re.Pattern[bytes], file: Given) -> list[Given]:
    return [Given(file.path, match[0]) for match in kind.finditer(file.content)]


def _why_nothing(content: bytes) -> str:
    if not content.strip():
        return "is empty"
    if content.startswith(b"\x30\x82"):
        return "is binary (DER), not PEM"
    return "holds no PEM certificate"


def _unreadable(file: Given, clause: str, site: str) -> Problem:
    return UNREADABLE_INPUT.at(Place(file.path, 1, 1), clause, site=site)
