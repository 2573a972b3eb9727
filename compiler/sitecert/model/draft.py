"""A site that is about to be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SiteDraft:
    """What is known of a new site; a field that is None or empty is left for the person to fill in.

    `load_balancer` is a vendor, or True where only is known that there is one. `subject`, `key` and
    `change` hold fields by the names that they have in the site's file.
    """

    customer: str
    version: str
    common_name: str
    alt_names: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()
    load_balancer: str | bool | None = None
    install_on: str | None = None
    issuer: str | None = None
    subject: Mapping[str, str] = field(default_factory=dict)
    key: Mapping[str, str] = field(default_factory=dict)
    change: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    service_manager: str | None = None
    ords: bool | None = None
    ords_key: str | None = None
