"""What a CA's lint says of a site's request."""

from __future__ import annotations

from sitecert.model.generation import Request
from sitecert.model.request import SubjectField
from sitecert.model.site import SUBJECT_POINTERS, IssuerKind, Site
from sitecert.pki.lint import LintSeverity
from sitecert.pki.request_lint import About, Part, RequestFinding, lint_request
from sitecert.problems import Problem
from sitecert.problems.codes.generations import LINT_ERROR, LINT_WARNING
from sitecert.problems.wording import key_of

SAID_BEFORE = {
    "cabf.insignificant_attribute_value_present": "SC322",
    "cabf.internal_domain_name": "SC203, SC204",
    "cabf.internal_ip_address": "SC205",
    "cabf.serverauth.ip_reverse_zone_domain_name_present": "SC206",
    "cabf.serverauth.ov.organizational_unit_name_attribute_present": "SC326",
    "cabf.serverauth.ov.unknown_attribute_present": "SC327",
    "pkix.invalid_domain_name_syntax": "SC201",
    "pkix.subject_email_address_not_in_san": "SC327",
}
"""What sitecert's own rules say of the site's file, and a waiver there excuses: it is not said again.

Of `pkix.invalid_domain_name_syntax` they say less, on purpose: internal certificates carry short names.
"""


def check_request(site: Site, request: Request) -> tuple[Problem, ...]:
    """Return what the lint of a site's CA finds in a request, each at the value that it is about.

    The severities are the rules' own. It takes a second in the first call, milliseconds after that.
    """
    findings = lint_request(request, is_public=site.issuer is IssuerKind.PUBLIC)
    return tuple(_problem(site, each) for each in findings if each.finding.code not in SAID_BEFORE)


def _problem(site: Site, found: RequestFinding) -> Problem:
    finding, pointer = found.finding, _pointer(site, found.about)
    said = finding.message or finding.code.rpartition(".")[2].replace("_", " ")
    rule = LINT_ERROR if finding.severity is LintSeverity.ERROR else LINT_WARNING
    message = f"{key_of(pointer)}: {said} (pkilint: {finding.code})"
    return rule.at(site.place(pointer), message, pointer=pointer, site=site.name)


def _pointer(site: Site, about: About) -> str:
    """Return where a site says what a finding is about."""
    if isinstance(about, SubjectField):
        return SUBJECT_POINTERS[about]
    if isinstance(about, Part):
        return "/key" if about is Part.KEY else "/subject"
    written = (each.pointer for each in site.written_names if each.name == about)
    return next(written, "/servers")
