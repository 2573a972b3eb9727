"""What `sitecert.yaml` says for the whole repository."""

from __future__ import annotations

from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, field

from sitecert.model.document import Mapping, Scalar


@dataclass(frozen=True, slots=True)
class Policy:
    """How strict the rules are in one repository: a value, so that any site can be judged by any policy.

    `severities` maps a code to `error`, `warning` or `note`. Without a policy nothing is asked for
    beyond the rules themselves.
    """

    severities: MappingABC[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Configuration:
    """The repository's configuration, resolved.

    `requires` is a version specifier (PEP 440) or None; `recipients` are age or SSH public keys, in the
    order in which they stand; `defaults` is the mapping that every site starts from, where there is
    one; `trust` names files of anchors, relative to the root.
    """

    source: str
    requires: Scalar | None
    recipients: tuple[Scalar, ...]
    defaults: Mapping | None
    trust: tuple[Scalar, ...]
    policy: Policy = field(default_factory=Policy)
