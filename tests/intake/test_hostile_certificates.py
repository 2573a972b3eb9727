"""Whatever is a certificate to cryptography gets a verdict, and never a traceback."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from warnings import catch_warnings

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from intake.questions import customers, public
from sitecert.intake.case import Question
from sitecert.intake.verdict import judge
from sitecert.model.site import IssuerKind
from sitecert.pki.certificates import read_certificate
from sitecert.pki.errors import CertificateError
from sitecert.pki.formats.contents import Contents, FoundCertificate
from sitecert.pki.lint import UNREADABLE, lint_certificate
from sitecert.problems import Severity


def corpus() -> list[x509.Certificate]:
    """Return every certificate of the packages that carry them."""
    found = {}
    for package in ("cryptography_vectors", "asn1crypto_tests"):
        place = find_spec(package)
        assert place is not None
        assert place.origin is not None
        for path in sorted(Path(place.origin).parent.rglob("*")):
            if path.suffix in {".pem", ".crt", ".cer", ".der"}:
                found.update({each.public_bytes(Encoding.DER): each for each in certificates(path)})
    return list(found.values())


def certificates(path: Path) -> list[x509.Certificate]:
    """Return the certificates of one file; none where it holds something else."""
    content = path.read_bytes()
    try:
        with catch_warnings(action="ignore"):
            return x509.load_pem_x509_certificates(content)
    except (ValueError, x509.InvalidVersion):
        try:
            return [read_certificate(content)]
        except CertificateError:
            return []


@pytest.fixture(scope="module")
def collected() -> list[x509.Certificate]:
    """Return the corpus, which is large enough to mean something."""
    found = corpus()
    assert len(found) > 400
    return found


def internal_customers() -> Question:
    """Return the question that looks at every field but what public CAs have to show."""
    question = customers()
    return replace(question, site=replace(question.site, issuer=IssuerKind.INTERNAL))


def test_every_certificate_gets_a_verdict(collected: list[x509.Certificate]) -> None:
    """None is what the site asked for, and each is refused or remarked upon by a problem."""
    question = internal_customers()
    for each in collected:
        verdict = judge(question, Contents((FoundCertificate(each, "a.pem"),)), "a.pem")
        assert any(problem.severity is Severity.ERROR for problem in verdict.problems)
        assert all(finding.came.isprintable() for finding in verdict.findings), verdict.findings


def test_all_of_them_at_once_are_refused(collected: list[x509.Certificate]) -> None:
    """A file of more certificates than any CA sends is looked at no further."""
    contents = Contents(tuple(FoundCertificate(each, "a.pem") for each in collected))
    (problem,) = judge(public(), contents, "a.pem").problems
    assert (problem.code, "certificates; 50 are allowed" in problem.message) == ("SC502", True)


def test_pkilint_is_never_a_traceback(collected: list[x509.Certificate]) -> None:
    """What it cannot take apart is a finding too."""
    sample = collected[:: len(collected) // 25]
    assert all(lint_certificate(each.public_bytes(Encoding.DER)) for each in sample)
    (finding,) = lint_certificate(b"\x30\x03\x02\x01\x01")
    assert finding.code == UNREADABLE
