"""Strict YAML: bytes to a document in which every value keeps its text and its place."""

from __future__ import annotations

import yaml

from sitecert.load.characters import blank_strange, check_normalised
from sitecert.load.findings import Findings
from sitecert.load.nodes import TooDeepError, read_nodes
from sitecert.load.syntax import add_syntax_problem
from sitecert.model.document import Document, Mapping, Place
from sitecert.problems import Problem
from sitecert.problems.codes.files import NOT_UTF8, TOO_LARGE

LARGEST_YAML = 256 * 1024
"""Bytes: no YAML file is larger."""

BYTE_ORDER_MARK = "\ufeff"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def parse(
    path: str, content: bytes, *, site: str | None = None
) -> tuple[Document | None, tuple[Problem, ...]]:
    """Read one YAML file strictly; nothing but a fault in sitecert raises.

    `path` is for the places, `site` names the site that the problems stop. There is a document, or at
    least one error. A document that comes with errors is whole enough to be looked at further, so that
    all problems show at once: of a key written twice it has the first. Its `text` has LF line ends.
    """
    if len(content) > LARGEST_YAML:
        message = f"the file has {len(content)} bytes; at most {LARGEST_YAML} are allowed"
        return None, (TOO_LARGE.at(Place(path, 1, 1), message, site=site),)
    try:
        text = content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        return None, (_not_utf8(path, error, site),)
    findings = Findings(path, site, text.removeprefix(BYTE_ORDER_MARK).split("\n"))
    if text.startswith(BYTE_ORDER_MARK):
        text = text.removeprefix(BYTE_ORDER_MARK)
        findings.add(
            NOT_UTF8, Place(path, 1, 1), "the file begins with a byte order mark, which does not show"
        )
    root = _read(text, findings)
    return Document(path, text, root) if root else None, findings.sorted()


def _read(text: str, findings: Findings) -> Mapping | None:
    check_normalised(text, findings)
    visible = blank_strange(text, findings)
    try:
        return read_nodes(visible, findings)
    except TooDeepError:
        return None
    except yaml.MarkedYAMLError as error:
        # A blank in the place of a tab or of some odd space can be what is wrong: that is reported already.
        if visible == text:
            add_syntax_problem(error, findings)
        return None


def _not_utf8(path: str, error: UnicodeDecodeError, site: str | None) -> Problem:
    """Return the problem at the first byte that is no UTF-8."""
    if error.object.startswith(UTF16_MARKS):
        return NOT_UTF8.at(Place(path, 1, 1), "the file is UTF-16, not UTF-8", site=site)
    before = error.object[: error.start].decode("utf-8").split("\n")
    place = Place(path, len(before), len(before[-1].removeprefix(BYTE_ORDER_MARK)) + 1)
    return NOT_UTF8.at(place, f"byte 0x{error.object[error.start]:02X} is not UTF-8", site=site)
