"""What pkilint says of a certificate: the rules that its CA has to keep (BR 7.1).

pkilint takes a second to start and brings two hundred modules; it is imported where something is linted.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum


class LintSeverity(StrEnum):
    """How grave a finding is: what a CA must not issue, or should not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One finding: pkilint's own code, and its message, which may be empty."""

    code: str
    severity: LintSeverity
    message: str = ""


SEVERITIES = {
    "FATAL": LintSeverity.ERROR,
    "ERROR": LintSeverity.ERROR,
    "WARNING": LintSeverity.WARNING,
}
"""pkilint's severities; its notices and what is below are no findings."""

UNREADABLE = "unreadable"
"""The code of the one finding about bytes that pkilint cannot take apart."""


def lint_certificate(der: bytes) -> tuple[LintFinding, ...]:
    """Return what is wrong with a server certificate by the Baseline Requirements, the gravest first.

    Its type (DV, OV, IV, EV) is the one that its policy names; one that names none is judged as DV.
    Bytes that cannot be taken apart give one finding, `unreadable`.
    """
    from pkilint import finding_filter, loader  # noqa: PLC0415 - see the module
    from pkilint.cabf import serverauth  # noqa: PLC0415
    from pkilint.pkix import certificate  # noqa: PLC0415

    # What fails inside a linter is a finding too; pkilint would print its traceback besides.
    logging.getLogger("pkilint").setLevel(logging.CRITICAL + 1)
    try:
        document = loader.load_der_certificate(der, "certificate")
        kind = serverauth.determine_certificate_type(document)
    except ValueError:
        return (LintFinding(UNREADABLE, LintSeverity.ERROR, "the certificate cannot be taken apart"),)
    linter = certificate.create_pkix_certificate_validator_container(
        serverauth.create_decoding_validators(), serverauth.create_validators(kind)
    )
    results, _ = finding_filter.filter_results(
        serverauth.create_serverauth_finding_filters(kind), linter.validate(document.root)
    )
    found = {
        LintFinding(each.finding.code, SEVERITIES[each.finding.severity.name], _on_one_line(each.message))
        for result in results
        for each in result.finding_descriptions
        if each.finding.severity.name in SEVERITIES
    }
    return tuple(sorted(found, key=lambda each: (each.severity, each.code, each.message)))


def _on_one_line(message: str | None) -> str:
    return " ".join((message or "").split())
