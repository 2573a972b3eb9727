"""What pkilint says of certificates, as sitecert hands it on."""

from __future__ import annotations

import subprocess
import sys

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from sitecert.pki.lint import LintSeverity, lint_certificate
from support.returned import NAMES, ORGANIZATION, PUBLIC, PUBLIC_EXTENSIONS, Order, mint, name

EXTENDED = x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("2.23.140.1.1"), None)])


def lint(order: Order) -> dict[str, LintSeverity]:
    """Return the findings about a certificate: their codes, and how grave each is."""
    return {each.code: each.severity for each in lint_certificate(mint(order).public_bytes(Encoding.DER))}


def test_what_a_ca_may_issue_has_no_error() -> None:
    """Only what is not recommended is remarked upon: the common name and the two key usages."""
    assert set(lint(PUBLIC).values()) == {LintSeverity.WARNING}


def test_what_a_ca_should_not_have_issued_is_an_error() -> None:
    """An organizational unit, by pkilint's own code."""
    subject = name(C="US", ST="Minnesota", O=ORGANIZATION, OU="Telecom", CN=NAMES[0])
    errors = [code for code, each in lint(PUBLIC.but(subject=subject)).items() if each is LintSeverity.ERROR]
    assert errors == ["cabf.serverauth.ov.organizational_unit_name_attribute_present"]


def test_the_type_is_the_one_that_the_policy_names() -> None:
    """The same certificate as EV lacks what EV demands."""
    found = lint(PUBLIC.but(further=((EXTENDED, False), *PUBLIC_EXTENSIONS[1:])))
    assert "cabf.ev_guidelines.jurisdiction_country_attribute_absent" in found


def test_pkilint_is_imported_where_something_is_linted() -> None:
    """A run that lints nothing does not wait for it."""
    code = "import sys, sitecert.pipeline.intake; print('pkilint' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
