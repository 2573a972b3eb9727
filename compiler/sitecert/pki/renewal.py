"""When a certificate's replacement is begun: early enough for validation and for change control."""

from __future__ import annotations

from datetime import date, timedelta

from sitecert.model.certificate import CertificateFacts

LONGEST_LEAD = timedelta(days=30)
"""A new validation of names and organisation, a change window, and a second attempt (BR 4.2.1)."""

LARGEST_SHARE = 3
"""Of a lifetime no more than a third: certificates of 47 days (BR 6.3.2) are replaced 15 days before."""


def renewal_start(leaf: CertificateFacts) -> date:
    """Return the day (UTC) from which a certificate's replacement is due."""
    lifetime = leaf.not_after - leaf.not_before
    return (leaf.not_after - min(LONGEST_LEAD, lifetime / LARGEST_SHARE)).date()
