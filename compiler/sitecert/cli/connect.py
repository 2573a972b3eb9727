"""Hosts and ports on the command line, and `--connect`: where a place is to be found instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import IPv6Address
from typing import Any

import click

from sitecert.cli.exit_codes import ExitCode
from sitecert.model.verification import Address, Redirection

SIDE = r"(?:\[([0-9A-Fa-f:.]+(?:%[A-Za-z0-9._-]+)?)\]|([A-Za-z0-9*._-]+))(?::([0-9]{1,5}))?"
FORM = re.compile(f"{SIDE}={SIDE}")
HOST_FORM = re.compile(SIDE)
HTTPS_PORT = 443
LAST_PORT = 65535


class RedirectionType(click.ParamType[Redirection]):
    """Reads one redirection; an IPv6 address stands in brackets."""

    name = "redirection"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Redirection:  # noqa: ANN401 - click's own signature
        """Return what is redirected, and where to."""
        try:
            name, place = _sides(FORM, str(value), "NAME[:PORT]=ADDR[:PORT]")
        except ValueError as error:
            self.fail(f"{str(value)!r}: {error}", param, ctx)
        return Redirection(*name, *place)


class AddressType(click.ParamType[Address]):
    """Reads a host and its port, 443 unless given; an IPv6 address stands in brackets."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Address:  # noqa: ANN401 - click's own signature
        """Return where to connect."""
        try:
            ((host, port),) = _sides(HOST_FORM, str(value), "HOST[:PORT]")
        except ValueError as error:
            self.fail(f"{str(value)!r}: {error}", param, ctx)
        return Address(host, HTTPS_PORT if port is None else port)


CONNECT = click.option(
    "--connect",
    "redirections",
    type=RedirectionType(),
    multiple=True,
    metavar="NAME=ADDR:PORT",
    help="Connect elsewhere for NAME (a server, `load-balancer` or the common name); NAME:PORT for one port "
    "of it; may be repeated.",
)


def timeout_option(help_text: str) -> Callable[[Callable[..., ExitCode]], Callable[..., ExitCode]]:
    """Return the option `--timeout`."""
    return click.option(
        "--timeout",
        "seconds",
        type=click.FloatRange(0.1, 600),
        default=10,
        show_default=True,
        metavar="SECONDS",
        help=help_text,
    )


def _sides(form: re.Pattern[str], text: str, shown: str) -> list[tuple[str, int | None]]:
    """Return each host and port of a text that has a form; raises ValueError."""
    match = form.fullmatch(text)
    if match is None:
        raise ValueError(f"is not {shown}, with IPv6 in brackets")
    groups = match.groups()
    return [_side(*groups[first : first + 3]) for first in range(0, len(groups), 3)]


def _side(v6: str | None, host: str | None, port: str | None) -> tuple[str, int | None]:
    """Return a host, IPv6 addresses in their canonical form, and a port; raises ValueError."""
    if port is not None and not 0 < int(port) <= LAST_PORT:
        raise ValueError(f"there is no port {port}")
    return host.lower() if host else str(IPv6Address(v6 or "")), int(port) if port else None
