"""`--connect NAME[:PORT]=ADDR[:PORT]`: where a place is to be found instead."""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from typing import Any

import click

from sitecert.model.verification import Redirection

SIDE = r"(?:\[([0-9A-Fa-f:.]+(?:%[A-Za-z0-9._-]+)?)\]|([A-Za-z0-9*._-]+))(?::([0-9]{1,5}))?"
FORM = re.compile(f"{SIDE}={SIDE}")
LAST_PORT = 65535


class RedirectionType(click.ParamType[Redirection]):
    """Reads one redirection; an IPv6 address stands in brackets."""

    name = "redirection"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Redirection:  # noqa: ANN401 - click's own signature
        """Return what is redirected, and where to."""
        match = FORM.fullmatch(str(value))
        if match is None:
            self.fail(f"{str(value)!r} is not NAME[:PORT]=ADDR[:PORT], with IPv6 in brackets", param, ctx)
        try:
            return Redirection(*_side(*match.groups()[:3]), *_side(*match.groups()[3:]))
        except ValueError as error:
            self.fail(f"{str(value)!r}: {error}", param, ctx)


CONNECT = click.option(
    "--connect",
    "redirections",
    type=RedirectionType(),
    multiple=True,
    metavar="NAME=ADDR:PORT",
    help="Connect elsewhere for NAME (a server, `load-balancer` or the common name); NAME:PORT for one port "
    "of it; may be repeated.",
)


def _side(v6: str | None, host: str | None, port: str | None) -> tuple[str, int | None]:
    """Return a host, IPv6 addresses in their canonical form, and a port; raises ValueError."""
    if port is not None and not 0 < int(port) <= LAST_PORT:
        raise ValueError(f"there is no port {port}")
    return host.lower() if host else str(IPv6Address(v6 or "")), int(port) if port else None
