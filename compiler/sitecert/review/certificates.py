"""What was taken in: for how long, by whom, and by which chain."""

from __future__ import annotations

from collections.abc import Iterator

from sitecert.model.certificate import CertificateFacts, IssuedCertificate
from sitecert.model.review import Mark, Remark, Topic
from sitecert.model.site import IssuerKind
from sitecert.pki.validity import public_limit, validity_days
from sitecert.review.change import SiteChange


def certificate_remarks(change: SiteChange) -> Iterator[Remark]:
    """Describe a certificate that is new in this change, and how it differs from the one before."""
    before, after = change.certificates
    if after is None or (before is not None and before.leaf == after.leaf and before.chain == after.chain):
        return
    leaf = after.leaf
    if before is None or before.leaf != leaf:
        yield Remark(Topic.CERTIFICATE, Mark.ADDED, f"serial {leaf.serial}, {validity(leaf)}")
        yield _schedule(change, leaf)
        if before is not None:
            yield _overlap(before.leaf, leaf)
    yield from _issuer(before, after)


def is_too_long(change: SiteChange) -> bool:
    """Tell whether a new public certificate is valid for longer than clients take (BR 6.3.2)."""
    before, after = change.certificates
    site = change.after.site
    if after is None or after == before or site is None or site.issuer is not IssuerKind.PUBLIC:
        return False
    return validity_days(after.leaf) > public_limit(after.leaf.not_before).days


def validity(leaf: CertificateFacts) -> str:
    """Return how long a certificate is valid, as `valid 2026-01-01 to 2026-07-19, 199 days`."""
    return f"valid {leaf.not_before:%Y-%m-%d} to {leaf.not_after:%Y-%m-%d}, {validity_days(leaf)} days"


def _schedule(change: SiteChange, leaf: CertificateFacts) -> Remark:
    """Say what the schedule of public certificates allows, and that others are not under it."""
    site, issued = change.after.site, leaf.not_before.date()
    most = public_limit(leaf.not_before).days
    if site is not None and site.issuer is not IssuerKind.PUBLIC:
        text = f"issuer: {site.issuer}, so not under the schedule of public certificates ({most} days)"
        return Remark(Topic.CERTIFICATE, Mark.KEPT, text)
    mark = Mark.ALERT if validity_days(leaf) > most else Mark.KEPT
    return Remark(
        Topic.CERTIFICATE, mark, f"public certificates issued on {issued} are valid for at most {most} days"
    )


def _overlap(old: CertificateFacts, new: CertificateFacts) -> Remark:
    text = f"the one before ends on {old.not_after:%Y-%m-%d}"
    if new.not_after <= old.not_after:
        return Remark(Topic.CERTIFICATE, Mark.ALERT, f"{text}, no sooner than the new one")
    return Remark(Topic.CERTIFICATE, Mark.REMOVED, text)


def _issuer(before: IssuedCertificate | None, after: IssuedCertificate) -> Iterator[Remark]:
    if before is None or before.leaf.issuer != after.leaf.issuer:
        old = f" instead of {before.leaf.issuer}" if before else ""
        yield Remark(
            Topic.CHAIN, Mark.CHANGED if before else Mark.ADDED, f"issued by {after.leaf.issuer}{old}"
        )
    past = {each.fingerprint: each for each in before.chain} if before else {}
    present = {each.fingerprint: each for each in after.chain}
    for print_, each in present.items():
        if print_ not in past:
            yield Remark(Topic.CHAIN, Mark.ADDED, f"{each.subject}, until {each.not_after:%Y-%m-%d}")
    for print_, each in past.items():
        if print_ not in present:
            yield Remark(Topic.CHAIN, Mark.REMOVED, each.subject)
