"""A new site from the certificate that is in use today (kb39324 step 4: match the previous values)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from unicodedata import normalize

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from sitecert.emit.generation import generation_artifacts
from sitecert.emit.templates import Templates
from sitecert.load.data import read_templates
from sitecert.load.output import read_site
from sitecert.model.artifact import Verb
from sitecert.model.certificate import CertificateFacts
from sitecert.model.draft import SiteDraft
from sitecert.model.generation import Generation
from sitecert.pipeline.survey import Survey
from sitecert.pki.certificates import (
    certificate_facts,
    issued_certificate,
    split_leaf,
)
from sitecert.pki.chains import issue_chain
from sitecert.pki.der import DNS_NAME, IP_NAME
from sitecert.pki.errors import CertificateError
from sitecert.pki.extensions import SUBJECT_ALTERNATIVE_NAME, describe_general_name, read_general_names
from sitecert.pki.formats.contents import GivenFile
from sitecert.pki.formats.reading import read_contents
from sitecert.pki.structures import read_certificate_structure
from sitecert.write.compare import compare
from sitecert.write.output import write_site

SUBJECT_KEYS = {
    NameOID.COUNTRY_NAME: "country",
    NameOID.STATE_OR_PROVINCE_NAME: "state",
    NameOID.LOCALITY_NAME: "locality",
    NameOID.ORGANIZATION_NAME: "organization",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "organizational_unit",
    NameOID.EMAIL_ADDRESS: "email",
}
KEY_SECURITY: Mapping[int, dict[str, str]] = {2048: {}, 4096: {"security": "high"}}
REFUSED_BY_PUBLIC_CAS = frozenset({"organizational_unit", "email"})
"""BR 7.1.2.7: a public CA puts neither into a certificate."""


@dataclass(frozen=True, slots=True)
class FromCertificate:
    """What a certificate gives for a new site, and what was left out of it, in clauses.

    The draft's `version` is empty: no certificate tells it.
    """

    draft: SiteDraft
    left_out: tuple[str, ...]
    generation: Generation


def draft_from_certificate(
    files: Sequence[GivenFile], passwords: Sequence[str], issuer: str | None
) -> FromCertificate:
    """Read a certificate in use (with its chain, where that is given) into a site's fields.

    It may come in whatever form (`read_contents`). Raises PkiError where there is not exactly one server
    certificate in it, or no name.
    """
    contents = read_contents(files, passwords)
    if contents.refusals and not contents.certificates:
        raise CertificateError("; ".join(f"{each.origin} {each.clause}" for each in contents.refusals[:3]))
    certificates = [each.certificate for each in contents.certificates]
    taken = draft_from_leaf(split_leaf(certificates), certificates, issuer)
    keys = [f"{each.origin}: a private key, which is not kept" for each in contents.keys]
    return replace(taken, left_out=(*taken.left_out, *keys))


def draft_from_leaf(
    leaf: x509.Certificate, certificates: Sequence[x509.Certificate], issuer: str | None
) -> FromCertificate:
    """Read a server's certificate, and its chain among what came with it, into a site's fields.

    Raises CertificateError where it has no name.
    """
    facts = certificate_facts(leaf)
    common_name, left_out = _common_name(facts)
    subject, also_left_out = _subject(leaf, is_public=issuer in (None, "public"))
    key, no_key = _key(leaf)
    left_out += [*also_left_out, *_other_names(leaf), *no_key]
    if facts.self_signed and issuer is None:
        left_out.append("issuer: the certificate signs itself; a new site is public unless --issuer is given")
    organization = subject.pop("organization", "")
    names = [name.value for name in facts.alternative_names]
    draft = SiteDraft(
        customer=organization,
        version="",
        common_name=common_name,
        alt_names=tuple(dict.fromkeys(name for name in names if name != common_name)),
        issuer=issuer,
        subject=subject,
        key=key,
    )
    chain = issue_chain(leaf, [each for each in certificates if each != leaf]).chain
    generation = Generation(0, certificate=issued_certificate(leaf, chain))
    return FromCertificate(draft, tuple(left_out), generation)


def _common_name(facts: CertificateFacts) -> tuple[str, list[str]]:
    """Return the site's common name: the subject's, unless the certificate does not answer for that."""
    names = [name.value for name in facts.alternative_names]
    written = facts.common_name or ""
    if written.lower() in names or not names:
        if not written:
            raise CertificateError("it has neither a common name nor alternative names")
        return written.lower(), []
    if not written:
        return names[0], []
    return names[0], [f"common name {written!r}: the certificate does not answer for it"]


def file_generation_zero(survey: Survey, name: str, generation: Generation) -> str:
    """File the certificate in use as `generation-0` of a site; return what came of it, in a sentence.

    Nothing that stands under `out/` is touched. Raises OSError.
    """
    site = next((site for site in survey.sites if site.name == name), None)
    if site is None:
        return "the certificate in use is not filed yet: mend the site, then run the same command again"
    stored, _ = read_site(survey.root, name)
    if any(number == 0 or "leaf.crt" in each.files for number, each in stored.generations.items()):
        return "the certificate in use was not filed: the site has one already"
    artifacts = generation_artifacts(Templates(read_templates()), site, generation)
    made = [change for change in compare(artifacts, stored) if change.verb is Verb.MAKE]
    write_site(survey.root, name, artifacts, made)
    issued = generation.certificate
    until = f", valid until {issued.leaf.not_after:%Y-%m-%d}" if issued else ""
    return f"filed the certificate in use as generation-0{until}"


def _subject(leaf: x509.Certificate, *, is_public: bool) -> tuple[dict[str, str], list[str]]:
    """Return the subject by the site's keys, and what a new request should not carry over."""
    subject: dict[str, str] = {}
    left_out: list[str] = []
    for attribute in leaf.subject:
        if attribute.oid == NameOID.COMMON_NAME:
            continue
        key, value = SUBJECT_KEYS.get(attribute.oid), normalize("NFC", _text(attribute.value))
        if key is None:
            left_out.append(
                f"{attribute.rfc4514_attribute_name}={value}: a request does not carry this field"
            )
        elif is_public and key in REFUSED_BY_PUBLIC_CAS:
            left_out.append(f"subject.{key} {value!r}: public CAs refuse it")
        elif key in subject:
            left_out.append(f"subject.{key} {value!r}: the field stands twice; the first is kept")
        elif value.strip():
            subject[key] = value.strip()
    return subject, left_out


def _other_names(leaf: x509.Certificate) -> list[str]:
    """Return a clause for each alternative name of a kind that no server's certificate needs."""
    value = read_certificate_structure(leaf).extension(SUBJECT_ALTERNATIVE_NAME)
    names = read_general_names(value) if value is not None else ()
    return [
        f"alternative name {describe_general_name(each)}: a site has DNS names and IP addresses alone"
        for each in names
        if each.tag not in {DNS_NAME, IP_NAME}
    ]


def _key(leaf: x509.Certificate) -> tuple[dict[str, str], list[str]]:
    """Return the key's security where it is not the usual one, or why it cannot be asked for again."""
    key = leaf.public_key()
    bits = key.key_size if isinstance(key, rsa.RSAPublicKey) else 0
    if bits in KEY_SECURITY:
        return KEY_SECURITY[bits], []
    found = f"an RSA key of {bits} bits" if bits else "no RSA key"
    return {}, [f"{found}: a site's key is RSA of 2048 bits (standard) or 4096 (high)"]


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.hex()
