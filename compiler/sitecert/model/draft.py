"""A site that is about to be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SiteDraft:
    """What is known of a new site; a field that is None or empty is left for the person to fill in."""

    customer: str
    version: str
    common_name: str
    alt_names: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()
    load_balancer: str | None = None
    issuer: str | None = None
    subject: Mapping[str, str] = field(default_factory=dict)
